import {setImmediate} from 'node:timers/promises';
import type {Collision, Concern} from './concern.ts';
import type {WatchEvent} from './event.ts';
import {type Candidate, type Foreseen, foresee, type Mainline, mainlinesOf, openBranches} from './foresee.ts';
import {lookAt, type WorktreeLook} from './look.ts';
import {mend} from './mend.ts';
import type {Worktree} from './places.ts';
import {openQuarantine} from './quarantine.ts';

/** What was found of a worktree, and what it will meet. */
interface Known {
	readonly look: WorktreeLook;
	readonly collisions: readonly Collision[];
	/** The forks that could not be resolved by themselves: not tried again while they are the same. */
	readonly tried: string;
}

/** All that is known of a repository between two rounds. */
export interface Knowledge {
	/** By git directory. */
	readonly worktrees: ReadonlyMap<string, Known>;
	/** What branches that no worktree has will meet. */
	readonly branches: readonly Collision[];
	readonly foreseen: ReadonlyMap<string, Collision | null>;
}

/** What a round needs of the daemon. */
export interface Around {
	/** Gets what was done on the way. */
	readonly say: (event: WatchEvent) => void;
	/** Is all as it was when the round began? Nothing is resolved where it is not. */
	readonly isStill: () => boolean;
	/** Seconds. */
	readonly now: number;
}

export const NOTHING_KNOWN: Knowledge = {worktrees: new Map(), branches: [], foreseen: new Map()};

/** What stands, in the order in which it concerns people: forks, then what is checked out, then other branches. */
export function concernsOf({worktrees, branches}: Knowledge): Concern[] {
	const known = [...worktrees.values()];
	return [...known.flatMap(({look}) => look.standing), ...known.flatMap(({collisions}) => collisions), ...branches];
}

/**
 * Look at some worktrees (by git directory), and at all branches. Of the other worktrees, what was known stays: git is at work there, or
 * nothing has changed.
 */
export async function lookAround(
	worktrees: readonly Worktree[],
	which: readonly string[],
	before: Knowledge,
	around: Around,
): Promise<Knowledge> {
	const memory: Foreseen = {before: before.foreseen, now: new Map()};
	const known = new Map<string, Known>();
	const quarantines = worktrees.map(openQuarantine);
	try {
		for (const [index, worktree] of worktrees.entries()) {
			const old = before.worktrees.get(worktree.gitDir);
			const quarantine = quarantines[index]!.repo;
			if (!which.includes(worktree.gitDir)) {
				if (old) known.set(worktree.gitDir, old);
				continue;
			}
			const {look, tried} = await lookAndMend(worktree, quarantine, old?.tried ?? '', around);
			known.set(worktree.gitDir, {
				look,
				tried,
				collisions: await meet(quarantine, look, () => (look.candidate ? [look.candidate] : []), memory, around.say),
			});
		}
		const [first] = [...known].filter(([, {look}]) => look.settings !== null);
		const home = quarantines.find(({repo}) => repo.gitDir === first?.[0]);
		const checkedOut = new Set([...known.values()].flatMap(({look: {ref}}) => ref ?? []));
		const others = (mainline: Mainline) => openBranches(home!.repo, mainline, checkedOut);
		const branches = first && home ? await meet(home.repo, first[1].look, others, memory, around.say) : [];
		return {worktrees: known, branches, foreseen: new Map([...kept(before, known), ...memory.now])};
	} finally {
		for (const quarantine of quarantines) quarantine.close();
	}
}

/** What is foreseen of worktrees that were passed over is still wanted when their turn comes. */
function kept(before: Knowledge, known: ReadonlyMap<string, Known>): [string, Collision | null][] {
	const collisions = new Set([...known.values()].flatMap(({collisions: own}) => own));
	return [...before.foreseen].filter(([, collision]) => collision !== null && collisions.has(collision));
}

async function lookAndMend(worktree: Worktree, quarantine: Worktree, tried: string, {say, isStill, now}: Around) {
	const look = await lookAt(worktree, quarantine);
	if (look.settings === null || !look.watch.autoFix || look.standing.length === 0) return {look, tried: ''};
	const forks = [look.state.head, ...look.standing.map(({key}) => key)].join('\n');
	if (forks === tried || !isStill()) return {look, tried};
	const event = mend(worktree, look.settings, now);
	if (event) say(event);
	return event?.event === 'fixed' ? {look: await lookAt(worktree, quarantine), tried: ''} : {look, tried: forks};
}

/** Never throws: a branch that cannot be thought through must not keep the rest from being said. */
async function meet(
	repo: Worktree,
	{settings}: WorktreeLook,
	candidates: (mainline: Mainline) => readonly Candidate[],
	memory: Foreseen,
	say: (event: WatchEvent) => void,
): Promise<Collision[]> {
	const found: Collision[] = [];
	if (settings === null) return found;
	try {
		for (const mainline of mainlinesOf(repo, settings)) {
			for (const collision of foresee(repo, settings, mainline, candidates(mainline), memory)) {
				if (collision !== null) found.push(collision);
				// Git is waited for without a turn of the loop; a signal must get through.
				await setImmediate();
			}
		}
	} catch (error) {
		const why = (error as Error).message;
		say({
			event: 'trouble',
			trouble: {code: 'not-looked-at', what: 'What the next merge will do is not known.', why, next: 'migration-guard conflicts'},
		});
	}
	return found;
}
