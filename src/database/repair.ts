import {existsSync, mkdirSync, readdirSync, rmSync} from 'node:fs';
import type {Repo} from '../git/repo.ts';
import type {NodeKey} from '../migrations/key.ts';
import {appOf, nameOf} from '../migrations/key.ts';
import {failpoint} from '../worktree/failpoint.ts';
import {statePath} from '../worktree/state.ts';
import {askDjango, type Check, type Complaint, type Database, type DjangoCommand} from './ask.ts';
import {closeRepair, lockFile, openRepair} from './repair-journal.ts';
import type {Sequence} from './sequence.ts';
import {renamesOf} from './survey.ts';

/** What came of a repair. `backup`: a copy of the SQLite file as it was before. */
export type Repaired =
	| {readonly ok: true; readonly backup: string | null}
	| {readonly ok: false; readonly what: string; readonly why: string; readonly next: string; readonly backup: string | null};

export interface Workshop {
	readonly repo: Repo;
	readonly command: DjangoCommand;
	/** Progress, for people. */
	readonly say: (line: string) => void;
}

/** Apply what has to come first, give the rows their new names, apply the rest, and look at what came of it. Can be run again at any point. */
export function repairKeeping(
	workshop: Workshop,
	database: Database,
	{alias, renamed, targets}: Extract<Sequence, {kind: 'keep'}>,
	before: Check,
	from: readonly string[],
): Repaired {
	const {repo, command, say} = workshop;
	const backup = backUp(workshop, database);
	openRepair(repo, {version: 1, kind: 'keep', alias, from, away: null});
	const pairs = renamesOf(renamed);
	for (const target of targets) {
		const failure = migrate(workshop, alias, [appOf(target), nameOf(target)], pairs);
		if (failure !== null)
			return {ok: false, what: `migrate ${appOf(target)} ${nameOf(target)} failed`, why: failure, next: AGAIN, backup};
		failpoint('database-migrated');
	}
	say(`rename the rows: ${renamed.map(pair => `${pair.from} -> ${pair.to}`).join(', ')}`);
	const asked = askDjango(command, {action: 'rename', alias, renamed: pairs, lock: lockFile(repo)});
	if (!asked.ok) return {ok: false, what: 'the rows could not be renamed', why: asked.why, next: AGAIN, backup};
	failpoint('database-renamed');
	return finish(workshop, alias, before.complaints, backup);
}

/** A plain `migrate`, as anybody would run it, and a look at the tables and the history after it. Ends the repair. */
export function finish(workshop: Workshop, alias: string, before: readonly Complaint[], backup: string | null): Repaired {
	const {repo, command} = workshop;
	const failure = migrate(workshop, alias, [], {});
	if (failure !== null)
		return {ok: false, what: 'the history is in order, but migrate fails', why: failure, next: 'manage.py migrate', backup};
	failpoint('database-finished');
	closeRepair(repo);
	const asked = askDjango(command, {action: 'check', alias, renamed: {}});
	if (!asked.ok)
		return {ok: false, what: 'what came of it could not be looked at', why: asked.why, next: 'migration-guard db status', backup};
	const known = new Set(before.map(([, what]) => what));
	const {complaints, pending, inconsistent} = asked.answer;
	const news = complaints.filter(([, what]) => !known.has(what)).map(([, what]) => what);
	const wrong = [
		...news,
		...pending.map(key => `${key} is still not applied`),
		...inconsistent.map(([child, parent]) => `${child} is applied before ${parent}`),
	];
	if (wrong.length === 0) return {ok: true, backup};
	return {ok: false, what: 'the tables are not what the migrations say', why: wrong.join('; '), next: restoring(backup), backup};
}

const AGAIN = 'migration-guard db repair, once the reason is mended';

function restoring(backup: string | null): string {
	return backup === null ? 'migration-guard db status' : `put the copy back: ${backup}`;
}

/** Run `migrate`; what it said is passed on. Null, or why it failed. */
export function migrate(
	{repo, command, say}: Workshop,
	alias: string,
	target: readonly string[],
	renamed: Record<NodeKey, NodeKey>,
): string | null {
	say(`migrate ${[...target, ...(alias === 'default' ? [] : ['--database', alias])].join(' ')}`.trimEnd());
	const asked = askDjango(command, {action: 'migrate', alias, renamed, target, lock: lockFile(repo)});
	if (!asked.ok) return asked.why;
	for (const line of asked.answer.said.split('\n').filter(each => /^ {2}(?:Applying|Unapplying) /.test(each))) say(line);
	const {failed} = asked.answer;
	return failed && `${failed.type}: ${failed.message}`;
}

/** Copies of one database that are kept. */
const COPIES = 3;

/** Copy an SQLite file away, where Python sees our folder: from there anything can be put back. Null: there is no copy. */
export function backUp({repo, command, say}: Workshop, {alias, file}: Database): string | null {
	if (file === null || !existsSync(file)) return null;
	const folder = statePath(repo, 'database');
	mkdirSync(folder, {recursive: true});
	const numbers = readdirSync(folder).flatMap(name =>
		name.startsWith(`${alias}-`) ? Number(/-(\d+)\.sqlite3$/.exec(name)?.[1] ?? 0) : [],
	);
	const next = Math.max(0, ...numbers) + 1;
	const copy = statePath(repo, 'database', `${alias}-${next}.sqlite3`);
	const asked = askDjango(command, {action: 'backup', alias, file: copy});
	if (!asked.ok || !asked.answer.done) return null;
	for (const number of numbers.filter(each => each <= next - COPIES))
		rmSync(statePath(repo, 'database', `${alias}-${number}.sqlite3`), {force: true});
	say(`copied ${file} to ${copy}`);
	return copy;
}
