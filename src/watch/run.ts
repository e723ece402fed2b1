import {rmSync, utimesSync} from 'node:fs';
import {homedir} from 'node:os';
import {basename} from 'node:path';
import process from 'node:process';
import {DEFAULTS} from '../config/config.ts';
import {loadConfig} from '../config/find.ts';
import type {Repo} from '../git/repo.ts';
import {eventJson, eventLines, headline} from '../report/watch.ts';
import {hold, holderOf, release} from '../worktree/holder.ts';
import {keepWatch} from './daemon.ts';
import type {WatchEvent} from './event.ts';
import {appendLog} from './log.ts';
import {notify} from './notify.ts';
import {leftovers} from './quarantine.ts';
import {promptFile, watchFiles} from './status.ts';

export interface WatchOptions {
	/** How events are told: to a terminal, to a program, or to the log alone. */
	readonly voice: 'text' | 'json' | 'log';
	/** Do not wait for the system to tell of changes. */
	readonly isPolling: boolean;
	readonly out: (text: string) => void;
}

/** What `watch` answers: who is watching already, or why it ended. */
export type Watched = {readonly busy: number} | {readonly ended: string};

/**
 * Be the daemon of a repository, until it is gone or a signal comes: one for each repository, whichever worktree it was started in. Leaves
 * no lock, status or prompt behind; what a `kill -9` leaves is recognised by the process id and start time in the lock.
 */
export async function watch(repo: Repo, {voice, isPolling, out}: WatchOptions): Promise<Watched> {
	const files = watchFiles(repo);
	if (!hold(files.lock, 0)) return {busy: holderOf(files.lock)?.pid ?? 0};
	const stop = new AbortController();
	const clean = () => {
		if (!isOurs()) return;
		for (const file of [files.status, promptFile(repo.gitDir), files.lock]) release(file);
	};
	const isOurs = () => holderOf(files.lock)?.pid === process.pid;
	const end = () => stop.abort();
	for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
	// Ctrl-C ends the process where it stands.
	process.on('exit', clean);
	for (const folder of leftovers(repo)) rmSync(folder, {recursive: true, force: true});
	// On Windows nobody can delete the folder that a process stands in.
	process.chdir(homedir());

	const heart = setInterval(() => touch(files.lock), 60_000);
	let pending: string[] = [];
	const say = (event: WatchEvent) => {
		const at = new Date().toISOString();
		const lines = eventLines(event);
		if (voice === 'json') out(eventJson(event, at));
		if (voice === 'text' && lines.length > 0) out(`${lines.join('\n')}\n`);
		if (isOurs()) appendLog(files.log, lines, at);
		if (event.event === 'concern') pending.push(headline(event.concern));
		if (event.event === 'fixed') pending.push(event.lines[0] ?? '');
		if (event.event === 'looked' && pending.length > 0) {
			void showOnDesktop(repo, pending);
			pending = [];
		}
	};
	try {
		say({event: 'started', pid: process.pid, repository: repo.top ?? repo.commonDir, mode: isPolling ? 'polling' : 'events'});
		const ended = await keepWatch({commonDir: repo.commonDir, gitDir: repo.gitDir, isPolling, say, isOurs, stop: stop.signal});
		say({event: 'stopped', why: ended});
		return {ended};
	} finally {
		clearInterval(heart);
		for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.off(signal, end);
		process.off('exit', clean);
		clean();
	}
}

async function showOnDesktop(repo: Repo, lines: readonly string[]): Promise<void> {
	const {watch: wanted} = await loadConfig(repo.top).catch(() => DEFAULTS);
	if (wanted.notify === 'desktop') await notify(`migration-guard: ${basename(repo.top ?? repo.commonDir)}`, lines);
}

/** Another machine that sees this folder believes a lock for ten minutes. */
function touch(file: string): void {
	try {
		utimesSync(file, new Date(), new Date());
	} catch {
		// It was taken away: the daemon ends by itself.
	}
}
