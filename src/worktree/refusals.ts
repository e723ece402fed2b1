import type {Refusal} from '../refusal.ts';

export interface Refused {
	readonly ok: false;
	readonly refusal: Refusal;
}

/** A reason of this room not to act. It knows paths, not migrations: `nodes` is empty. */
export function refused(code: string, what: string, paths: readonly string[], why: string, next: string): Refused {
	return {ok: false, refusal: {code, what, nodes: [], paths, why, next}};
}

/** The command that tries again. */
export function again(kind: string): string {
	return kind === 'undo' ? 'migration-guard undo' : 'migration-guard fix';
}

export function inTheWay(kind: string, paths: readonly string[]): Refused {
	const what = `Nothing was changed: ${list(paths)} ${paths.length === 1 ? 'is' : 'are'} in the way.`;
	const why = 'A file that git does not track is where a migration has to go. Move it away, then run this again.';
	return refused('file-in-the-way', what, paths, why, again(kind));
}

export function localEdits(kind: string, paths: readonly string[]): Refused {
	const what = `Nothing was changed: ${list(paths)} ${paths.length === 1 ? 'has' : 'have'} local edits.`;
	return refused(
		'local-edits',
		what,
		paths,
		'Your edits are not ours to move. Commit or stash them, then run this again.',
		again(kind),
	);
}

export function caseCollision(kind: string, paths: readonly string[]): Refused {
	const what = `Nothing was changed: ${list(paths)} would be the same file on a file system that ignores case.`;
	return refused(
		'case-collision',
		what,
		paths,
		'Git is told so by core.ignoreCase. Rename one of them, then run this again.',
		again(kind),
	);
}

const gitSays: readonly {readonly pattern: RegExp; readonly refuse: (kind: string, paths: string[]) => Refused}[] = [
	{
		pattern: /Unable to create '([^']*index[^']*\.lock)'/g,
		refuse: (kind, [lock = 'index.lock']) =>
			refused(
				'index-locked',
				`Nothing was changed: git's index is locked (${lock}).`,
				[lock],
				'Another git is at work here, or one was killed. If none is running, delete that file, then run this again.',
				again(kind),
			),
	},
	{pattern: /Entry '(.*)' not uptodate\. Cannot merge|Entry '(.*)' would be overwritten by merge/g, refuse: localEdits},
	{pattern: /Untracked working tree file '(.*)' would be (?:overwritten|removed) by merge/g, refuse: inTheWay},
	{pattern: /Updating '(.*)' would lose untracked files in it/g, refuse: inTheWay},
	{
		pattern: /(.*): unmerged|(resolve your current index)/g,
		refuse: (kind, paths) =>
			unmerged(
				kind,
				paths.filter(path => path !== 'resolve your current index'),
			),
	},
];

/** What a failed `read-tree` means, or null when git had begun to write and could not go on. Then files must be put back. */
export function readTreeRefusal(kind: string, stderr: string): Refused | null {
	for (const {pattern, refuse} of gitSays) {
		const paths = [...stderr.matchAll(pattern)].map(match =>
			match
				.slice(1)
				.find(Boolean)!
				.replace(/^error: /, ''),
		);
		if (paths.length > 0) {
			return refuse(kind, [...new Set(paths)]);
		}
	}

	return null;
}

export function unmerged(kind: string, paths: readonly string[]): Refused {
	const what = 'Nothing was changed: the index still holds conflicts.';
	return refused('unmerged', what, paths, 'Resolve them and `git add` the files, then run this again.', again(kind));
}

/** A killed run was finished before this one; what this one worked out was for the state before. */
export function recoveredFirst(finished: string, kind: string): Refused {
	const what = `An unfinished ${finished} was finished first; nothing else was changed.`;
	return refused('recovered', what, [], 'What was worked out now was for the state before that.', again(kind));
}

/** What a failed ref update means: moved, locked, or a hook that said no. Nothing was changed by it. */
export function refRefusal(kind: string, stderr: string): Refused {
	const [, ref = 'HEAD'] = /cannot (?:lock|update) ref '([^']*)'/.exec(stderr) ?? [];
	if (/Unable to create '.*\.lock'|File exists/.test(stderr)) {
		const what = `Nothing was changed: ${ref} is locked.`;
		const why = `Another git is moving it, or one was killed: ${firstLine(stderr)}`;
		return refused('ref-locked', what, [], why, again(kind));
	}

	if (/but expected|unable to resolve reference|reference already exists/.test(stderr)) {
		const why = `It no longer stands where it stood when this was worked out: ${firstLine(stderr)}`;
		return refused('ref-moved', `Nothing was changed: ${ref} moved.`, [], why, again(kind));
	}

	return refused('ref-rejected', `Nothing was changed: git would not move ${ref}.`, [], firstLine(stderr), again(kind));
}

function firstLine(stderr: string): string {
	return stderr
		.trim()
		.split('\n')[0]!
		.replace(/^(?:fatal|error): /, '');
}

function list(paths: readonly string[]): string {
	const shown = paths.slice(0, 3).join(', ');
	return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}
