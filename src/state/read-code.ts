import type {SyntaxNode} from '@lezer/common';
import {textOf} from '../python/parse.ts';
import {lookup} from '../python/scope.ts';
import {mentions} from './mentions.ts';
import type {Mentions} from './operation.ts';
import {reachedFrom} from './reached-code.ts';
import {lookupsIn, stringsOf} from './read-lookups.ts';
import type {Site} from './read-operation.ts';
import {sqlMentions} from './read-sql.ts';
import {functionNamed, type Value} from './value.ts';

export {readSql} from './read-sql.ts';

const GET_MODEL =
	/\bget_model\(\s*(?:app_label\s*=\s*)?[bu]?(['"])(\w+)(?:\.(\w+)\1|\1\s*,\s*(?:model_name\s*=\s*)?[bu]?(['"])(\w+)\4)/g;
/** Ways to models that name none. */
const COMPUTED = /\bget_model\b|\bget_models\(|\ball_models\b/g;
const MAKES_ROWS = /\.(?:create|bulk_create|get_or_create|update_or_create|save)\(/;

/**
 * What a function of the same module names, with the functions, classes and constants of the module that it names. A function from elsewhere is
 * unknown. Nothing is run: words that look like names are taken for names.
 */
export function readPython({module, app}: Site, value: Value | undefined): Mentions {
	const name = functionNamed(value) ?? /^\w+$/.exec(value?.text ?? '')?.[0];
	if (value && /(?:^|\.)RunPython\.noop$|^lambda\b.*:None$/.test(value.text)) return mentions('python', {});
	const isFunction = name && lookup(module.scopes, name)?.at(-1)?.statement.name === 'FunctionDefinition';
	if (!isFunction) return mentions('python', {unknown: `${value?.text ?? 'its code'} is not in this file`});
	const nodes = reachedFrom(module, name);
	const body = nodes.map(node => withoutComments(textOf(module.code, node))).join('\n');
	const models = [...body.matchAll(GET_MODEL)].map(([, , label, dotted, , model]) => `${label}.${dotted ?? model}`);
	const made = new Set([...body.matchAll(/\b(\w+)\s*=\s*(?:\w+\.)*get_model\(/g)].map(([, variable]) => variable!));
	const paths = nodes.flatMap(node => lookupsIn(module.code, node, made));
	return mentions('python', {
		models,
		words: wordsIn(body),
		fields: paths.map(path => path.split('__')[0]!),
		paths,
		creates: MAKES_ROWS.test(body) && /\.\w*create\(|\b[A-Z]\w*\(/.test(body),
		sql: sqlOf(module, nodes, body),
		unknown:
			(body.match(COMPUTED)?.length ?? 0) > models.length
				? `a model of ${app} is asked for by a computed name`
				: handedOn(module, body),
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

/** A function from elsewhere that is given the models. */
function handedOn({scopes}: Site['module'], body: string): string | null {
	for (const [, called] of body.matchAll(/\b([A-Za-z_]\w*)(?:\.\w+)*\(\s*apps\b/g)) {
		if (lookup(scopes, called!)?.at(-1)?.kind === 'import') return `${called} is not in this file`;
	}
	return null;
}
