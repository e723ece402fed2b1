import {spawn} from 'node:child_process';
import {closeSync, mkdirSync, openSync} from 'node:fs';
import {dirname} from 'node:path';
import process from 'node:process';
import type {Repo} from '../git/repo.ts';

/** How a process that was waited for ended. */
export interface Ended {
	/** -1: it could not be started, or a signal ended it. */
	readonly code: number;
	readonly stderr: string;
}

/**
 * Start the daemon of a repository and let it go: it outlives the terminal, and what it has to say before it is at work goes to `log`.
 * `program` is the script that Node runs. The process id.
 */
export function spawnDaemon(cwd: string, program: string, log: string): number | undefined {
	mkdirSync(dirname(log), {recursive: true});
	const out = openSync(log, 'a');
	try {
		const child = spawn(process.execPath, [program, 'watch', '--background'], {
			cwd,
			detached: true,
			windowsHide: true,
			stdio: ['ignore', out, out],
			env: ownEnvironment(),
		});
		// A process that cannot be started says so in an event; then nobody holds the lock, which is what is looked at.
		child.on('error', () => {});
		child.unref();
		return child.pid;
	} finally {
		closeSync(out);
	}
}

/**
 * Fetch one ref without anybody's help: no password is asked for, nothing is written but the objects and the ref named, no
 * garbage is collected. Without a terminal of its own, ssh cannot ask either.
 */
export function spawnFetch(repo: Repo, remote: string, refspec: string, signal: AbortSignal): Promise<Ended> {
	const quiet = [
		'--quiet',
		'--no-tags',
		'--no-write-fetch-head',
		'--no-auto-maintenance',
		'--no-recurse-submodules',
		'--no-prune',
	];
	// An empty --refmap keeps git from moving origin/main along.
	const args = ['fetch', ...quiet, '--refmap=', '--', remote, refspec];
	return new Promise(resolve => {
		const child = spawn('git', args, {
			cwd: repo.cwd,
			detached: process.platform !== 'win32',
			windowsHide: true,
			signal,
			stdio: ['ignore', 'ignore', 'pipe'],
			env: {
				...ownEnvironment(),
				...repo.env,
				LC_ALL: 'C',
				MIGRATION_GUARD: '0',
				GIT_OPTIONAL_LOCKS: '0',
				GIT_TERMINAL_PROMPT: '0',
				GIT_ASKPASS: '',
				SSH_ASKPASS: '',
				SSH_ASKPASS_REQUIRE: 'never',
				GCM_INTERACTIVE: 'never',
			},
		});
		let stderr = '';
		child.stderr.setEncoding('utf8').on('data', (text: string) => {
			stderr = `${stderr}${text}`.slice(-2000);
		});
		child.on('error', error => resolve({code: -1, stderr: error.message}));
		child.on('close', code => resolve({code: code ?? -1, stderr}));
	});
}

/**
 * Our environment without what git tells its hooks: a daemon that a hook started would else take one worktree's index for all others'
 * (git rev-parse --local-env-vars, and what git sets for hooks).
 */
export function ownEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !FOR_HOOKS.test(name)));
}

const FOR_HOOKS =
	/^(?:GIT_(?:ALTERNATE_OBJECT_DIRECTORIES|CONFIG|CONFIG_PARAMETERS|OBJECT_DIRECTORY|DIR|WORK_TREE|IMPLICIT_WORK_TREE|GRAFT_FILE|INDEX_FILE|NO_REPLACE_OBJECTS|REPLACE_REF_BASE|PREFIX|INTERNAL_SUPER_PREFIX|SHALLOW_FILE|COMMON_DIR|REFLOG_ACTION|EDITOR|EXEC_PATH|QUARANTINE_PATH|PUSH_OPTION_.*|AUTHOR_DATE|COMMITTER_DATE)|GITHEAD_.*)$/;
