import {existsSync, statSync} from 'node:fs';
import {join} from 'node:path';
import {performance} from 'node:perf_hooks';
import {concernJson, promptText} from '../report/watch.ts';
import {openAlarm} from './alarm.ts';
import {isGitAtWork} from './at-work.ts';
import type {Concern} from './concern.ts';
import {openDoorbell} from './doorbell.ts';
import type {Mode, Trouble, WatchEvent} from './event.ts';
import {fetchMainlines} from './fetch.ts';
import {BEAT, isSame, lookedAt, type Pulse, START, turn} from './idle.ts';
import {returnMemory} from './memory.ts';
import {isSameMatter, newsOf} from './news.ts';
import {findWorktrees, foldersToWatch, type Worktree, worktreesKey} from './places.ts';
import {isWorthLook} from './rings.ts';
import {concernsOf, type Knowledge, lookAround, NOTHING_KNOWN} from './round.ts';
import {type Status, writePrompt, writeStatus} from './status.ts';
import {sweep} from './sweep.ts';
import {notLookedAt, notWatched, notWritten, noWatches} from './troubles.ts';

export interface Watching {
	readonly commonDir: string;
	/** The worktree whose configuration says what the daemon does besides watching; the first one, where it is gone. */
	readonly gitDir: string;
	/** Look around again and again from the start. */
	readonly isPolling: boolean;
	readonly say: (event: WatchEvent) => void;
	/** Whether we are still the one who watches. */
	readonly isOurs: () => boolean;
	readonly stop: AbortSignal;
}

/** How long nothing need ring, in milliseconds: a laptop sleeps, a network file system is silent. */
const HEARTBEAT = 10_000;
/** Between two sweeps where nothing ever rings. */
const POLL = 1500;
/** The longest that a git is waited for that has moved a branch and not ended yet. */
const HOOKS = 60_000;
/** What no sweep sees is looked at this often. */
const RELOOK = {events: 600_000, polling: 60_000} as const;

