import type {SyntaxNode} from '@lezer/common';
import {type Code, childrenOf, textOf, unwrap} from '../python/parse.ts';
import {type Binding, type Scope, scopeOf} from '../python/scope.ts';

/** The class Migration of a module, with the classes of the same module that it inherits from. */
export interface MigrationClass {
	readonly node: SyntaxNode;
	/** The body of the class, then those of its bases, in the order in which Python looks an attribute up. */
	readonly scopes: readonly Scope[];
	readonly module: Scope;
	/** A base from elsewhere that may bring attributes along, or null. */
	readonly unknownBase: string | null;
}

/** `migrations.Migration` alone: the header was read without the module's imports. */
const DJANGO = /^(?:django\.db\.)?migrations\.(?:migration\.)?Migration$/;
const FOREIGN = /^(?:object|django\..*(?<!Migration))$/;

/**
 * Find the class that Django would take: what the name `Migration` stands for when the module has run
 * (loader.py:load_disk asks for the attribute). 'none': there is no such name; 'foreign': it is no Django migration.
 */
export function findMigrationClass(code: Code): MigrationClass | 'none' | 'foreign' | {readonly imported: string} {
	const module = scopeOf(code, code.tree.topNode);
	const found = resolve(code, module, 'Migration');
	if (found === null) {
		return 'none';
	}
	if (typeof found === 'string') {
		return {imported: found};
	}
	const scopes: Scope[] = [];
	let unknownBase: string | null = null;
	let isMigration = false;
	const seen = new Set<number>();
	const waiting = [found];
	for (let next = waiting.shift(); next; next = waiting.shift()) {
		if (seen.has(next.from)) {
			continue;
		}
		seen.add(next.from);
		const body = next.getChild('Body');
		scopes.push(body ? scopeOf(code, body) : new Map());
		for (const base of basesOf(next)) {
			const path = pathOf(code, module, base);
			if (typeof path !== 'string') {
				waiting.push(path);
			} else if (DJANGO.test(path)) {
				isMigration = true;
			} else if (FOREIGN.test(path)) {
			} else {
				unknownBase ??= path;
				isMigration = true;
			}
		}
	}
	return isMigration ? {node: found, scopes, module, unknownBase} : 'foreign';
}

/** What a module-level name stands for in the end: a class of this module, or the dotted path of something else. */
function resolve(code: Code, module: Scope, name: string): SyntaxNode | string | null {
	const seen = new Set<string>();
	let current = name;
	while (!seen.has(current)) {
		seen.add(current);
		const last = module.get(current)?.filter(isDefinition).at(-1);
		if (!last) {
			return current === name ? null : current;
		}
		if (last.kind === 'class') {
			return last.statement;
		}
		if (last.kind === 'import') {
			return last.path;
		}
		const value = last.kind === 'value' && last.value.length === 1 ? unwrap(last.value[0] as SyntaxNode) : null;
		if (value?.name !== 'VariableName') {
			return value ? textOf(code, value) : current;
		}
		current = textOf(code, value);
	}
	return current;
}

function isDefinition(binding: Binding): boolean {
	return binding.kind !== 'other' && !(binding.kind === 'value' && binding.added);
}

function basesOf(node: SyntaxNode): SyntaxNode[] {
	const list = node.getChild('ArgList');
	if (!list) {
		return [];
	}
	const parts = childrenOf(list);
	return parts
		.filter(
			(part, index) =>
				!/^[(),*]$|^\*\*$|^AssignOp$/.test(part.name) &&
				parts[index + 1]?.name !== 'AssignOp' &&
				parts[index - 1]?.name !== 'AssignOp',
		)
		.map(unwrap);
}

/** A base as a class of this module, or as a dotted path with the imports filled in: `migrations.Migration` → `django.db.migrations.Migration`. */
function pathOf(code: Code, module: Scope, base: SyntaxNode): SyntaxNode | string {
	const text = textOf(code, base);
	const [, root, rest] = /^(\w+)((?:\s*\.\s*\w+)*)$/.exec(text) ?? [];
	if (!root) {
		return text;
	}
	const meaning = resolve(code, module, root);
	if (rest === '') {
		return meaning ?? root;
	}
	return (typeof meaning === 'string' ? meaning : root) + (rest ?? '').replace(/\s/g, '');
}
