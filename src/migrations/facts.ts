import {lineAt} from '../python/source.ts';

/** What the operations of a module say that bears on other apps and on how long they run. Found in the text, as its patterns show. */
export interface MigrationFacts {
	/** The models it creates or renames to, in lower case. */
	readonly creates: readonly string[];
	/** The models of other apps that its fields and base classes refer to. */
	readonly relations: readonly Relation[];
	/** The line at which a function goes through a whole table inside the transaction; null: it does not. */
	readonly wholeTable: number | null;
}

export interface Relation {
	/** App label, or the setting of a swappable model as `settings.NAME`. */
	readonly app: string;
	/** In lower case; of a setting empty. */
	readonly model: string;
	readonly line: number;
	/** Whether the database needs the model when the migration runs: not so where only Django's state is changed. */
	readonly certain: boolean;
}

const CREATES =
	/\b(?:CreateModel\(\s*(?:name\s*=\s*)?|RenameModel\(\s*(?:old_name\s*=\s*)?[bu]?(['"])\w+\1\s*,\s*(?:new_name\s*=\s*)?)[bu]?(['"])(\w+)\2/g;
const LABELLED = String.raw`[bu]?(['"])([A-Za-z_]\w*)\.([A-Za-z_]\w*)`;
const SETTING = String.raw`(?:\w+\.)*settings\.([A-Z]\w*)`;
/** The target of a relation: `to=`, `through=`, or the first argument of a field. */
const RELATIONS = new RegExp(
	String.raw`(?:\b(?:to|through)\s*=\s*|(?:ForeignKey|OneToOneField|ManyToManyField)\(\s*)(?:${LABELLED}\1|${SETTING})`,
	'g',
);
const BASES = /\bbases\s*=\s*\(([^()]*)\)/g;
const BASE = new RegExp(`${LABELLED}\\1`, 'g');

/** A query without a condition: the manager, and the calls upon it. */
const QUERY = /(\bfor\s[^\n:]*?\sin\s[^\n:]*?)?\.objects(?:\.using\([^()]*\))?((?:\s*\.\w+\([^()]*\))+)/g;
const NARROW =
	/\.(?:filter|exclude|get|first|last|create|bulk_create|get_or_create|update_or_create|count|exists|aggregate|none|raw|in_bulk)\(/;
const CHANGES = /\.(?:update|delete)\(/;
const NOT_ATOMIC = /^[ \t]+atomic[ \t]*=[ \t]*False\b/m;

/** Read a module's operations roughly: what is written in the ordinary way is found, what is computed is not. Never throws. */
export function readFacts(text: string): MigrationFacts {
	return {creates: readCreates(text), relations: readRelations(text), wholeTable: readWholeTable(text)};
}

function readCreates(text: string): string[] {
	return text.includes('Model(') ? [...text.matchAll(CREATES)].map(match => match[3]!.toLowerCase()) : [];
}

function readRelations(text: string): Relation[] {
	const certain = !text.includes('SeparateDatabaseAndState');
	const found: Relation[] = [];
	const add = (at: number, app: string, model: string) => {
		if (!isComment(text, at)) found.push({app, model: model.toLowerCase(), line: lineAt(text, at), certain});
	};
	for (const match of text.matchAll(RELATIONS)) {
		const [, , app, model, setting] = match;
		setting === undefined ? add(match.index, app!, model!) : add(match.index, `settings.${setting}`, '');
	}
	for (const list of text.includes('bases') ? text.matchAll(BASES) : []) {
		for (const [, , app, model] of list[1]!.matchAll(BASE)) add(list.index, app!, model!);
	}
	return found;
}

function isComment(text: string, at: number): boolean {
	return /^[^'"\n]*#/.test(text.slice(text.lastIndexOf('\n', at) + 1, at));
}

function readWholeTable(text: string): number | null {
	if (!text.includes('RunPython(') || !text.includes('.objects') || NOT_ATOMIC.test(text)) return null;
	for (const match of text.matchAll(QUERY)) {
		const [, loop, calls] = match;
		if (!NARROW.test(calls!) && (loop !== undefined || CHANGES.test(calls!)) && !isComment(text, match.index)) {
			return lineAt(text, match.index);
		}
	}
	return null;
}
