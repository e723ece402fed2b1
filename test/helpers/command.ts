import {execa} from 'execa';

/** What a finished command said. `output` is both streams as a person would have seen them. */
export interface Result {
	readonly command: string;
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
	readonly output: string;
}

export interface RunOptions {
	readonly cwd: string;
	readonly env: Readonly<Record<string, string>>;
	readonly input?: string;
	/** Run as this user; only root can ask for another. */
	readonly uid?: number;
}

/** ava starts every story of a file at once: more than this many children together only slow each other down. */
const SLOTS = 4;
const waiting: (() => void)[] = [];
let running = 0;

/** Run a command with exactly the given environment and hand back whatever it did; no exit code is an error here. */
export async function run(file: string, args: readonly string[], options: RunOptions): Promise<Result> {
	if (running >= SLOTS) await new Promise<void>(resolve => waiting.push(resolve));
	else running++;
	try {
		const {cwd, env, input = '', uid} = options;
		const done = await execa(file, args, {
			cwd,
			env,
			extendEnv: false,
			reject: false,
			all: true,
			input,
			...(uid === undefined ? {} : {uid, gid: uid}),
		});
		const command = `${file} ${args.join(' ')}`;
		if (done.exitCode === undefined && done.signal === undefined) throw new Error(`could not start: ${command}\n${done.message}`);
		return {command, exitCode: done.exitCode ?? -1, stdout: done.stdout, stderr: done.stderr, output: done.all};
	} finally {
		const next = waiting.shift();
		if (next) next();
		else running--;
	}
}

/** Hand back a result that must be a success; otherwise fail with everything the command printed. */
export function expectSuccess(result: Result): Result {
	if (result.exitCode !== 0) throw new Error(transcript(result));
	return result;
}

/** A result as text, for the messages of failed assertions. */
export function transcript({command, exitCode, stdout, stderr}: Result): string {
	return `$ ${command}\nexit code ${exitCode}\n--- stdout\n${stdout}\n--- stderr\n${stderr}`;
}
