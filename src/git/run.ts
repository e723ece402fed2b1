import {spawnSync} from 'node:child_process';

/** Where git is run and what its environment is changed by; a `Repo` is one. A value `undefined` takes the variable away. */
export interface GitPlace {
	readonly cwd: string;
	readonly env?: GitEnvironment;
}

export type GitEnvironment = Readonly<Record<string, string | undefined>>;

export interface GitOptions {
	readonly input?: string | Uint8Array;
	/** Exit codes that are an answer; any other one throws. Default `[0]`. */
	readonly ok?: readonly number[];
	readonly env?: GitEnvironment;
	/** Run outside our process group: a Ctrl-C meant for us must not stop git between two files. */
	readonly shielded?: boolean;
}

export interface GitResult {
	readonly stdout: Buffer;
	readonly code: number;
	readonly stderr: string;
}

/** Git ended with an exit code nobody expected (`-1`: it could not be started, or a signal ended it). */
export class GitError extends Error {
	override name = 'GitError';
	readonly args: readonly string[];
	readonly code: number;
	readonly stderr: string;

	constructor(args: readonly string[], code: number, stderr: string) {
		super(`git ${args.join(' ')} ended with ${code}: ${stderr.trim()}`);
		this.args = args;
		this.code = code;
		this.stderr = stderr;
	}
}

const gibibyte = 1024 ** 3;

// Variables that change what plumbing prints or how it reads paths. All others, GIT_DIR and GIT_INDEX_FILE above all, are
// the hook's own and stay. GIT_OPTIONAL_LOCKS: a look never takes index.lock from the user.
const ours: GitEnvironment = {
	LC_ALL: 'C',
	MIGRATION_GUARD: '0',
	GIT_OPTIONAL_LOCKS: '0',
	GIT_LITERAL_PATHSPECS: undefined,
	GIT_GLOB_PATHSPECS: undefined,
	GIT_NOGLOB_PATHSPECS: undefined,
	GIT_ICASE_PATHSPECS: undefined,
	GIT_EXTERNAL_DIFF: undefined,
	GIT_DIFF_OPTS: undefined,
};

/**
 * Run git and wait for it: the only place that starts git, but for meanwhile.ts. Never a shell. Children get `MIGRATION_GUARD=0`, so our own hooks and
 * driver stay silent below us, and `LC_ALL=C`, so that messages can be recognised.
 * Throws GitError on an exit code that is not in `options.ok`.
 */
export function git(place: GitPlace, args: readonly string[], options: GitOptions = {}): GitResult {
	const {status, signal, error, stdout, stderr} = spawnSync('git', args, {
		cwd: place.cwd,
		env: environment(place.env, options.env),
		input: options.input,
		maxBuffer: gibibyte,
		windowsHide: true,
		// @types/node has `detached` for spawn alone; spawnSync reads it as well (libuv: setsid).
		...(options.shielded && process.platform !== 'win32' ? {detached: true} : {}),
	});
	const code = status ?? -1;
	const said = error ? `${error.message}\n${stderr ?? ''}` : `${signal ? `killed by ${signal}\n` : ''}${stderr}`;
	if (!(options.ok ?? [0]).includes(code)) {
		throw new GitError(args, code, said);
	}

	return {stdout, code, stderr: said};
}

/** What git printed, as text without its last newline. */
export function text(result: GitResult): string {
	return result.stdout.toString('utf8').replace(/\r?\n$/, '');
}

/** What git printed with `-z`, cut at the NULs; the last, empty piece is left out. */
export function fields(result: GitResult): string[] {
	return cut(result.stdout);
}

/** The same of what it printed alone. */
export function cut(stdout: Buffer): string[] {
	return stdout.length === 0 ? [] : stdout.toString('utf8').replace(/\0$/, '').split('\0');
}

/** The environment of every git we start. */
export function environment(...changes: readonly (GitEnvironment | undefined)[]): NodeJS.ProcessEnv {
	const result: NodeJS.ProcessEnv = {...process.env};
	for (const [name, value] of [ours, ...changes].flatMap(change => Object.entries(change ?? {}))) {
		if (value === undefined) {
			delete result[name];
		} else {
			result[name] = value;
		}
	}

	return result;
}
