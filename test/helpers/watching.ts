import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {existsSync, readFileSync} from 'node:fs';
import {delimiter, dirname, isAbsolute, join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import type {Status} from '../../src/watch/status.ts';
import {GIT} from './git.ts';
import {product} from './product.ts';
import {validator} from './schema.ts';

const isEvent = validator('watch');

/** One line of `watch --json`, as a reader of it knows it. */
export interface Told {
	readonly event: string;
	readonly concern?: {
		readonly kind: string;
		readonly key: string;
		readonly headline: string;
		readonly next: string;
		readonly subject: {readonly branch: string | null; readonly worktree: string | null};
		readonly nodes?: readonly string[];
		readonly theirs?: readonly string[];
		readonly ours?: readonly string[];
		readonly uncommitted?: readonly string[];
		readonly moves?: readonly {readonly from: string; readonly to: string}[];
		readonly verdicts?: readonly {readonly verdict: string}[];
		readonly isPrefetched?: boolean;
	};
	readonly isReplaced?: boolean;
	readonly worktree?: string;
	readonly worktrees?: readonly string[];
	readonly lines?: readonly string[];
	readonly refusals?: readonly {readonly code: string}[];
	readonly trouble?: {readonly code: string; readonly next: string; readonly why: string};
	readonly mainline?: string;
	readonly why?: string;
}

/** A daemon that runs. */
export interface Watching {
	readonly child: ChildProcess;
	/** Everything told so far. */
	readonly told: readonly Told[];
	/** The first event from `from` on (default: all) for which `is` holds; waits for it. */
	until(what: string, is: (told: Told) => boolean, from?: number): Promise<Told>;
	/** Wait until a state holds: asked again and again. */
	settled(what: string, holds: () => boolean | Promise<boolean>): Promise<void>;
	status(): Status;
	/** Give it so much time to say something that it should not say. Milliseconds. */
	quiet(time: number): Promise<void>;
	/** Ask it to end; its exit code. */
	stop(): Promise<number | null>;
	ended(): Promise<number | null>;
}

/** A machine with too much to do still gets there; a test that fails waits so long. */
const PATIENCE = 90_000;

export interface WatchingOptions {
	/** Below the story's folder; default `repo`. */
	readonly path?: string;
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** Wait for its first look (default). */
	readonly ready?: boolean;
}

/** The environment of a story, for what is started beside it. */
export function surroundings(folder: string): Record<string, string> {
	const {PATH = ''} = process.env;
	return {
		PATH: isAbsolute(GIT) ? `${dirname(GIT)}${delimiter}${PATH}` : PATH,
		HOME: join(folder, 'home'),
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		GIT_TERMINAL_PROMPT: '0',
		LC_ALL: 'C',
		TZ: 'UTC',
	};
}

/** Start `migration-guard watch --json` in a story and listen. It is killed when the test ends. */
export async function watching(t: ExecutionContext, folder: string, options: WatchingOptions = {}): Promise<Watching> {
	const {path = 'repo', args = [], env = {}, ready = true} = options;
	const cwd = join(folder, path);
	const child = spawn(process.execPath, [await product(), 'watch', '--json', ...args], {
		cwd,
		env: {...surroundings(folder), ...env},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	const told: Told[] = [];
	const wrong: string[] = [];
	let said = '';
	let wake = () => {};
	const over = once(child, 'exit').then(([code]) => {
		wake();
		return code as number | null;
	});
	t.teardown(async () => {
		child.kill('SIGKILL');
		await over;
		if (wrong.length > 0) throw new Error(`not as docs/json/watch.schema.json says: ${wrong.join('\n')}`);
	});
	child.stderr.setEncoding('utf8').on('data', (text: string) => {
		said += text;
	});
	createInterface({input: child.stdout}).on('line', line => {
		const event: unknown = JSON.parse(line);
		if (!isEvent(event)) wrong.push(`${line}\n${JSON.stringify(isEvent.errors)}`);
		told.push(event as Told);
		wake();
	});
	const transcript = () => `${told.map(each => JSON.stringify(each)).join('\n')}\n${said}`;
	const change = (deadline: number) =>
		new Promise<void>(resolve => {
			const timer = globalThis.setTimeout(resolve, Math.max(0, deadline - Date.now()));
			wake = () => {
				clearTimeout(timer);
				resolve();
			};
		});
	const until: Watching['until'] = async (what, is, from = 0) => {
		const deadline = Date.now() + PATIENCE;
		for (;;) {
			const found = told.slice(from).find(is);
			if (found) return found;
			if (child.exitCode !== null || Date.now() > deadline) throw new Error(`waited in vain for ${what}:\n${transcript()}`);
			await change(deadline);
		}
	};
	const status = () => JSON.parse(readFileSync(statusFile(cwd), 'utf8')) as Status;
	const settled: Watching['settled'] = async (what, holds) => {
		const deadline = Date.now() + PATIENCE;
		while (!(await holds())) {
			if (child.exitCode !== null || Date.now() > deadline) throw new Error(`waited in vain for ${what}:\n${transcript()}`);
			await setTimeout(50);
		}
	};
	const watcher: Watching = {
		child,
		told,
		until,
		settled,
		status,
		quiet: time => setTimeout(time),
		async stop() {
			child.kill('SIGTERM');
			return over;
		},
		ended: () => over,
	};
	if (ready) await until('its first look', ({event}) => event === 'looked');
	return watcher;
}

/** Where the daemon of a worktree's repository keeps its status. */
function statusFile(cwd: string): string {
	const own = join(cwd, '.git/migration-guard/watch/status.json');
	return existsSync(join(cwd, '.git/HEAD')) ? own : join(cwd, 'migration-guard/watch/status.json');
}

/** A concern of a kind about these branches and nodes. */
export function concern(kind: 'fork' | 'collision', ...nodes: readonly string[]): (told: Told) => boolean {
	return ({event, concern: about}) =>
		event === 'concern' &&
		about?.kind === kind &&
		nodes.every(node => [...(about.nodes ?? []), ...(about.ours ?? []), ...(about.theirs ?? [])].includes(node));
}
