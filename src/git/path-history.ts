import type {Repo} from './repo.ts';
import {git, text} from './run.ts';

/** A commit that touched a path. */
export interface Touch {
	readonly oid: string;
	/** The parent with which it was compared; null: it has none. */
	readonly parent: string | null;
	readonly author: string;
	/** Author date as `2024-01-15`. */
	readonly date: string;
	readonly subject: string;
}

const FORMAT = '--format=%H%x00%P%x00%an%x00%ad%x00%s%x00%x01';

/**
 * The newest commit reachable from a revision that added (`A`) or deleted (`D`) a path; null: none did, or there is no commit yet. A merge that did it
 * against one of its parents counts where no other commit did (`-m`): it may take away what only one side had.
 */
export function lastChange(repo: Repo, revision: string, path: string, what: 'A' | 'D'): Touch | null {
	return newest(repo, [`--diff-filter=${what}`], revision, path);
}

/** The newest commit reachable from a revision that changed how often a text stands in a file (`git log -S`). */
export function lastMention(repo: Repo, revision: string, path: string, mentioned: string): Touch | null {
	return newest(repo, [`-S${mentioned}`], revision, path);
}

function newest(repo: Repo, what: readonly string[], revision: string, path: string): Touch | null {
	return log(repo, [...what, '--no-merges'], revision, path) ?? log(repo, [...what, '-m'], revision, path);
}

function log(repo: Repo, what: readonly string[], revision: string, path: string): Touch | null {
	const how = [
		'--literal-pathspecs',
		'log',
		'--full-history',
		'--no-renames',
		'--no-show-signature',
		'--date=short',
		'--max-count=1',
	];
	const {stdout, code} = git(repo, [...how, '--raw', '--no-abbrev', FORMAT, ...what, revision, '--', path], {ok: [0, 128]});
	const said = stdout.toString('utf8');
	if (code !== 0 || said === '') return null;
	const [oid = '', parents = '', author = '', date = '', subject = ''] = said.split('\0');
	return {oid: oid.trim(), parent: parentOf(repo, oid.trim(), parents.split(' ').filter(Boolean), path), author, date, subject};
}

/** Of a merge, the parent against which it shows the change. */
function parentOf(repo: Repo, oid: string, parents: readonly string[], path: string): string | null {
	if (parents.length < 2) return parents[0] ?? null;
	const has = (revision: string) => git(repo, ['cat-file', '-e', `${revision}:${path}`], {ok: [0, 1, 128]}).code === 0;
	const here = has(oid);
	return parents.find(parent => has(parent) !== here) ?? parents[0]!;
}

/** Branches whose tip has a path, local ones first, as people call them; looked for among those that hold the newest commit which added it. */
export function branchesWith(repo: Repo, path: string): string[] {
	const added = log(repo, ['--diff-filter=A'], '--all', path);
	if (added === null) return [];
	const format = '--format=%(if)%(symref)%(then)%(else)%(refname)%(end)';
	const refs = text(git(repo, ['for-each-ref', format, `--contains=${added.oid}`, 'refs/heads', 'refs/remotes']))
		.split('\n')
		.filter(Boolean);
	const answers = text(git(repo, ['cat-file', '--batch-check'], {input: refs.map(ref => `${ref}:${path}\n`).join('')})).split(
		'\n',
	);
	return refs.filter((_, index) => / blob /.test(answers[index] ?? '')).map(ref => ref.replace(/^refs\/(?:heads|remotes)\//, ''));
}