/** Watch a repository until it is gone, somebody else watches it, or `stop`; says why it ended. */
export async function keepWatch({commonDir, gitDir, isPolling, say, isOurs, stop}: Watching): Promise<string> {
	const alarm = openAlarm(stop);
	const started = new Date().toISOString();
	const troubles = new Map<string, Trouble>();
	const saidTroubles = new Set<string>();
	const bells = new Map<string, number>();
	let mode: Mode = isPolling ? 'polling' : 'events';
	let worktrees: readonly Worktree[] = [];
	let listed = '';
	let knowledge: Knowledge = NOTHING_KNOWN;
	let standing: ReadonlyMap<string, Concern> = new Map();
	let rhythm = START;
	let looked = 0;
	/** Has it looked since it last came to rest? */
	let isWarm = false;
	let fetched: number | null = null;

	const now = () => performance.now();
	const lookAgain = (tops: readonly string[] = worktrees.map(({top}) => top)) => {
		for (const top of tops) bells.set(top, (bells.get(top) ?? 0) + 1);
		alarm.ring();
	};
	const tell = (event: WatchEvent) => {
		if (event.event !== 'trouble') return say(event);
		const {code, what, why} = event.trouble;
		const id = [code, what, why].join('\n');
		troubles.set(id, event.trouble);
		if (!saidTroubles.has(id)) say(event);
		saidTroubles.add(id);
	};
	/** What may be over; what is not is found again before `remember`, and not said again. */
	const forget = (...codes: readonly Trouble['code'][]) => {
		for (const [id, {code}] of troubles) if (codes.includes(code)) troubles.delete(id);
	};
	const remember = () => {
		for (const id of saidTroubles) if (!troubles.has(id)) saidTroubles.delete(id);
	};
	const doorbell = openDoorbell({
		ring(folder, name) {
			// A worktree may lie in another one.
			const [owner] = worktrees.filter(({top}) => isWithin(folder, top)).sort((a, b) => b.top.length - a.top.length);
			if (!owner || isWithin(folder, commonDir)) alarm.ring();
			else if (isWorthLook(folder, name, isFolder)) lookAgain([owner.top]);
		},
		exhausted(code) {
			mode = 'polling';
			tell({event: 'trouble', trouble: noWatches(code)});
			alarm.ring();
		},
		failed: error => tell({event: 'trouble', trouble: notWatched(error)}),
	});
	const arm = () => {
		const folders = [...knowledge.worktrees.values()].flatMap(({look}) => look.folders);
		doorbell.arm(mode === 'polling' ? new Set() : foldersToWatch(commonDir, worktrees, folders));
	};
	const swept = () => worktrees.map(repo => ({repo, folders: knowledge.worktrees.get(repo.gitDir)?.look.folders ?? []}));
	const see = (): Pulse | null => {
		try {
			const key = worktreesKey(commonDir);
			if (key !== listed || worktrees.length === 0) {
				worktrees = findWorktrees(commonDir);
				listed = key;
				arm();
			}
			return sweep(commonDir, swept(), {bells, isDeep: mode === 'polling'});
		} catch (error) {
			if (isFolder(commonDir) && existsSync(join(commonDir, 'HEAD')))
				tell({event: 'trouble', trouble: notWatched(error as Error)});
			return null;
		}
	};
	const topsOf = (dirs: readonly string[]) => worktrees.filter(one => dirs.includes(one.gitDir)).map(({top}) => top);
	const isInHands = (which: readonly string[], moved: readonly string[]) =>
		now() - rhythm.since < HOOKS &&
		(isGitAtWork(topsOf(which), {moved: false}) || (moved.length > 0 && isGitAtWork(topsOf(moved), {moved: true})));
	const look = async (pulse: Pulse, which: readonly string[], moved: readonly string[]) => {
		const isStill = () => {
			const seen = see();
			return seen !== null && isSame(seen, pulse) && !isInHands(which, moved);
		};
		forget('not-looked-at', 'not-watched', 'not-written');
		knowledge = await lookAround(worktrees, which, knowledge, {say: tell, isStill, now: Math.floor(Date.now() / 1000)});
		isWarm = true;
		// What was seen while git began to work is neither the state before nor the one after.
		if (!isStill()) return;
		for (const {look: one} of knowledge.worktrees.values())
			if (one.state.error) tell({event: 'trouble', trouble: notLookedAt(one.state)});
		rhythm = lookedAt(rhythm, pulse, which);
		looked = now();
		arm();
		const news = newsOf(standing, concernsOf(knowledge));
		standing = news.standing;
		report(pulse);
		remember();
		for (const concern of news.over)
			say({event: 'over', concern, isReplaced: news.fresh.some(other => isSameMatter(concern, other))});
		for (const concern of news.fresh) say({event: 'concern', concern});
		say({
			event: 'looked',
			worktrees: worktrees.filter(one => which.includes(one.gitDir)).map(({top}) => top),
			concerns: standing.size,
		});
	};
	const report = (pulse: Pulse) => {
		if (!isOurs()) return;
		const concerns = [...standing.values()];
		const status: Status = {
			version: 1,
			pid: process.pid,
			started,
			looked: new Date().toISOString(),
			mode,
			folders: doorbell.size(),
			worktrees: worktrees.flatMap(one => {
				const known = knowledge.worktrees.get(one.gitDir);
				return known ? [{...known.look.state, operation: pulse.worktrees.get(one.gitDir)?.operation ?? null}] : [];
			}),
			concerns: concerns.map(concernJson),
			troubles: [...troubles.values()],
		};
		try {
			writeStatus({commonDir}, status);
			for (const {gitDir: dir, top} of worktrees) writePrompt(dir, promptText(concerns, top));
		} catch (error) {
			tell({event: 'trouble', trouble: notWritten(error as Error)});
		}
	};
	const fetchWhenDue = () => {
		const known = knowledge.worktrees.get(gitDir) ?? [...knowledge.worktrees.values()][0];
		const [settings, every] = [known?.look.settings, known?.look.watch.fetchEvery ?? 0];
		const home = worktrees.find(one => one.gitDir === gitDir) ?? worktrees[0];
		if (!settings || !home || every === 0 || (fetched !== null && now() - fetched < every)) return;
		// Counted from its end on: one that takes long is not followed by the next at once.
		fetched = Number.POSITIVE_INFINITY;
		void fetchMainlines(home, settings, stop)
			.then(({moved, trouble}) => {
				if (trouble) tell({event: 'trouble', trouble});
				else {
					forget('fetch-failed');
					remember();
				}
				for (const each of moved) say({event: 'fetched', ...each});
				if (moved.length > 0) lookAgain();
			})
			.catch((error: Error) => tell({event: 'trouble', trouble: notWatched(error)}))
			.finally(() => {
				fetched = now();
			});
	};

	try {
		for (;;) {
			if (stop.aborted) return 'it was asked to';
			if (!isFolder(commonDir)) return 'the repository is gone';
			if (!isOurs()) return 'its lock was taken away';
			const pulse = see();
			if (pulse === null) {
				await alarm.sleep(BEAT, 'deaf');
				if (!existsSync(join(commonDir, 'HEAD'))) return 'the repository is gone';
				await alarm.sleep(POLL, 'deaf');
				continue;
			}
			if (looked > 0 && now() - looked > RELOOK[mode]) lookAgain();
			const decided = turn(rhythm, pulse, now());
			rhythm = decided.rhythm;
			if (decided.turn.kind === 'look' && isInHands(decided.turn.worktrees, decided.turn.moved)) {
				await alarm.sleep(BEAT, 'deaf');
			} else if (decided.turn.kind === 'look') {
				await look(pulse, decided.turn.worktrees, decided.turn.moved);
			} else if (decided.turn.kind === 'again') {
				await alarm.sleep(BEAT, 'deaf');
			} else {
				fetchWhenDue();
				if (isWarm) await returnMemory();
				isWarm = false;
				await alarm.sleep(mode === 'polling' ? POLL : HEARTBEAT);
			}
		}
	} finally {
		await doorbell.close();
		for (const {gitDir: dir} of worktrees) writePrompt(dir, null);
	}
}

function isFolder(path: string): boolean {
	return statSync(path, {throwIfNoEntry: false})?.isDirectory() ?? false;
}

function isWithin(path: string, folder: string): boolean {
	return path === folder || path.startsWith(`${folder}/`);
}
