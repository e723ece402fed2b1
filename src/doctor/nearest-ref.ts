import type {Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';

/**
 * The branch that is here and that a name in the configuration is likely to mean, as the configuration would call it; null: none is near.
 * @param remotes names of remotes: what begins with none of them may be a branch of another remote
 */
export function nearestRef(repo: Repo, name: string, remotes: readonly string[]): string | null {
	const refs = text(git(repo, ['for-each-ref', '--format=%(refname)', 'refs/remotes', 'refs/heads']))
		.split(/\r?\n/)
		.filter(ref => ref !== '' && !/^refs\/remotes\/[^/]+\/HEAD$/.test(ref));
	const known = refs.map(ref => ref.replace(/^refs\/(?:heads|remotes)\//, ''));
	// A branch of a remote can be called without it.
	const short = refs.flatMap(ref => /^refs\/remotes\/[^/]+\/(.+)$/.exec(ref)?.[1] ?? []);
	const most = Math.max(1, Math.min(2, Math.floor(name.length / 5)));
	const near = [...new Set([...known, ...short])]
		.filter(other => withoutDigits(other) !== withoutDigits(name))
		.map(other => ({other, far: distance(name, other)}))
		.filter(({far}) => far <= most)
		.sort((a, b) => a.far - b.far);
	const [, remote = '', branch = ''] = /^([^/]+)\/(.+)$/.exec(name) ?? [];
	const elsewhere = remotes.includes(remote)
		? undefined
		: remotes.map(other => `${other}/${branch}`).find(other => known.includes(other));
	return near[0]?.other ?? elsewhere ?? null;
}

/** `release/1` and `release/2` are no mistypings of each other. */
function withoutDigits(name: string): string {
	return name.replace(/\d+/g, '0');
}

/** In how many letters two names differ; two that changed places are one. */
function distance(a: string, b: string): number {
	const rows = [Array.from({length: b.length + 1}, (_, index) => index)];
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
			row.push(
				Math.min(
					rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1),
					rows[i - 1]![j]! + 1,
					row[j - 1]! + 1,
					isSwapped ? rows[i - 2]![j - 2]! + 1 : Number.POSITIVE_INFINITY,
				),
			);
		}
		rows.push(row);
	}
	return rows[a.length]![b.length]!;
}
