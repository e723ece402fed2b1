import {mkdtempSync, rmSync} from 'node:fs';
import {devNull, tmpdir} from 'node:os';
import {join, relative} from 'node:path';
import {headRef, operation, type Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import type {Refusal} from '../refusal.ts';
import {failpoint} from '../worktree/failpoint.ts';
import {withLock} from '../worktree/lock.ts';
import {askDjango, type Check, type Database} from './ask.ts';
import {backUp, finish, migrate, type Repaired, type Workshop} from './repair.ts';
import {closeRepair, openedRepair, openRepair, type RepairEntry} from './repair-journal.ts';
import type {Sequence} from './sequence.ts';

type Back = Extract<Sequence, {kind: 'back'}>;

/**
 * Check out the old tip, go back to where the branch began, return, and apply everything anew. The checkout is this one: its settings and
 * its .env are needed. Killed or interrupted, `comeBack` returns.
 */
export function repairGoingBack(workshop: Workshop, database: Database, sequence: Back, before: Check): Repaired {
	const {repo} = workshop;
	const refusal = whyNotAway(repo, database);
	if (refusal) return failed(refusal);
	return withLock(repo, failed, () => {
		const away = {branch: headRef(repo), commit: resolveCommit(repo, 'HEAD')!, tip: sequence.origin.commit};
		openRepair(repo, {version: 1, kind: 'back', alias: sequence.alias, from: [sequence.origin.commit], away});
		let went: Repaired | null;
		try {
			checkOut(repo, ['--detach', away.tip]);
			failpoint('database-away');
			went = goBack(workshop, database, sequence);
			failpoint('database-gone-back');
		} finally {
			comeBack(repo);
		}
		if (went && !went.ok) {
			closeRepair(repo);
			return went;
		}
		return finish(workshop, sequence.alias, before.complaints, went?.backup ?? null);
	});
}

/** Return from an old tip that a killed repair left checked out. Null: nothing to do, else what was done. */
export function comeBack(repo: Repo): string | null {
	const entry = openedRepair(repo);
	if (!entry?.away) return null;
	const {branch, commit, tip} = entry.away;
	const stay: RepairEntry = {...entry, away: null};
	// Somebody has been here since: where they went is where they want to be.
	if (headRef(repo) !== null || resolveCommit(repo, 'HEAD') !== tip) {
		openRepair(repo, stay);
		return null;
	}
	checkOut(repo, branch === null ? ['--detach', commit] : [branch.replace(/^refs\/heads\//, ''), '--']);
	openRepair(repo, stay);
	return `back on ${branch === null ? commit.slice(0, 9) : branch.replace(/^refs\/heads\//, '')}`;
}

/** On the old tip. Null or ok: it went well. */
function goBack(workshop: Workshop, database: Database, {alias, targets, leaving}: Back): Repaired | null {
	const cache = mkdtempSync(join(tmpdir(), 'migration-guard-pycache-'));
	try {
		// Python believes a compiled file of the same second and size: here it must not find those of the other revision.
		const there = {...workshop, command: {...workshop.command, env: {...workshop.command.env, PYTHONPYCACHEPREFIX: cache}}};
		const asked = askDjango(there.command, {action: 'backwards', alias, targets});
		if (!asked.ok) return failed({what: 'the old tip could not be asked', why: asked.why, next: 'migration-guard db status'});
		const {plan, irreversible} = asked.answer;
		const [first] = irreversible;
		if (first)
			return failed({
				what: `${alias}: no sequence is known`,
				why: `${first[0]} cannot be reversed: ${first[1]}`,
				next: 'make the database anew, or reverse it by hand',
			});
		const forwards = plan.filter(([, back]) => !back);
		if (forwards.length > 0 || !leaving.every(key => plan.some(([other]) => other === key)))
			return failed({
				what: `${alias}: going back would not take back what it should`,
				why: plan.map(([key]) => key).join(', ') || 'nothing would be unapplied',
				next: 'migration-guard db status',
			});
		const backup = backUp(there, database);
		for (const [app, name] of targets) {
			const failure = migrate(there, alias, [app, name || 'zero'], {});
			if (failure !== null)
				return {
					ok: false,
					what: `migrate ${app} ${name || 'zero'} failed`,
					why: failure,
					next: 'migration-guard db status',
					backup,
				};
		}
		return {ok: true, backup};
	} finally {
		rmSync(cache, {recursive: true, force: true});
	}
}

/** Why the old tip cannot be checked out here, or null. */
function whyNotAway(repo: Repo, {file}: Database): Pick<Refusal, 'what' | 'why' | 'next'> | null {
	const running = operation(repo);
	if (running !== null)
		return {what: 'the old tip cannot be checked out', why: `a ${running} is in progress`, next: 'git status'};
	const dirty = text(git(repo, ['status', '--porcelain', '--untracked-files=no']))
		.split('\n')
		.filter(Boolean);
	if (dirty.length > 0)
		return {what: 'the old tip cannot be checked out', why: `the worktree is not clean: ${dirty.join(', ')}`, next: 'git stash'};
	const tracked = file === null ? '' : text(git(repo, ['ls-files', '--', relative(repo.cwd, file)], {ok: [0, 128]}));
	if (tracked !== '')
		return {
			what: 'the old tip cannot be checked out',
			why: `git would take its own ${tracked} for the database`,
			next: `git rm --cached ${tracked}`,
		};
	return null;
}

/** Hooks are for people's checkouts; a Ctrl-C must not stop git between two files. */
function checkOut(repo: Repo, where: readonly string[]): void {
	git(repo, ['-c', `core.hooksPath=${devNull}`, '-c', 'advice.detachedHead=false', 'checkout', '--quiet', ...where], {
		shielded: true,
	});
}

function failed({what, why, next}: Pick<Refusal, 'what' | 'why' | 'next'>): Repaired {
	return {ok: false, what, why, next, backup: null};
}
