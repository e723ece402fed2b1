import {spawnSync} from 'node:child_process';

/** What a program of the project answered. `code`: -1 when it could not be started or a signal ended it. */
export interface Ran {
	readonly code: number;
	readonly stdout: string;
	readonly stderr: string;
	/** It is not there to be started. */
	readonly missing: boolean;
}

export interface RunOptions {
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	readonly input?: string;
}

/**
 * Run a program of the project's (its Python, poetry, docker) and wait for it: the only place of this room that starts one. Never a shell;
 * on Windows `argv[0]` is found as CreateProcess finds it. Never throws.
 */
export function startProgram(argv: readonly string[], {cwd, env, input = ''}: RunOptions): Ran {
	const [file = '', ...args] = argv;
	const {status, signal, error, stdout, stderr} = spawnSync(file, args, {
		cwd,
		env,
		input,
		encoding: 'utf8',
		maxBuffer: 1024 ** 3,
		windowsHide: true,
	});
	const why = error ? `${error.message}\n` : signal ? `ended by ${signal}\n` : '';
	return {
		code: status ?? -1,
		stdout: stdout ?? '',
		stderr: `${why}${stderr ?? ''}`,
		missing: (error as NodeJS.ErrnoException | undefined)?.code === 'ENOENT',
	};
}
