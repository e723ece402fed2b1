import type {Narrator} from './narrator.ts';

/** A merge whose two parents had both added migrations to one folder since they parted. */
export interface ForkMerge {
	readonly oid: string;
	/** What was HEAD, and what was merged into it. */
	readonly parents: readonly [string, string];
	readonly folders: readonly string[];
}

const MIGRATIONS = '*migrations/[0-9]*.py';

/** The fork merges in the history of a repository, newest first. Only trees are read. */
export async function* forkMerges({text, run}: Narrator, repository: string): AsyncGenerator<ForkMerge> {
	const log = [
		'log',
		'--merges',
		'--min-parents=2',
		'--max-parents=2',
		'--full-history',
		'--diff-merges=first-parent',
		'--diff-filter=A',
	];
	// What the merged side brought; whether HEAD's side had something of its own is asked one by one.
	const merges = await text(repository, [
		'git',
		...log,
		'--no-renames',
		'--name-only',
		'--format=commit %H %P',
		'HEAD',
		'--',
		MIGRATIONS,
	]);
	for (const block of merges.split(/^commit /m).slice(1)) {
		const [head = '', ...brought] = block.split('\n').filter(Boolean);
		const [oid = '', ours = '', theirs = ''] = head.split(' ');
		const {output: base, code} = await run(repository, ['git', 'merge-base', ours, theirs]);
		if (code !== 0) continue;
		const added = await run(repository, [
			'git',
			'diff-tree',
			'-r',
			'--diff-filter=A',
			'--no-renames',
			'--name-only',
			base.trim(),
			ours,
			'--',
			MIGRATIONS,
		]);
		const had = new Set(added.output.split('\n').filter(Boolean).map(folderOf));
		const folders = [...new Set(brought.map(folderOf))].filter(folder => had.has(folder));
		if (folders.length > 0) yield {oid, parents: [ours, theirs], folders};
	}
}

function folderOf(path: string): string {
	return path.slice(0, path.lastIndexOf('/'));
}
