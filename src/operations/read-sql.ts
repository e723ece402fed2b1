import {mentions} from './mentions.ts';
import type {Mentions} from './operation.ts';
import type {Value} from './value.ts';

/** A name, perhaps in quotes and with its schema. */
const NAME = '(?:["`[]?\\w+["`\\]]?\\.)?["`[]?(\\w+)["`\\]]?';
const GUARD = '(?:if\\s+(?:not\\s+)?exists\\s+)?';
const pattern = (text: string, flags = '') => new RegExp(text.replace(/ /g, '\\s+'), flags);

const CREATE = pattern(
	`^create (?:or replace )?(?:unlogged )?(?:materialized )?(?:unique )?(table|index|view) (?:concurrently )?${GUARD}(?!on )${NAME}`,
);
const INDEXED = pattern(`^create (?:unique )?index .*?\\bon (?:only )?${NAME}\\s*(?:using \\w+\\s*)?\\(([^()]*)\\)`, 's');
const PUT_ON = pattern(
	`^create (?:or replace )?(?:temp(?:orary)? |constraint )?(?:unique )?(?:index|trigger) .*?\\bon (?:only )?${NAME}`,
	's',
);
const TRIGGER = pattern('\\bcreate (?:temp(?:orary)? )?trigger\\b');
/** What only PostgreSQL understands: where it runs, no table is made anew. */
const POSTGRES = /\busing\s+(?:btree|hash|gin|gist|spgist|brin)\b|\bconcurrently\b|\bexecute\s+(?:function|procedure)\b|::\w/;
const DROP = pattern(`^drop (?:materialized )?(table|index|view) (?:concurrently )?${GUARD}(.*)`, 's');
const DROP_THING = pattern(`^drop (collation|extension) ${GUARD}(.*)`, 's');
const ALTER = pattern(`^alter table ${GUARD}(?:only )?${NAME} (.*)`, 's');
const RENAMED_INDEX = pattern(`^alter index ${GUARD}${NAME} rename to ${NAME}`);
const INSERT = pattern(`\\binsert (?:or \\w+ )?into ${NAME}\\s*(\\(([^()]*)\\))?`, 'g');
const WRITTEN = pattern('\\b(?:alter column|set)\\s+["`]?(\\w+)', 'g');
const WRITTEN_TOO = /,\s*["`]?(\w+)["`]?\s*=(?!=)/g;
const NO_COLUMN = 'constraint|primary|unique|foreign|check|exclude|index|key|default|not';
const ACTIONS = {
	moved: pattern(`^rename to ${NAME}`),
	renamed: pattern(`^rename (?:column )?(?!to |constraint )${NAME} to ${NAME}`),
	rule: pattern(`^(add|drop) constraint ${GUARD}${NAME}`),
	added: pattern(`^add (?:column )?${GUARD}(?!(?:${NO_COLUMN})\\b)${NAME}`),
	dropped: pattern(`^drop (?:column )?${GUARD}(?!(?:${NO_COLUMN})\\b)${NAME}`),
};

/** Names in strings: `nextval('shop_item_id_seq')`, `pg_get_serial_sequence('shop_item', 'id')`, `'shop_item'::regclass`. */
const REGCLASS =
	/\b(?:nextval|setval|currval|pg_get_serial_sequence)\s*\(\s*'([^']*)'(?:\s*,\s*'([^']*)')?|'([^']*)'\s*::\s*regclass/g;

/** What the SQL of RunSQL names. */
export function readSql(value: Value | undefined): Mentions {
	const sql = sqlIn(value);
	return sql === null ? mentions('sql', {unknown: 'its SQL is computed'}) : sqlMentions(sql);
}

/** What SQL names, and what it makes and takes away in the end. Words that look like names are taken for names. */
export function sqlMentions(sql: string, guarded = false): Mentions {
	const whole = sql.replace(/--[^\n]*|\/\*[\s\S]*?\*\//g, ' ').toLowerCase();
	const quoted = [...whole.matchAll(REGCLASS)].flatMap(groups => groups.slice(1).join(' ').match(/\w+/g) ?? []);
	const text = whole.replace(/'[^']*'/g, "''");
	const isGuarded = guarded || /\bif\s+(?:not\s+)?exists\b/.test(text);
	const found: Found = {adds: new Set(), drops: new Set(), holds: [], onto: [], over: [], shapes: [], fields: [], whole: []};
	for (const statement of text.split(';')) readStatement(statement.trim(), found);
	if (TRIGGER.test(text) && !POSTGRES.test(text)) found.onto.push(...(text.match(/\w+/g) ?? []));
	return mentions('sql', {
		...found,
		words: [...(text.match(/\w+/g) ?? []), ...quoted],
		fields: isGuarded ? [] : [...found.fields, ...quoted],
		creates: /\binsert\b/.test(text),
		guarded: isGuarded,
	});
}

interface Found {
	readonly adds: Set<string>;
	readonly drops: Set<string>;
	readonly holds: string[];
	readonly onto: string[];
	readonly over: string[];
	readonly shapes: string[];
	readonly fields: string[];
	readonly whole: string[];
}

function readStatement(text: string, found: Found): void {
	const [, made, name] = CREATE.exec(text) ?? [];
	if (made && !/^create\s+or\s+replace\b/.test(text)) found.adds.add(`relation:${name}`);
	if (made === 'view') found.over.push(...(text.match(/\w+|\*/g) ?? []));
	const [, on, list = ''] = INDEXED.exec(text) ?? [];
	for (const column of on ? columnsIn(list) : []) {
		found.fields.push(column);
		found.holds.push(`column:${on}.${column}`);
	}
	const [, under] = PUT_ON.exec(text) ?? [];
	if (under && !POSTGRES.test(text)) found.onto.push(under);
	const [, gone, names = ''] = DROP.exec(text) ?? [];
	for (const each of names.split(',')) {
		const dropped = gone && new RegExp(`^\\s*${NAME}`).exec(each)?.[1];
		if (!dropped) continue;
		drop(found, `relation:${dropped}`);
		if (gone === 'table') found.shapes.push(dropped);
	}
	const [, thing, things = ''] = DROP_THING.exec(text) ?? [];
	for (const each of things.split(',')) {
		const dropped = thing && new RegExp(`^\\s*${NAME}`).exec(each)?.[1];
		if (dropped) found.drops.add(`${thing}:${dropped}`);
	}
	const [, index, renamed] = RENAMED_INDEX.exec(text) ?? [];
	if (index) drop(found, `relation:${index}`).adds.add(`relation:${renamed}`);
	const [, table, actions = ''] = ALTER.exec(text) ?? [];
	if (table) for (const action of actions.split(/,(?![^(]*\))/)) alterTable(table, action.trim(), found);
	for (const [, to, columns, inner] of text.matchAll(INSERT)) {
		if (columns) found.fields.push(...columnsIn(inner!));
		else found.whole.push(to!);
	}
	for (const [, word] of text.matchAll(WRITTEN)) found.fields.push(word!);
	if (/^update\b/.test(text)) for (const [, word] of text.matchAll(WRITTEN_TOO)) found.fields.push(word!);
}

function alterTable(table: string, action: string, found: Found): void {
	const column = (name: string) => `column:${table}.${name}`;
	const [, to] = ACTIONS.moved.exec(action) ?? [];
	if (to) {
		drop(found, `relation:${table}`).adds.add(`relation:${to}`);
		found.shapes.push(table);
		return;
	}
	const [, old, now] = ACTIONS.renamed.exec(action) ?? [];
	const [, verb, rule] = ACTIONS.rule.exec(action) ?? [];
	const [, added] = ACTIONS.added.exec(action) ?? [];
	const gone = old ?? ACTIONS.dropped.exec(action)?.[1];
	if (verb === 'add') found.adds.add(`constraint:${rule}`);
	if (verb === 'drop') drop(found, `constraint:${rule}`);
	if (gone) {
		drop(found, column(gone));
		found.fields.push(gone);
	}
	for (const name of [added, now]) if (name) found.adds.add(column(name));
}

/** What the same SQL has made is no loss. */
function drop(found: Found, key: string): Found {
	if (!found.adds.delete(key)) found.drops.add(key);
	return found;
}

/** The columns of a list; expressions are left out. */
function columnsIn(list: string): string[] {
	return list.split(',').flatMap(part => /^\s*["`[]?(\w+)["`\]]?(?:\s+(?:asc|desc)\b.*)?\s*$/.exec(part)?.[1] ?? []);
}

/** A string, or a list of strings and of pairs of a string and parameters (RunSQL._run_sql). */
function sqlIn(value: Value | undefined): string | null {
	if (value?.kind === 'string') return value.value;
	if (/(?:^|\.)noop$/.test(value?.text ?? '')) return '';
	if (value?.kind !== 'list') return null;
	const parts = value.items.map(item => sqlIn(item.kind === 'list' ? item.items[0] : item));
	return parts.every(part => part !== null) ? parts.join('\n;\n') : null;
}
