import type {SyntaxNode} from '@lezer/common';
import {textOf} from '../python/parse.ts';
import {lasting, lookup} from '../python/scope.ts';
import type {ModelKey} from './field.ts';
import {mentions, pathOf} from './mentions.ts';
import type {Mentions} from './operation.ts';
import {expressionAt, reachedFrom} from './reached-code.ts';
import {notHere} from './read-callable.ts';
import {modelsIn} from './read-get-model.ts';
import {lookupsIn, stringsOf} from './read-lookups.ts';
import type {Site} from './read-operation.ts';
import {sqlMentions} from './read-sql.ts';
import type {Variables} from './receivers.ts';
import type {Value} from './value.ts';

export {readSql} from './read-sql.ts';

/** Ways to change rows that name no model. */
const COMMAND = /\bcall_command\(/;
const MAKES_ROWS = /\.(?:create|bulk_create|get_or_create|update_or_create|save)\(/;

/**
 * What RunPython is given, and what it names of its module: functions, classes and constants. What is from elsewhere is
 * unknown. Nothing is run: words that look like names are taken for names.
 */
export function readPython({module, app}: Site, value: Value | undefined): Mentions {
	if (value === undefined) return mentions('python', {unknown: 'its code is not in this file'});
	if (/(?:^|\.)RunPython\.noop$|^lambda\b.*:None$/.test(value.text)) return mentions('python', {});
	const start = expressionAt(module.code, value.from);
	const nodes = reachedFrom(module, start);
	const body = nodes.map(node => withoutComments(textOf(module.code, node))).join('\n');
	const {models, variables, calls, isComputed} = modelsIn(module, nodes);
	const paths = nodes.flatMap(node => lookupsIn({code: module.code, variables, calls}, node));
	return mentions('python', {
		models,
		words: wordsIn(body),
		fields: paths.map(path => pathOf(path).words[0]!),
		paths,
		creates: MAKES_ROWS.test(body) && /\.\w*create\(|\b[A-Z]\w*\(/.test(body),
		handed: modelsHanded(module, body, variables),
		sql: sqlOf(module, nodes, body),
		unknown:
			notHere(module, start) ??
			(isComputed ? `a model of ${app} is asked for by a computed name` : null) ??
			(COMMAND.test(body) ? 'it calls a command' : null) ??
			handedOn(module, body) ??
			ofToday(module, body),
	});
}

function withoutComments(text: string): string {
	return text.replace(/(?<=^|\s)#[^\n]*/g, '');
}

/** A lookup is a word, and so is each part of it. */
function wordsIn(text: string): string[] {
	const words = text.match(/\w+/g) ?? [];
	return [...words, ...words.flatMap(word => (word.includes('__') ? word.split('__').filter(Boolean) : []))];
}

const IS_SQL =
	/^\s*(?:--.*\s+)*(?:select|insert|update|delete|alter|create|drop|truncate|with|do|lock|comment|rename|replace)\s+\S/i;
/** Where the name of a table is filled in. */
const FILLED_IN = /\b(?:from|join|into|update|table|on)\s+["`]?(?:%|\{)/i;

/** What is handed to `execute`, `raw` or RawSQL, as far as it is literal. For one database of several it is not certain to run. */
function sqlOf(module: Site['module'], nodes: readonly SyntaxNode[], body: string): Mentions | null {
	const runs = /\bexecute(?:many)?\(|\.raw\(|\bRawSQL\(|\.extra\(/.test(body);
	if (!runs) return null;
	const texts = nodes.flatMap(node => stringsOf(module.code, node)).filter(text => IS_SQL.test(text));
	const isComputed = texts.length === 0 || texts.some(text => FILLED_IN.test(text));
	const isGuarded = /\bvendor\b/.test(body) || isComputed;
	const read = sqlMentions(texts.join(';\n'), isGuarded);
	return isComputed ? {...read, unknown: 'its SQL is computed'} : read;
}

/** Calls with a name as their first argument: what is called, and the name. */
const GIVEN = /\b([A-Za-z_]\w*)(?:\.\w+)*\(\s*(\w+)(?=\s*[,)])/g;

/** A function from elsewhere that is given the registry. */
function handedOn({scopes}: Site['module'], body: string): string | null {
	const calls = [...body.matchAll(GIVEN)].filter(
		([, called, first]) => first === 'apps' && importedFrom(scopes, body, called!) !== null,
	);
	return calls[0] ? `${calls[0][1]} is not in this file` : null;
}

/** Models that functions from elsewhere are given. */
function modelsHanded({scopes}: Site['module'], body: string, variables: Variables): ModelKey[] {
	return [...body.matchAll(GIVEN)].flatMap(([, called, first]) => {
		const path = variables.has(first!) ? importedFrom(scopes, body, called!) : null;
		return path === null || path.startsWith('django.') ? [] : variables.get(first!)!;
	});
}

/** A model that is imported: it has the fields of today, not those of the history. */
function ofToday({scopes}: Site['module'], body: string): string | null {
	for (const [, name] of body.matchAll(/\b([A-Za-z_]\w*)(?:\.\w+)*\.(?:objects|_default_manager|_base_manager)\b/g)) {
		const path = importedFrom(scopes, body, name!);
		if (path !== null && !path.startsWith('django.')) return `${name} is imported as it is today`;
	}
	return null;
}

/** Where a name is imported from, in the module or in the code itself. */
function importedFrom(scopes: Site['module']['scopes'], body: string, name: string): string | null {
	const binding = lasting(lookup(scopes, name) ?? []).at(-1);
	if (binding) return binding.kind === 'import' ? binding.path : null;
	const local = new RegExp(`\\b(?:from\\s+(\\S+)\\s+)?import\\b[^\\n]*\\b${name}\\b`).exec(body);
	return local && (local[1] ?? name);
}
