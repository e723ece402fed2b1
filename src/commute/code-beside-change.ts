import type {Mentions, Operation} from '../operations/operation.ts';
import {type Models, modelAt} from '../state/state.ts';
import {asksFor, isTaken, lineageOf, lookupSteps, type Step, wordSteps} from './follow.ts';
import {conflict, type Judgement, review} from './judgement.ts';
import {columnsTo, tablesOf} from './name-changes.ts';
import {leavesOut, namesFieldOf, namesOf} from './names-field.ts';
import {sqlAfter, sqlBefore} from './sql-beside-change.ts';

/** What else is to be known of code and the operation beside it. */
export interface Beside {
	/** The app whose code it is. */
	readonly app: string;
	/** The state follows what the code does to the database. */
	readonly isFollowed: boolean;
}

/** Mainline changes the schema first, then the code of incoming runs. */
export function codeAfter(code: Mentions, change: Operation, models: Models, {app}: Beside): Judgement | null {
	if (code.language === 'sql') return sqlAfter(code, change, models) ?? unknownCode(code, change, app, models);
	const step = lookupSteps(code, models).find(each => isTaken(each, change, models));
	if (step) return conflict(errorFor(step));
	return (
		(concerns(code, change, models) ? namedAfter(code, change, models) : followed(code, change, models)) ??
		unknownCode(code, change, app, models)
	);
}

/** The code of mainline runs first, then incoming changes the schema. */
export function codeBefore(code: Mentions, change: Operation, models: Models, {app, isFollowed}: Beside): Judgement | null {
	if (code.language === 'sql') return sqlBefore(code, change, models, {isFollowed}) ?? unknownCode(code, change, app, models);
	const step = lookupSteps(code, models).find(each => isTaken(each, change, models));
	const order = (what: string): Judgement => ({verdict: 'review', reason: 'order', what});
	if (step) return order(`the code of mainline asks for ${step.word}`);
	const result = concerns(code, change, models) ? namedBefore(code, change, models) : followed(code, change, models);
	return result ?? unknownCode(code, change, app, models);
}

/** Code that names the model of a change, or a child of it. */
function namedAfter(code: Mentions, change: Operation, models: Models): Judgement | null {
	const taken = takenAway(change, models);
	if (taken.length === 0 && isModelTaken(change) && code.models.has(change.model!)) {
		const [label, name] = change.model!.split('.');
		return conflict(`LookupError: App '${label}' doesn't have a '${name}' model.`);
	}
	const field = taken.find(name => asksFor(code, change.model!, name, models));
	if (field !== undefined) return conflict(`FieldError: Cannot resolve keyword '${field}' into field.`);
	if (leavesOut(code, change, models) && code.models.has(change.model!)) {
		return conflict(`IntegrityError: NOT NULL constraint failed: ${change.field.name} (this code makes rows without it)`);
	}
	const name = namesFieldOf(code, change, models) ?? taken.find(each => isOrderedBy(change, each, models));
	return name ? review(`this code names ${name}, or orders by it, and mainline changes it`) : followed(code, change, models);
}

function namedBefore(code: Mentions, change: Operation, models: Models): Judgement | null {
	const order = (what: string): Judgement => ({verdict: 'review', reason: 'order', what});
	if (isModelTaken(change) && code.models.has(change.model!)) return order(`the code of mainline needs ${change.model}`);
	if (leavesOut(code, change, models) && code.models.has(change.model!)) {
		return order(`the code of mainline makes rows without ${change.field.name}`);
	}
	const taken = takenAway(change, models);
	const name = namesFieldOf(code, change, models) ?? taken.find(each => isOrderedBy(change, each, models));
	if (!name) return followed(code, change, models);
	return {
		verdict: 'review',
		reason: taken.length > 0 ? 'order' : 'opaque',
		what: `the code of mainline names ${name}, or orders by it`,
	};
}

/** Code that has the words for a way to what changes: over relations, forwards and backwards, and many-to-many tables. */
function followed(code: Mentions, change: Operation, models: Models): Judgement | null {
	if (!MEETS_FOLLOWED.has(change.kind)) return null;
	const steps = [...lookupSteps(code, models), ...wordSteps(code, models)];
	const step = steps.find(each => isTaken(each, change, models));
	if (step) return review(`this code may follow ${step.word}, which changes`);
	const isReached = steps.some(({to}) => to !== null && lineageOf(models, to).has(change.model!));
	const name = isReached && change.kind !== 'AlterField' ? namesFieldOf(code, change, models) : null;
	if (name) return review(`this code may follow a relation to ${change.model} and names ${name}, which changes`);
	const isAuto = steps.some(({way}) => way === 'auto');
	const turned = change.kind === 'RenameModel' && (isReached || isAuto) ? columnsTo(change.model!, models) : [];
	const column = turned.find(each => code.words.has(each.column) || code.words.has(each.column.slice(0, -3)))?.column;
	const isThrough = isAuto || code.words.has('through');
	return column && isThrough ? review(`this code may name ${column}, which follows the name of ${change.model}`) : null;
}

const MEETS_FOLLOWED: ReadonlySet<Operation['kind']> = new Set([
	'DeleteModel',
	'RenameModel',
	'RemoveField',
	'RenameField',
	'AlterField',
]);

function errorFor({way, word, owner}: Step): string {
	return way === 'auto'
		? `LookupError: App '${owner.split('.')[0]}' doesn't have a '${word.slice(word.indexOf('.') + 1)}' model.`
		: `FieldError: Cannot resolve keyword '${word}' into field.`;
}

/** What only adds, or only Django knows of, cannot disturb code that does not name it; a rule that rows have to keep can. */
const DISTURBING: ReadonlySet<Operation['kind']> = new Set([...MEETS_FOLLOWED, 'SetOption', 'SetTogether', 'AddConstraint']);

function unknownCode(code: Mentions, change: Operation, app: string, models: Models): Judgement | null {
	const isRequired = change.kind === 'AddField' && !change.field.nullable && !change.field.hasDefault;
	if (!isRequired && !DISTURBING.has(change.kind)) return null;
	if (code.unknown !== null && change.app === app) return review(`cannot be read: ${code.unknown}`);
	const handed = [...code.handed].find(key => lineageOf(models, key).has(change.model ?? ''));
	return handed ? review(`cannot be read: code from elsewhere is given ${handed}`) : null;
}

/** Whether code names a model that an operation is about, a child of it, or a table of it. */
export function concerns(code: Mentions, change: Operation, models: Models): boolean {
	const {model, kind} = change;
	if (model === null || kind === 'CreateModel') return false;
	if (code.language === 'sql') return [...tablesOf(change, models)].some(table => code.words.has(table));
	return [...code.models].some(key => lineageOf(models, key).has(model));
}

function isModelTaken({kind}: Operation): boolean {
	return kind === 'DeleteModel' || kind === 'RenameModel';
}

/** The names under which code finds a field no more. */
function takenAway(change: Operation, models: Models): readonly string[] {
	const field = change.kind === 'RemoveField' ? change.field : change.kind === 'RenameField' ? change.from.toLowerCase() : null;
	if (field === null) return [];
	const known = modelAt(models, change.model!)?.fields.get(field);
	return known ? namesOf(field, {...known, column: null}) : [field];
}

/** Every query of a model orders by its `ordering`. */
function isOrderedBy({model}: Operation, field: string, models: Models): boolean {
	const ordering = modelAt(models, model!)?.options.get('ordering')?.toLowerCase() ?? '';
	return new RegExp(`\\b${field}\\b`).test(ordering);
}
