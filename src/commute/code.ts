import type {ModelKey} from '../operations/field.ts';
import type {Mentions, Operation} from '../operations/operation.ts';
import {fieldsOf, type Models, modelAt, tableOf} from '../state/state.ts';
import {codeAfter, codeBefore, concerns} from './code-beside-change.ts';
import {type Judgement, review} from './judgement.ts';
import {namesOf} from './names-field.ts';
import {besideSql} from './sql-beside-change.ts';

/** Whether any part of an operation is code, SQL or unreadable. */
export function isOpaque(operation: Operation): boolean {
	return partsOf(operation).some(({kind}) => kind === 'Run' || kind === 'Opaque');
}

/** Judge two operations of which at least one is code or unreadable; `models` is what both start from. Null: they have nothing to do with each other. */
export function judgeOpaque(mainline: Operation, incoming: Operation, models: Models): Judgement | null {
	const found = partsIn(mainline).flatMap(first => partsIn(incoming).flatMap(second => judgeParts(first, second, models)));
	return found.find(({verdict}) => verdict === 'conflict') ?? found[0] ?? besideParted(mainline, incoming, models);
}

/** Code on a model of which Django knows other things than the database has. */
function besideParted(mainline: Operation, incoming: Operation, models: Models): Judgement | null {
	for (const [one, other] of [[mainline, incoming] as const, [incoming, mainline] as const]) {
		if (one.kind !== 'Separate') continue;
		const codes = partsOf(other).flatMap(part => (part.kind === 'Run' ? mentionsIn(part.mentions) : []));
		if (codes.some(code => partsOf(one).some(part => concerns(code, part, models)))) {
			return review('this code works on a model whose state and table are changed apart');
		}
	}
	return null;
}

interface Part {
	readonly operation: Operation;
	/** The database knows nothing of it. */
	readonly isState: boolean;
	/** The state follows what it does to the database. */
	readonly isFollowed: boolean;
}

function partsOf(operation: Operation): Operation[] {
	return partsIn(operation).map(part => part.operation);
}

function partsIn(operation: Operation, isState = false, isFollowed = false): Part[] {
	if (operation.kind === 'Separate') {
		const {database, state} = operation;
		return [
			...database.flatMap(each => partsIn(each, isState, isFollowed || state.length > 0)),
			...state.flatMap(each => partsIn(each, true, isFollowed)),
		];
	}
	const inner = operation.kind === 'Run' ? operation.state : [];
	return [
		{operation, isState, isFollowed: isFollowed || inner.length > 0},
		...inner.flatMap(each => partsIn(each, true, isFollowed)),
	];
}

function judgeParts(mainline: Part, incoming: Part, models: Models): Judgement[] {
	const [one, other] = [mainline.operation, incoming.operation];
	if (one.kind === 'Opaque' || other.kind === 'Opaque') return listed(besideOpaque(one, other));
	if (one.kind === 'Run' && other.kind === 'Run') {
		return mentionsIn(one.mentions).flatMap(first =>
			mentionsIn(other.mentions).flatMap(second =>
				listed(
					besideCode(first, second, models) ??
						unknownBeside(first, one.app, second, other.app) ??
						unknownBeside(second, other.app, first, one.app),
				),
			),
		);
	}
	const [run, change] = other.kind === 'Run' ? [incoming, mainline] : [mainline, incoming];
	if (run.operation.kind !== 'Run') return [];
	const judge = other.kind === 'Run' ? codeAfter : codeBefore;
	const beside = {app: run.operation.app, isFollowed: run.isFollowed};
	return mentionsIn(run.operation.mentions).flatMap(code => {
		const judgement = judge(code, change.operation, models, beside);
		// SQL meets the database alone.
		return listed(judgement && change.isState && code.language === 'sql' ? review(judgement.what) : judgement);
	});
}

function mentionsIn(code: Mentions): readonly Mentions[] {
	return code.sql ? [code, code.sql] : [code];
}

function listed(judgement: Judgement | null): Judgement[] {
	return judgement ? [judgement] : [];
}

function besideOpaque(mainline: Operation, incoming: Operation): Judgement | null {
	return unread(mainline, incoming) ?? unread(incoming, mainline);
}

function unread(one: Operation, other: Operation): Judgement | null {
	if (one.kind !== 'Opaque' || other.kind === 'Harmless') return null;
	const models = other.kind === 'Run' ? [...other.mentions.models] : [other.model];
	const meets = one.model === null ? one.app === other.app : models.includes(one.model) || other.model === null;
	const isOwn = meets && (one.app === other.app || models.includes(one.model));
	return isOwn || models.some(key => key !== null && isNamed(one.words, key)) ? review(`cannot be read: ${one.why}`) : null;
}

/** Whether the label and the name of a model are among these words: `"shop.Item"`, `"shop", "Item"`. */
function isNamed(words: ReadonlySet<string>, key: ModelKey): boolean {
	const [label = '', name = ''] = key.split('.');
	return words.has(key) || (words.has(label) && words.has(name));
}

/** Asked for to look up a key, by all code that has to do with generic relations. */
const LOOKED_UP = 'contenttypes.contenttype';

function besideCode(mainline: Mentions, incoming: Mentions, models: Models): Judgement | null {
	const shared = [...mainline.models].find(key => incoming.models.has(key) && key !== LOOKED_UP);
	if (shared) return review(`both work on the rows of ${shared}`);
	if (mainline.language !== incoming.language)
		return mainline.language === 'sql' ? besideTable(incoming, mainline, models) : besideTable(mainline, incoming, models);
	if (mainline.language === 'python') return null;
	const tables = (mentions: Mentions) => [...mentions.words].filter(word => /^[a-z]\w*_\w/.test(word));
	const table = tables(mainline).find(word => incoming.words.has(word));
	return besideSql(mainline, incoming) ?? (table ? review(`both name ${table}`) : null);
}

/** Words without which SQL only adds: an index, a trigger. */
const CHANGING = ['insert', 'update', 'delete', 'truncate', 'merge', 'alter', 'drop', 'select', 'call', 'do'];

/** Python that works on a model, and SQL on its table: they meet in a column, and in rows that one of them makes. */
function besideTable(python: Mentions, sql: Mentions, models: Models): Judgement | null {
	for (const key of python.models) {
		const model = modelAt(models, key);
		if (!model || !sql.words.has(tableOf(model)) || !CHANGING.some(word => sql.words.has(word))) continue;
		if (python.creates || sql.creates) return review(`one makes rows of ${tableOf(model)}, and the other works on them`);
		const fields = fieldsOf(model);
		const columns = fields.length > 0 ? fields.map(field => namesOf(field.name, field)) : [...sql.fields].map(name => [name]);
		const has = (words: ReadonlySet<string>, names: readonly string[]) => names.some(name => words.has(name.toLowerCase()));
		const column = columns.find(names => names[0] !== 'id' && has(python.words, names) && has(sql.words, names));
		if (column) return review(`both work on ${column[0]} of ${tableOf(model)}`);
	}
	return null;
}

/** Code of which not all is known may work on all models of its app. */
function unknownBeside(code: Mentions, app: string, other: Mentions, otherApp: string): Judgement | null {
	const isModel = [...other.models].some(key => key.startsWith(`${app}.`));
	const isTable = other.language === 'sql' && [...other.words].some(word => word.startsWith(`${app}_`));
	const meets = isModel || isTable || (other.unknown !== null && app === otherApp);
	return code.unknown !== null && meets ? review(`cannot be read: ${code.unknown}`) : null;
}
