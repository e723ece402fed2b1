import {existsSync, mkdirSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {EXIT, UsageError} from '../errors.ts';
import type {Repo} from '../git/repo.ts';
import {layoutOf} from '../install/layout.ts';
import {jsonDocument} from '../report/json.ts';
import {refusalText} from '../report/refusal.ts';
import {statusText} from '../report/watch-status.ts';
import type {Command, Context} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo, requireWorktree} from './repository.ts';

type Chunk = typeof import('../watch/chunk.ts');
type Verb = (context: Context, repo: Repo, chunk: Chunk) => Promise<number> | number;

const VERBS: Readonly<Record<string, Verb>> = {start, stop, status, logs, 'install-service': installService};

/** The same as `watch`, in the background. */
export const command: Command = {
	name: 'daemon',
	summary: 'watch in the background: start, stop, status, logs, install-service',
	usage: 'start | stop | status [--json | --prompt] | logs [--follow] [--lines N] | install-service [--write]',
	about:
		'One daemon watches all worktrees of a repository. What it knows lies in migration-guard/watch/status.json of the git directory, and a line for the prompt in migration-guard/prompt of each worktree’s. `status` ends with 0 when nothing stands, 1 when something does or no daemon runs.',
	options: {
		json: JSON_OUTPUT,
		prompt: {type: 'boolean', about: 'print a line of sh for a prompt'},
		follow: {type: 'boolean', short: 'f', about: 'go on with what is added'},
		lines: {type: 'string', short: 'n', value: 'N', about: 'so many of the last lines (default 50)'},
		kind: {type: 'string', value: 'KIND', about: 'systemd or launchd (default: what this system has)'},
		write: {type: 'boolean', about: 'put the service where the system finds it, instead of printing it'},
	},
	examples: [
		['migration-guard daemon start', 'from now on'],
		['migration-guard daemon status', 'is it there, and what does it know'],
		['migration-guard daemon install-service --write', 'at every login'],
	],
	async run(context) {
		const [name = '', ...more] = context.positionals;
		const verb = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined;
		if (!verb || more.length > 0) throw new UsageError(`daemon wants one of ${Object.keys(VERBS).join(', ')}`);
		return verb(context, requireRepo(context.cwd), await import('../watch/chunk.ts'));
	},
};

async function start(context: Context, repo: Repo, {startDaemon}: Chunk): Promise<number> {
	const started = await startDaemon(repo, programOf(repo), 10_000);
	if (started.kind === 'failed') {
		context.err(
			refusalText({
				code: 'not-started',
				what: 'The daemon did not start.',
				nodes: [],
				paths: [started.log],
				why: 'Its log says more.',
				next: 'migration-guard watch',
			}),
		);
		return EXIT.problems;
	}
	context.out(started.kind === 'running' ? `Running already: process ${started.pid}.\n` : `Started: process ${started.pid}.\n`);
	return EXIT.ok;
}

async function stop(context: Context, repo: Repo, {stopDaemon}: Chunk): Promise<number> {
	const pid = await stopDaemon(repo, 10_000);
	if (pid === false) {
		context.err('migration-guard: the daemon does not end; it may be waiting for git\n');
		return EXIT.problems;
	}
	context.out(pid === null ? 'No daemon runs here.\n' : `Stopped: process ${pid}.\n`);
	return EXIT.ok;
}

function status(context: Context, repo: Repo, {PROMPT_LINE, readStatus, watcherOf}: Chunk): number {
	if (context.values.prompt) {
		context.out(`${PROMPT_LINE}\n`);
		return EXIT.ok;
	}
	const watcher = watcherOf(repo);
	const known = watcher === null ? null : readStatus(repo);
	if (context.values.json) context.out(jsonDocument({running: watcher !== null, pid: watcher?.pid ?? null, status: known}));
	else context.out(statusText(watcher?.pid ?? null, known));
	return watcher === null || (known?.concerns.length ?? 0) > 0 ? EXIT.problems : EXIT.ok;
}

async function logs(context: Context, repo: Repo, {watchFiles, readLog, followLog}: Chunk): Promise<number> {
	const lines = Number(context.values.lines ?? 50);
	if (!Number.isInteger(lines) || lines < 0) throw new UsageError('--lines wants a number');
	const {log} = watchFiles(repo);
	context.out(
		readLog(log, lines)
			.map(line => `${line}\n`)
			.join(''),
	);
	// Until Ctrl-C.
	if (context.values.follow) await followLog(log, context.out, new AbortController().signal);
	return EXIT.ok;
}

function installService(context: Context, _repo: Repo, {serviceFor}: Chunk): number {
	const repo = requireWorktree(context.cwd);
	const kind = context.values.kind ?? (process.platform === 'darwin' ? 'launchd' : 'systemd');
	if (kind !== 'systemd' && kind !== 'launchd') throw new UsageError('--kind wants systemd or launchd');
	if (process.platform === 'win32')
		throw new UsageError('there is no service for Windows; `migration-guard daemon start` works there');
	const {path, text, next} = serviceFor(kind, {top: repo.top, node: process.execPath, program: programOf(repo)});
	if (!context.values.write) {
		context.out(text);
		context.err(`This belongs into ~/${path}; --write puts it there.\n`);
		return EXIT.ok;
	}
	const file = join(context.env.HOME ?? homedir(), path);
	mkdirSync(dirname(file), {recursive: true});
	writeFileSync(file, text);
	context.out(`Written: ${file}\nnext: ${next}\n`);
	return EXIT.ok;
}

/** The copy that `install` made outlives node_modules and npx's cache; without one, the program that is running. */
function programOf(repo: Repo): string {
	const installed = join(layoutOf(repo.commonDir).program, 'cli.cjs');
	return existsSync(installed) ? installed : process.argv[1]!;
}
