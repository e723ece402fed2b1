import type {SyntaxNode} from '@lezer/common';
import {findMigrationClass} from '../migrations/migration-class.ts';
import {childrenOf, parsePython, textOf, unwrap} from '../python/parse.ts';
import {type Binding, constantOf, lookup, type Scope} from '../python/scope.ts';
import {lineAt} from '../python/source.ts';
import type {Operation} from './operation.ts';
import {opaqueIn, readOperation, type Site} from './read-operation.ts';
import {type Module, readValue} from './value.ts';

/**
 * Read the operations of a migration module; the whole file is parsed. What is computed (a call, a comprehension, a branch) becomes one
 * opaque operation on the whole app. Never throws; a module without a migration has none.
 */
export function readOperations(text: string, app: string): readonly Operation[] {
	if (!/\boperations\b/.test(text)) return [];
	const code = parsePython(text);
	const found = findMigrationClass(code);
	if (typeof found !== 'object') return [];
	if ('imported' in found) return [opaqueIn(app, 1, `the migration is imported from ${found.imported}`)];
	const scope = found.scopes.find(each => each.has('operations'));
	const module: Module = {code, scopes: [...(scope ? [scope] : []), found.module]};
	const site: Site = {module, app, lineOf: from => lineAt(text, from)};
	if (!scope)
		return found.unknownBase ? [opaqueIn(app, lineAt(text, found.node.from), `inherited from ${found.unknownBase}`)] : [];
	return fromBindings(site, scope.get('operations')!, new Set(['operations']));
}

function fromBindings(site: Site, bindings: readonly Binding[], followed: Set<string>): Operation[] {
	return bindings.flatMap(binding => {
		const line = site.lineOf(binding.statement.from);
		if (binding.kind !== 'value' || binding.conditional) return [opaqueIn(site.app, line, 'the list is made under a condition')];
		return binding.value.filter(({name}) => name !== ',').flatMap(node => fromList(site, node, followed));
	});
}

function fromList(site: Site, wrapped: SyntaxNode, followed: Set<string>): Operation[] {
	const {code, scopes} = site.module;
	const node = unwrap(wrapped);
	if (/^(?:Array|Tuple)Expression$/.test(node.name)) {
		const parts = childrenOf(node).slice(1, -1);
		return parts.flatMap((part, index) => {
			if (part.name === ',' || part.name === '*') return [];
			return parts[index - 1]?.name === '*' ? fromList(site, part, followed) : [element(site, part)];
		});
	}
	if (node.name === 'BinaryExpression') {
		const [left, operator, right] = childrenOf(node);
		if (left && right && operator && textOf(code, operator) === '+') {
			return [left, right].flatMap(part => fromList(site, part, followed));
		}
	}
	if (node.name === 'VariableName') {
		const name = textOf(code, node);
		const bindings = followed.has(name) ? undefined : lookup(scopes, name);
		if (bindings) return fromBindings(site, bindings, new Set([...followed, name]));
	}
	return [opaqueIn(site.app, site.lineOf(node.from), 'the list is computed')];
}

function element(site: Site, node: SyntaxNode): Operation {
	return readOperation(site, readValue(site.module, resolved(site.module.scopes, site.module, node)));
}

/** An operation that stands under a name. */
function resolved(scopes: readonly Scope[], {code}: Module, node: SyntaxNode): SyntaxNode {
	const inner = unwrap(node);
	return (inner.name === 'VariableName' && constantOf(scopes, textOf(code, inner))) || inner;
}
