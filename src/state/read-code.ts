import type {SyntaxNode} from '@lezer/common';
import {childrenOf, textOf} from '../python/parse.ts';
import {lookup} from '../python/scope.ts';
import type {Mentions} from './operation.ts';
import type {Site} from './read-operation.ts';
import type {Value} from './value.ts';

const GET_MODEL =
	/\bget_model\(\s*(?:app_label\s*=\s*)?[bu]?(['"])(\w+)(?:\.(\w+)\1|\1\s*,\s*(?:model_name\s*=\s*)?[bu]?(['"])(\w+)\4)/g;
/** The calls that take names of fields: as keywords, or as strings. */
const QUERY =
	/\.(filter|exclude|get|create|update|get_or_create|update_or_create|values|values_list|order_by|only|defer|annotate)\(([^()]*)\)/g;
const TAKES_NAMES = /^(?:values|values_list|order_by|only|defer)$/;

/**
 * What a function of the same module names, with the functions it calls. A function from elsewhere is unknown. Nothing is run:
 * words that look like names are taken for names.
 */
export function readPython({module, app}: Site, value: Value | undefined): Mentions {
	const name = /^\w+$/.exec(value?.text ?? '')?.[0];
	if (value && /(?:^|\.)RunPython\.noop$|^lambda\b.*:None$/.test(value.text)) return mentions('python', {});
	const body = name ? functionText(module, name, new Set()) : null;
	if (!body) return mentions('python', {unknown: `${value?.text ?? 'its code'} is not in this file`});
	const models = [...body.matchAll(GET_MODEL)].map(([, , label, dotted, , model]) => `${label}.${dotted ?? model}`.toLowerCase());
	const fields = [...body.matchAll(QUERY)].flatMap(([, method, list]) =>
		[...list!.matchAll(TAKES_NAMES.test(method!) ? /['"]-?(\w+)['"]/g : /\b(\w+)\s*=(?!=)/g)].map(([, key]) => key!),
	);
	const computed = [...body.matchAll(/\bget_model\(/g)].length > models.length;
	return mentions('python', {
		models,
		words: body.match(/\w+/g) ?? [],
		fields: fields.map(field => field.split('__')[0]!),
		creates:
			/\.(?:create|bulk_create|get_or_create|update_or_create|save)\(/.test(body) && /\.\w*create\(|\b[A-Z]\w*\(/.test(body),
		unknown: computed ? `a model of ${app} is asked for by a computed name` : null,
	});
}

/** The text of a function and of the functions of the module that it names. */
function functionText(module: Site['module'], name: string, seen: Set<string>): string | null {
	const {code, scopes} = module;
	const statement = lookup(scopes, name)?.at(-1)?.statement;
	if (!statement || seen.has(name)) return null;
	seen.add(name);
	const definition = statement.name === 'FunctionDefinition' ? statement : null;
	if (!definition) return null;
	const text = bodyText(definition, node => textOf(code, node));
	const called = [...new Set(text.match(/\b[A-Za-z_]\w*(?=\()/g) ?? [])].flatMap(word => functionText(module, word, seen) ?? []);
	return [text, ...called].join('\n');
}

/** Without docstring and comments: what is said there is not done. */
function bodyText(definition: SyntaxNode, text: (node: SyntaxNode) => string): string {
	const body = definition.getChild('Body');
	const statements = body ? childrenOf(body).filter(child => child.name !== ':') : [];
	return statements
		.filter(({firstChild, name}) => name !== 'ExpressionStatement' || !/String$/.test(firstChild?.name ?? ''))
		.map(node => text(node).replace(/(?<=^|\s)#[^\n]*/g, ''))
		.join('\n');
}

const WRITTEN = /\b(?:set|drop\s+column(?:\s+if\s+exists)?|alter\s+column|rename\s+column)\s+["`]?(\w+)/g;
const ADDED =
	/\b(?:add\s+(?:column\s+)?(?:if\s+not\s+exists\s+)?(?!constraint\b)|create\s+(?:unique\s+)?(?:index|table|view)\s+(?:concurrently\s+)?)["`]?(\w+)/g;

/** The names in SQL. */
export function readSql(value: Value | undefined): Mentions {
	const sql = sqlIn(value);
	if (sql === null) return mentions('sql', {unknown: 'its SQL is computed'});
	const text = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').toLowerCase();
	const guarded = /\bif\s+(?:not\s+)?exists\b/.test(text);
	return mentions('sql', {
		words: text.replace(/'[^']*'/g, ' ').match(/\w+/g) ?? [],
		fields: guarded ? [] : [...text.matchAll(WRITTEN)].map(([, word]) => word!),
		adds: guarded ? [] : [...text.matchAll(ADDED)].map(([, word]) => word!),
		creates: /\binsert\b/.test(text),
	});
}

/** A string, or a list of strings and of pairs of a string and parameters (RunSQL._run_sql). */
function sqlIn(value: Value | undefined): string | null {
	if (value?.kind === 'string') return value.value;
	if (/(?:^|\.)noop$/.test(value?.text ?? '')) return '';
	if (value?.kind !== 'list') return null;
	const parts = value.items.map(item => sqlIn(item.kind === 'list' ? item.items[0] : item));
	return parts.every(part => part !== null) ? parts.join(';\n') : null;
}

interface Words {
	readonly models?: readonly string[];
	readonly words?: readonly string[];
	readonly fields?: readonly string[];
	readonly adds?: readonly string[];
	readonly creates?: boolean;
	readonly unknown?: string | null;
}

function mentions(
	language: Mentions['language'],
	{models = [], words = [], fields = [], adds = [], creates = false, unknown = null}: Words,
): Mentions {
	const lower = (list: readonly string[]) => new Set(list.map(word => word.toLowerCase()));
	return {language, models: lower(models), words: lower(words), fields: lower(fields), adds: lower(adds), creates, unknown};
}
