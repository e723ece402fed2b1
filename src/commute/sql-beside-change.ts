import {columnOf} from '../operations/field.ts';
import type {Mentions, Operation} from '../operations/operation.ts';
import {madeNameTaken} from '../state/made-names.ts';
import {type Models, modelAt} from '../state/state.ts';
import {conflict, type Judgement, review} from './judgement.ts';
import {columnsTo, type NameChanges, nameChanges, tablesOf} from './name-changes.ts';
import {leavesOut, namesFieldOf} from './names-field.ts';
import {remadeTables} from './remade-tables.ts';

/** The state follows what this SQL does: its RunSQL has `state_operations`. */
interface Circumstances {
	readonly isFollowed: boolean;
}

/** Mainline changes the schema first, then the SQL of incoming runs. */
export function sqlAfter(sql: Mentions, change: Operation, models: Models): Judgement | null {
	const changes = nameChanges(change, models);
	const same = doneTwice(sql, changes);
	if (same)
		return sql.guarded ? order(`this SQL does it only where it is not done: ${same}`) : conflict(`OperationalError: ${same}`);
	const missing = [...sql.words].find(word => changes.taken.has(`relation:${word}`));
	if (missing) return certainly(sql, `OperationalError: no such table: ${missing}`);
	const turned = columnsTurned(sql, change, models);
	if (turned) return certainly(sql, `OperationalError: no such column: ${turned}`);
	const made = madeNameTaken(sql, change, models);
	if (made) return certainly(sql, `ProgrammingError: "${made}" does not exist`);
	const tables = namedTables(sql, change, models);
	if (tables.length === 0) return remade(sql, change, models);
	const column = columnsTaken(changes, tables).find(name => sql.fields.has(name));
	if (column) return conflict(`OperationalError: no such column: ${column}`);
	if (isWidth(change) && tables.some(table => sql.whole.has(table))) {
		return conflict(`OperationalError: this SQL gives ${tables[0]} another number of values than it has columns`);
	}
	if (leavesOut(sql, change, models)) {
		return conflict(`IntegrityError: NOT NULL constraint failed: ${change.field.name} (this code makes rows without it)`);
	}
	const indexed = ruleColumns(change, models).find(name => tables.some(table => sql.drops.has(`column:${table}.${name}`)));
	if (indexed) return conflict(`OperationalError: ${change.title} names ${indexed}, which this SQL takes away`);
	const name = namesFieldOf(sql, change, models);
	if (name) return review(`this code names ${name}, or orders by it, and mainline changes it`);
	return reshaped(sql, tables) ?? remade(sql, change, models);
}

/** The SQL of mainline runs first, then incoming changes the schema. */
export function sqlBefore(sql: Mentions, change: Operation, models: Models, {isFollowed}: Circumstances): Judgement | null {
	const changes = nameChanges(change, models);
	const same = doneTwice(sql, changes);
	if (same) return conflict(`OperationalError: ${same}`);
	const tables = namedTables(sql, change, models);
	const lost = tables.find(table => sql.drops.has(`relation:${table}`));
	if (lost && !isFollowed) return conflict(`OperationalError: no such table: ${lost}`);
	const gone = columnsOf(change, models).find(name => tables.some(table => sql.drops.has(`column:${table}.${name}`)));
	if (gone && !isFollowed) return conflict(`OperationalError: no such column: ${gone}`);
	const taken = change.kind === 'RemoveField' ? columnsTaken(changes, tables) : [];
	const held = taken.find(name => sql.over.has(name) || tables.some(table => sql.holds.has(`column:${table}.${name}`)));
	if (held) return conflict(`OperationalError: no such column: ${held} (an index or a view of this SQL names it)`);
	const missing = [...sql.words].find(word => changes.taken.has(`relation:${word}`));
	if (missing) return order(`the code of mainline needs ${missing}`);
	const turned = columnsTurned(sql, change, models);
	if (turned) return order(`the code of mainline names ${turned}`);
	const made = madeNameTaken(sql, change, models);
	if (made) return order(`the code of mainline names ${made}`);
	if (tables.length === 0) return remade(sql, change, models);
	if (isWidth(change) && tables.some(table => sql.whole.has(table)))
		return order(`the code of mainline gives ${tables[0]} whole rows`);
	if (leavesOut(sql, change, models)) return order(`the code of mainline makes rows without ${change.field.name}`);
	const name = namesFieldOf(sql, change, models);
	if (!name) return reshaped(sql, tables) ?? remade(sql, change, models);
	const isTaken = change.kind === 'RemoveField' || change.kind === 'RenameField';
	return {verdict: 'review', reason: isTaken ? 'order' : 'opaque', what: `the code of mainline names ${name}`};
}

