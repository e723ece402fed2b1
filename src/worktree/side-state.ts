import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {readBlobs} from '../git/objects.ts';
import type {Repo} from '../git/repo.ts';
import {resolveCommits} from '../git/revisions.ts';
import {git, text} from '../git/run.ts';
import {type CarriedRef, closeEntry, readEntry, type SideState} from './journal.ts';
import {worktreeOids} from './roll-back.ts';
import {writeAtomically} from './state.ts';
import {markUndone} from './undone.ts';

/** Do what has to follow once HEAD has moved. Every kind may be done again: a killed run is finished by the next one. */
export function settle(repo: Repo, side: readonly SideState[]): void {
	for (const state of side) {
		switch (state.kind) {
			case 'update-refs':
				settleUpdateRefs(repo, state.oids, state.refs ?? []);
				break;
			case 'autostash':
				settleAutostash(repo, state);
				break;
			case 'notes':
				settleNotes(repo, state);
				break;
			case 'stash':
				settleStash(repo, state);
				break;
			case 'bytes':
				settleBytes(repo, state.files);
				break;
			case 'undone': {
				const entry = readEntry(repo, state.id);
				markUndone(repo, state.head, state.merged);
				if (entry && entry.state !== 'undone') {
					closeEntry(repo, entry, 'undone');
				}

				break;
			}
		}
	}
}

const updateRefs = 'rebase-merge/update-refs';

/**
 * Which branches a running rebase will move to commits of ours. Git's list holds three lines each: ref, oid before, oid after
 * (git: sequencer.c write_update_refs_state).
 */
export function carriedRefs(repo: Repo, oids: Readonly<Record<string, string>>): CarriedRef[] {
	return triples(repo).flatMap(([ref, before, after]) => (oids[after] ? [{ref, before, old: after, new: oids[after]}] : []));
}

function settleUpdateRefs(repo: Repo, oids: Readonly<Record<string, string>>, refs: readonly CarriedRef[]): void {
	const file = join(repo.gitDir, updateRefs);
	if (existsSync(file)) {
		const lines = triples(repo).flatMap(([ref, before, after]) => [ref, before, oids[after] ?? after]);
		writeAtomically(file, lines.map(line => `${line}\n`).join(''));
		return;
	}

	// The rebase ended before we did, and git moved the branches to its own commits.
	const now = resolveCommits(
		repo,
		refs.map(({ref}) => ref),
	);
	for (const {ref, old, new: target} of refs.filter((move, index) => now[index] === move.old)) {
		git(repo, ['update-ref', '-m', 'migration-guard: renumber', ref, target, old], {ok: [0, 1, 128]});
	}
}

function triples(repo: Repo): [ref: string, before: string, after: string][] {
	const file = join(repo.gitDir, updateRefs);
	const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
	const result: [string, string, string][] = [];
	for (let index = 0; index + 2 < lines.length; index += 3) {
		result.push([lines[index]!, lines[index + 1]!, lines[index + 2]!]);
	}

	return result;
}

function settleAutostash(repo: Repo, {where, old, new: target}: Extract<SideState, {kind: 'autostash'}>): void {
	const file = join(repo.gitDir, where);
	if (where === 'MERGE_AUTOSTASH') {
		// A file, or a pseudo ref since git 2.44: update-ref knows. The old value makes it do nothing once git has applied the stash.
		git(repo, ['update-ref', where, target, old], {ok: [0, 1, 128]});
	} else if (existsSync(file) && readFileSync(file, 'utf8').trim() === old) {
		writeAtomically(file, `${target}\n`);
	}
}

function settleNotes(repo: Repo, {command, pairs}: Extract<SideState, {kind: 'notes'}>): void {
	const input = pairs.map(([old, now]) => `${old} ${now}\n`).join('');
	// Our commits have no notes yet; overwriting makes a second time harmless where the user's mode is to concatenate.
	const args = ['-c', 'notes.rewriteMode=overwrite', 'notes', 'copy', '--stdin', `--for-rewrite=${command}`];
	git(repo, args, {input, ok: [0, 1, 128]});
}

function settleStash(repo: Repo, {old, new: listed}: Extract<SideState, {kind: 'stash'}>): void {
	const entries = stashEntries(repo);
	if (!entries.some(entry => entry.oid === listed)) {
		return;
	}

	if (!entries.some(entry => entry.oid === old)) {
		git(repo, ['stash', 'store', '-q', '-m', entries.find(entry => entry.oid === listed)!.message, old]);
	}

	const place = stashEntries(repo).findIndex(entry => entry.oid === listed);
	git(repo, ['stash', 'drop', '-q', `stash@{${place}}`]);
}

/** The stash list, newest first. */
export function stashEntries(repo: Repo): {oid: string; message: string}[] {
	const lines = text(git(repo, ['log', '-g', '--format=%H %gs', 'refs/stash', '--'], {ok: [0, 128]}))
		.split('\n')
		.filter(Boolean);
	return lines.map(line => ({oid: line.slice(0, line.indexOf(' ')), message: line.slice(line.indexOf(' ') + 1)}));
}

function settleBytes(repo: Repo, files: Readonly<Record<string, {oid: string; raw: string}>>): void {
	const paths = Object.keys(files);
	const now = worktreeOids(repo, paths);
	const raws = readBlobs(
		repo,
		paths.map(path => files[path]!.raw),
	);
	const written: string[] = [];
	for (const [path, {oid, raw}] of Object.entries(files)) {
		const file = join(repo.cwd, path);
		const bytes = raws.get(raw)!;
		// Another content is an edit made since, and stays.
		if (now.get(path) === oid && !readFileSync(file).equals(bytes)) {
			writeFileSync(file, bytes);
			written.push(path);
		}
	}

	if (written.length > 0) {
		// Added anew, to the same blob: a file of another size than the index remembers would show as changed (read-cache.c ie_modified).
		git(repo, ['update-index', '-z', '--stdin'], {input: written.map(path => `${path}\0`).join(''), ok: [0, 1, 128]});
	}
}
