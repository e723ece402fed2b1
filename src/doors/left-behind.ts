import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {headRef, type Operation, operation, pseudoRef, type Repo} from '../git/repo.ts';
import {commitInfos, isStaleMergeHead, recentHeads} from '../git/revisions.ts';

/** What git is in the middle of; or what it left behind when it was killed after its work was done, in one of its own hooks. */
export interface Running {
	readonly operation: Operation | null;
	/** The operation is over, and only git's notes of it are left. */
	readonly isOver: boolean;
}

/** Look at what is in progress, and whether it really is. */
export function running(repo: Repo): Running {
	const found = operation(repo);
	const isOver =
		(found === 'merge' && isStaleMergeHead(repo)) ||
		(found === 'rebase-merge' && isRebaseOver(repo)) ||
		(found === 'cherry-pick' && isPickOver(repo));
	return {operation: found, isOver};
}

/** Said where git's notes were left behind. */
export function leftBehind(operation: Operation): string {
	const name = operation.startsWith('rebase') ? 'rebase' : operation;
	return `Git was killed before it could end the ${name}; what it left behind goes away with: git ${name} --quit`;
}

/** While it goes on, HEAD is detached; the branch is checked out again in the end, and only then are the notes deleted. */
function isRebaseOver(repo: Repo): boolean {
	const file = join(repo.gitDir, 'rebase-merge', 'head-name');
	return existsSync(file) && readFileSync(file, 'utf8').trim() === headRef(repo);
}

/** The last thing that happened to HEAD is this very pick, or what we made of it. */
function isPickOver(repo: Repo): boolean {
	const picked = pseudoRef(repo, 'CHERRY_PICK_HEAD');
	const [last] = recentHeads(repo, 1);
	if (picked === null || last === undefined || !/^(?:cherry-pick|migration-guard)\b/.test(last.subject)) return false;
	const todo = join(repo.gitDir, 'sequencer', 'todo');
	if (existsSync(todo) && readFileSync(todo, 'utf8').split('\n').filter(Boolean).length > 1) return false;
	const [theirs, ours] = commitInfos(repo, [picked, last.oid]) as [Info, Info];
	return authorOf(theirs) === authorOf(ours);
}

type Info = ReturnType<typeof commitInfos>[number];

function authorOf({raw}: Info): string | undefined {
	return /^author .*$/m.exec(raw.toString('latin1'))?.[0];
}