/** Two pieces of SQL. */
export function besideSql(mainline: Mentions, incoming: Mentions): Judgement | null {
	const same = doneTwice(incoming, {made: mainline.adds, taken: mainline.drops});
	if (!same) return null;
	return incoming.guarded || mainline.guarded
		? review(`both do it, or leave it: ${same}`)
		: conflict(`OperationalError: ${same}`);
}

/** What both make, or both take away. */
function doneTwice(sql: Mentions, {made, taken}: NameChanges): string | null {
	const added = [...sql.adds].find(key => made.has(key));
	if (added) return `both make ${spelled(added)}`;
	const dropped = [...sql.drops].find(key => taken.has(key));
	return dropped ? `both take ${spelled(dropped)} away` : null;
}

function spelled(key: string): string {
	return key.slice(key.indexOf(':') + 1);
}

function namedTables(sql: Mentions, change: Operation, models: Models): string[] {
	return [...tablesOf(change, models)].filter(table => sql.words.has(table));
}

function columnsTaken({taken}: NameChanges, tables: readonly string[]): string[] {
	return [...taken].flatMap(key =>
		tables.flatMap(table => (key.startsWith(`column:${table}.`) ? key.slice(table.length + 8) : [])),
	);
}

/** A column of a many-to-many table is called after the model at its end. */
function columnsTurned(sql: Mentions, change: Operation, models: Models): string | null {
	if (change.kind !== 'RenameModel') return null;
	return (
		columnsTo(change.model!, models).find(({table, column}) => sql.words.has(table) && sql.words.has(column))?.column ?? null
	);
}

/** Whether the table has another number of columns then. */
function isWidth({kind}: Operation): boolean {
	return kind === 'AddField' || kind === 'RemoveField';
}

/** The columns that an operation needs. */
function columnsOf(change: Operation, models: Models): string[] {
	const field = change.kind === 'RemoveField' ? change.field : change.kind === 'RenameField' ? change.from : null;
	const altered = change.kind === 'AlterField' ? change.field.name : field;
	return altered === null ? ruleColumns(change, models) : [columnIn(change, altered, models)];
}

function ruleColumns(change: Operation, models: Models): string[] {
	return change.kind === 'AddIndex' || change.kind === 'AddConstraint'
		? change.rule.fields.map(name => columnIn(change, name, models))
		: [];
}

function columnIn({model}: Operation, name: string, models: Models): string {
	const field = modelAt(models, model!)?.fields.get(name.toLowerCase());
	return (field && columnOf(field)) ?? name.toLowerCase();
}

function reshaped(sql: Mentions, tables: readonly string[]): Judgement | null {
	const table = tables.find(each => sql.shapes.has(each));
	return table ? review(`this SQL takes ${table} away, or renames it`) : null;
}

/** A table that Django makes anew: SQLite loses what SQL put on it, and refuses to where a view is over it. */
function remade(sql: Mentions, change: Operation, models: Models): Judgement | null {
	const tables = remadeTables(change, models);
	const lost = tables.find(each => sql.onto.has(each));
	if (lost)
		return review(
			`SQLite makes ${lost} anew for ${change.title}: an index or a trigger of this SQL is lost there, or looks for it in vain`,
		);
	const under = tables.find(each => sql.over.has(each));
	if (under) return review(`a view of this SQL is over ${under}, which SQLite makes anew for ${change.title}`);
	const isWhole = sql.over.has('*') && (change.kind === 'AddField' || change.kind === 'RenameField');
	const seen = isWhole ? [...tablesOf(change, models)].find(each => sql.over.has(each)) : undefined;
	return seen ? review(`a view of this SQL has all columns of ${seen} as they were when it ran`) : null;
}

function order(what: string): Judgement {
	return {verdict: 'review', reason: 'order', what};
}

function certainly({guarded}: Mentions, what: string): Judgement {
	return guarded ? review(what) : conflict(what);
}
