import type {SyntaxNode} from '@lezer/common';
import {readString} from '../python/literal.ts';
import {type Code, childrenOf, parsePython, textOf, unwrap} from '../python/parse.ts';
import {type Binding, constantOf, type Scope, scopeOf} from '../python/scope.ts';
import {lineAt} from '../python/source.ts';

/** A model class as far as its text leaves no doubt. */
export interface ModelClass {
	readonly name: string;
	readonly line: number;
	/** It inherits from nothing but `models.Model`, so that it is a model and no mixin of one. */
	readonly isPlain: boolean;
	/** Fields of Django's own classes that are assigned in its body, each once and without a condition. */
	readonly fields: readonly {readonly name: string; readonly line: number}[];
}

const MODEL = /^django\.db\.models\.(?:base\.)?Model$/;
/** django.db.models and its postgres brothers: each is one field of the state, under the name it is assigned to. */
const FIELD =
	/^django\.db\.models\.(?:fields\.(?:related\.|json\.|files\.)?)?(?:(?:(?:Small|Big)?(?:Auto|Integer)|Positive(?:Small|Big)?Integer|Binary|Boolean|NullBoolean|Char|Date|DateTime|Decimal|Duration|Email|File|FilePath|Float|GenericIPAddress|Image|JSON|OneToOne|ManyToMany|Slug|Text|Time|URL|UUID)Field|ForeignKey)$/;

/**
 * Read the model classes of a module of models: those at its top level that nothing takes back, with a literal `Meta` that is neither
 * abstract nor of another app. Everything else is left out, as only the run of the module would tell. Never throws.
 */
export function readModels(text: string, app: string): readonly ModelClass[] {
	if (!/\bclass\b/.test(text) || !/\bmodels\b/.test(text)) return [];
	const code = parsePython(text);
	const module = scopeOf(code, code.tree.topNode);
	return [...module].flatMap(([name, bindings]) => {
		const [only] = bindings;
		if (bindings.length !== 1 || only?.kind !== 'class' || only.conditional) return [];
		const model = readClass(code, module, name, only.statement, app);
		return model ? [model] : [];
	});
}

function readClass(code: Code, module: Scope, name: string, node: SyntaxNode, app: string): ModelClass | null {
	const [body, bases] = [node.getChild('Body'), basesOf(code, module, node)];
	// A decorator may hand back anything.
	if (!body || bases === null || bases.length === 0 || node.parent?.name === 'DecoratedStatement') return null;
	const scope = scopeOf(code, body);
	if (!isOrdinary(code, scope.get('Meta'), app)) return null;
	const lineOf = (from: number) => lineAt(code.text, from + code.base);
	const fields = [...scope].flatMap(([field, bindings]) =>
		isField(code, module, bindings) ? [{name: field, line: lineOf(bindings[0]!.statement.from)}] : [],
	);
	return {name, line: lineOf(node.from), isPlain: bases.every(base => MODEL.test(base)), fields};
}

/** The base classes with the imports filled in; null: there is a metaclass, or one that is computed. */
function basesOf(code: Code, module: Scope, node: SyntaxNode): string[] | null {
	const list = node.getChild('ArgList');
	const parts = list ? childrenOf(list).filter(({name}) => !/^[(),]$/.test(name)) : [];
	const paths = parts.map(part => (/^(?:VariableName|MemberExpression)$/.test(part.name) ? pathOf(code, module, part) : null));
	return parts.some(({name}) => name === 'AssignOp' || name.startsWith('*')) || paths.includes(null) ? null : (paths as string[]);
}

/** `models.Model` → `django.db.models.Model`, where `models` was imported once and is nothing else; null when that is not so. */
function pathOf(code: Code, module: Scope, node: SyntaxNode): string | null {
	const text = textOf(code, node).replace(/\s/g, '');
	const [, root, rest] = /^(\w+)((?:\.\w+)*)$/.exec(text) ?? [];
	if (root === undefined) return null;
	const bindings = module.get(root) ?? [];
	const [only] = bindings;
	if (bindings.length !== 1 || !only || only.conditional) return null;
	return only.kind === 'import' ? `${only.path}${rest}` : only.kind === 'class' ? text : null;
}

/** No `Meta`, or one that says nothing of being abstract, a proxy, or another app's. */
function isOrdinary(code: Code, bindings: readonly Binding[] | undefined, app: string): boolean {
	if (!bindings) return true;
	const [only] = bindings;
	if (bindings.length !== 1 || only?.kind !== 'class' || only.conditional) return false;
	const bases = only.statement.getChild('ArgList');
	if (bases && !/^\(\s*(?:object)?\s*\)$/.test(textOf(code, bases))) return false;
	const body = only.statement.getChild('Body');
	if (!body) return false;
	const meta = scopeOf(code, body);
	const isFalse = (option: string) => {
		const value = meta.has(option) ? constantOf([meta], option) : null;
		return !meta.has(option) || (value !== null && textOf(code, value) === 'False');
	};
	const label = meta.has('app_label') ? constantOf([meta], 'app_label') : null;
	const isHere = !meta.has('app_label') || (label !== null && readString(code, label)?.value === app);
	return isFalse('abstract') && isFalse('proxy') && isHere && !meta.has('apps');
}

function isField(code: Code, module: Scope, bindings: readonly Binding[]): boolean {
	const [only] = bindings;
	if (bindings.length !== 1 || only?.kind !== 'value' || only.conditional || only.added || only.value.length !== 1) return false;
	const call = unwrap(only.value[0] as SyntaxNode);
	const callee = call.name === 'CallExpression' ? call.firstChild : null;
	return callee !== null && FIELD.test(pathOf(code, module, callee) ?? '');
}
