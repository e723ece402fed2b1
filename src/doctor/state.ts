import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import path from 'node:path';
import type {Repo} from '../git/repo.ts';
import {isStaleMergeHead} from '../git/revisions.ts';
import {fields, git, text} from '../git/run.ts';
import {hasOpenEntry} from '../worktree/journal.ts';
import {type Complaint, shellWord} from './complaint.ts';

/** What earlier runs, of ours or of git's, have left behind. */
export function stateComplaints(repo: Repo): Complaint[] {
	return [...openJournal(repo), ...staleMerge(repo), ...carries(repo), ...staleAnswers(repo)];
}

function openJournal(repo: Repo): Complaint[] {
	if (!hasOpenEntry(repo)) return [];
	const why = 'its journal is open; the next hook finishes it, too';
	return [{code: 'open-journal', what: 'a run was interrupted and is not finished', why, mend: 'migration-guard fix'}];
}

function staleMerge(repo: Repo): Complaint[] {
	if (!isStaleMergeHead(repo)) return [];
	const why =
		'git was killed before it could clean up: MERGE_HEAD names what HEAD holds, and the next commit would be an empty merge';
	return [{code: 'stale-merge-head', what: 'git believes in a merge that is made already', why, mend: 'git merge --quit'}];
}

function carries(repo: Repo): Complaint[] {
	if (repo.top === null) return [];
	const found = fields(
		git(repo, ['grep', '-l', '-z', '-I', '-F', '-e', '# >>> migration-guard carry v1 ', '--', '*.py'], {ok: [0, 1]}),
	);
	const why = 'the hook that splits it did not run; Django refuses to load it';
	return found.length === 0
		? []
		: [{code: 'carry', what: `two migrations travel in one file: ${found.join(', ')}`, why, mend: 'migration-guard fix'}];
}

/** What rerere remembers of a conflict in a migration names the numbers of that day. */
function staleAnswers(repo: Repo): Complaint[] {
	const folder = path.join(repo.commonDir, 'rr-cache');
	const setting = text(git(repo, ['config', '--type=bool', 'rerere.enabled'], {ok: [0, 1]}));
	// On by default as soon as the folder is there (git-config: rerere.enabled).
	if (setting === 'false' || !existsSync(folder)) return [];
	const stale = readdirSync(folder).filter(name => {
		const [conflict, answer] = [path.join(folder, name, 'preimage'), path.join(folder, name, 'postimage')];
		return existsSync(answer) && isFile(conflict) && /\bmigrations\.Migration\b/.test(readFileSync(conflict, 'latin1'));
	});
	if (stale.length === 0) return [];
	const why = 'git would give the answer of that day, with its numbers, to every conflict that looks the same';
	const mend = `rm -r ${stale.map(name => shellWord(`${folder}/${name}`)).join(' ')}`;
	return [{code: 'rerere', what: `rerere remembers how ${stale.length} conflicts in migrations were resolved`, why, mend}];
}

function isFile(file: string): boolean {
	return statSync(file, {throwIfNoEntry: false})?.isFile() ?? false;
}
