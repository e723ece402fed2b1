import type {Operation} from '../operations/operation.ts';
import {apply} from '../state/apply.ts';
import {systemErrors} from '../state/checks.ts';
import {driftOf} from '../state/drift.ts';
import {differences, type Failure, failed, type State} from '../state/state.ts';
import {besidePrimaryKey} from './primary-key.ts';

/** Two operations on one state, in both orders. */
export interface Square {
	readonly result: 'commutes' | 'conflict' | 'review';
	readonly reason?: 'fails' | 'lost-update' | 'drift' | 'order' | 'opaque';
	readonly what?: string;
	/** The state to go on from. */
	readonly state: State;
}

/**
 * `afterMainline` and `afterIncoming` are what each alone makes of `before`. Django runs mainline's first; the other order shows whether they
 * have to do with each other. What fails on `before` already has met something else, and is not told again.
 */
export function judge(
	mainline: Operation,
	incoming: Operation,
	before: State,
	afterMainline: State,
	afterIncoming: State,
): Square {
	const straight = apply(afterMainline, incoming);
	const turned = apply(afterIncoming, mainline);
	if (failed(straight)) {
		if (failed(apply(before, incoming))) return {result: 'commutes', state: afterMainline};
		const state = failed(turned) ? afterMainline : turned;
		return {result: 'conflict', reason: 'fails', what: withOther(straight, turned), state};
	}
	const left = [afterMainline, afterIncoming].map(({models}) => underNewNames(driftOf(models), [mainline, incoming], before));
	const drift = newIn(driftOf(straight.models), ...left);
	if (drift !== null) return {result: 'conflict', reason: 'drift', what: `${drift}, which is gone`, state: straight};
	const clash = mayRelate(mainline) && mayRelate(incoming) ? clashIn(straight, afterMainline, afterIncoming) : null;
	if (clash?.unless === null) return {result: 'conflict', reason: 'fails', what: clash.what, state: straight};
	if (failed(turned)) {
		if (failed(apply(before, mainline))) return {result: 'commutes', state: straight};
		return {result: 'review', reason: 'order', what: `the other way round: ${turned.error}`, state: straight};
	}
	const [lost] = differences(straight, turned);
	if (lost !== undefined) {
		return {result: 'conflict', reason: 'lost-update', what: `both set ${lost}: mainline's value is lost`, state: straight};
	}
	if (clash) return {result: 'review', reason: 'opaque', what: `${clash.what} (unless ${clash.unless})`, state: straight};
	const rekeyed = besidePrimaryKey(mainline, incoming, before.models);
	if (rekeyed !== null) return {result: 'review', reason: 'opaque', what: rekeyed, state: straight};
	if (parted(mainline) || parted(incoming)) {
		const what = 'one side changes what Django knows and not, or not alike, what the database has';
		return {result: 'review', reason: 'opaque', what, state: straight};
	}
	return {result: 'commutes', state: straight};
}

/** What the system checks refuse of both together, and of neither alone. */
function clashIn({models}: State, ...before: readonly State[]): {readonly what: string; readonly unless: string | null} | null {
	const errors = systemErrors(models);
	const clash = newIn(errors, ...before.map(each => systemErrors(each.models)));
	return clash === null ? null : {what: `SystemCheckError: ${clash}`, unless: errors.get(clash) ?? null};
}

/** State and database go separate ways, so that what makes the table anew from the state may not find it as it is. */
function parted(operation: Operation): boolean {
	if (operation.kind === 'Run') return operation.state.some(({kind}) => !STATE_ONLY.has(kind));
	if (operation.kind !== 'Separate') return false;
	const texts = (operations: readonly Operation[]) =>
		operations.flatMap(({kind, text}) => (STATE_ONLY.has(kind) ? [] : text)).join();
	return texts(operation.database) !== texts(operation.state);
}

/** The database has no part in them anyway (operations/models.py: their database_forwards do nothing). */
const STATE_ONLY: ReadonlySet<Operation['kind']> = new Set(['AlterModelOptions', 'AlterModelManagers', 'Harmless']);

/** What one side has left naming what is gone, also in the words that it has after a model got another name. */
function underNewNames(texts: ReadonlySet<string>, operations: readonly Operation[], {models}: State): ReadonlySet<string> {
	const result = new Set(texts);
	for (const operation of texts.size > 0 ? operations : []) {
		const name = operation.kind === 'RenameModel' ? models.get(operation.model!)?.name : undefined;
		if (operation.kind !== 'RenameModel' || name === undefined) continue;
		for (const text of texts) result.add(text.replace(new RegExp(`\\b${name}\\b`, 'g'), operation.to));
	}
	return result;
}

function withOther(straight: Failure, turned: State | Failure): string {
	return failed(turned) && turned.error !== straight.error
		? `${straight.error}; the other way round: ${turned.error}`
		: straight.error;
}

type Texts = Pick<ReadonlySet<string>, 'has' | 'keys'>;

function newIn(now: Texts, ...before: readonly Texts[]): string | null {
	return [...now.keys()].find(each => before.every(set => !set.has(each))) ?? null;
}

const RELATING: ReadonlySet<Operation['kind']> = new Set([
	'CreateModel',
	'AddField',
	'AlterField',
	'RenameField',
	'RenameModel',
	'Separate',
	'AlterModelOptions',
	'SetOption',
	'RemoveField',
]);

function mayRelate({kind}: Operation): boolean {
	return RELATING.has(kind);
}
