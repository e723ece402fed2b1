import {headRef, type Repo} from '../git/repo.ts';
import {git} from '../git/run.ts';
import type {StandingFork} from '../history/standing.ts';
import type {Project} from '../migrations/project.ts';
import {nameCommits, shortRef} from './label.ts';

/** How a path came into the first-parent history of a revision. */
interface Entrance {
	/** Smaller: earlier. */
	readonly place: number;
	readonly parents: readonly string[];
	readonly subject: string;
}

/** The order of arms, and how people call where they came from. */
export interface Entrances {
	/** Order the arms by when they entered; what is not committed comes last. */
	order(fork: StandingFork): number[];
	/** The branches that the arms of all ordered forks came from, by their place in the order; null where that is not known, or not one. */
	names(): readonly string[] | null;
}

/** Ask git's first-parent history of a revision. One process for each fork. */
export function entrances(repo: Repo, revision: string, project: Project): Entrances {
	const found: (string | null)[][] = [];
	const known: {readonly arms: readonly (Entrance | null)[]}[] = [];
	return {
		order(fork) {
			const entered = entrancesOf(
				repo,
				revision,
				fork.arms.flatMap(({nodes}) => nodes.map(node => project.nodes.get(node)!.path)),
			);
			const first = fork.arms.map(({nodes}) => {
				const all = nodes.flatMap(node => entered.get(project.nodes.get(node)!.path) ?? []);
				return all.sort((a, b) => a.place - b.place)[0] ?? null;
			});
			const since = (index: number) => first[index]?.place ?? Number.POSITIVE_INFINITY;
			const order = fork.arms.map((_, index) => index).sort((a, b) => (since(a) === since(b) ? a - b : since(a) - since(b)));
			known.push({arms: order.map(index => first[index] ?? null)});
			return order;
		},
		names() {
			for (const {arms} of known.splice(0)) found.push(arms.map(entrance => nameOf(repo, entrance)));
			const count = Math.max(0, ...found.map(({length}) => length));
			const names = Array.from({length: count}, (_, side) => {
				const all = new Set(found.flatMap(arms => (side < arms.length ? [arms[side]!] : [])));
				return all.size === 1 ? [...all][0]! : null;
			});
			const isTold = names.every(name => name !== null) && new Set(names).size === count;
			return isTold && count > 0 ? (names as string[]) : null;
		},
	};
}

function entrancesOf(repo: Repo, revision: string, paths: readonly string[]): ReadonlyMap<string, Entrance> {
	const args = ['log', '--first-parent', '-m', '--diff-filter=A', '--no-renames', '--no-show-signature'];
	const what = ['--format=%x01%P%x01%s', '--name-only', '-z', revision, '--', ...paths.map(path => `:(literal,top)${path}`)];
	const {stdout, code} = git(repo, [...args, ...what], {ok: [0, 128]});
	const entered = new Map<string, Entrance>();
	if (code !== 0) return entered;
	let at: Omit<Entrance, 'place'> = {parents: [], subject: ''};
	// Newest first: the last mention of a path is when it entered for the first time.
	for (const [index, token] of stdout.toString('utf8').split('\0').entries()) {
		const text = token.trim();
		const [, parents = '', subject = ''] = text.startsWith('\u0001') ? text.split('\u0001') : [];
		if (text.startsWith('\u0001')) at = {parents: parents.split(' ').filter(Boolean), subject};
		else if (text !== '') entered.set(text, {...at, place: -index});
	}
	return entered;
}

/** The branch that was merged; the one at HEAD for what was committed there; the worktree for what is nowhere else. */
function nameOf(repo: Repo, entrance: Entrance | null): string | null {
	if (entrance === null) return 'the worktree';
	const [, merged, ...more] = entrance.parents;
	if (merged === undefined) return shortRef(headRef(repo));
	if (more.length > 0) return null;
	const [name] = nameCommits(repo, [merged]);
	if (name !== undefined && !merged.startsWith(name)) return name;
	return /^Merge (?:remote-tracking )?branch '([^']+)'/.exec(entrance.subject)?.[1] ?? null;
}
