import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {pseudoRef, type Repo} from '../git/repo.ts';
import {commitsBetween, resolveCommit} from '../git/revisions.ts';
import type {Outcome} from '../plan/outcome.ts';
import {NOTHING} from '../plan/outcome.ts';
import {resolveReplay} from './rebase.ts';
import type {Settings} from './settings.ts';

/**
 * HEAD has just got a cherry-picked commit: null when it has not. A range is looked at once, after its last pick: moving HEAD
 * earlier makes git stop ("your local changes would be overwritten"), because its sequencer holds the index in memory.
 */
export function resolvePick(repo: Repo, settings: Settings): Outcome | null {
	const picked = pseudoRef(repo, 'CHERRY_PICK_HEAD');
	if (picked === null) return null;
	const todo = join(repo.gitDir, 'sequencer', 'todo');
	const left = existsSync(todo)
		? readFileSync(todo, 'utf8')
				.split('\n')
				.filter(line => /^\w/.test(line))
		: [];
	if (left.length > 1) return NOTHING;
	const started = join(repo.gitDir, 'sequencer', 'head');
	const onto = existsSync(started) ? readFileSync(started, 'utf8').trim() : resolveCommit(repo, 'HEAD^');
	const head = resolveCommit(repo, 'HEAD');
	if (onto === null || head === null) return NOTHING;
	return resolveReplay(repo, {onto, start: picked, head, range: commitsBetween(repo, [head], [onto])}, settings, 'cherry-pick');
}
