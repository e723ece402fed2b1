import {delimiter, dirname, isAbsolute, join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Result, run} from './command.ts';
import {forked} from './forked.ts';
import {GIT} from './git.ts';
import {product} from './product.ts';
import type {Scenario} from './scenario.ts';

export interface Patient extends Scenario {
	/** A command line as doctor prints it, in this worktree or in another folder of the story. */
	sh(line: string, at?: string): Promise<Result>;
	/** The findings: code → what mends it. */
	doctor(at?: string): Promise<ReadonlyMap<string, string>>;
	readonly env: Record<string, string>;
}

/** The fork of the README, with migration-guard on the PATH. */
export async function patient(t: ExecutionContext, options: Parameters<typeof forked>[1] = {}): Promise<Patient> {
	const story = await forked(t, options);
	const bin = story.at('bin').files;
	bin.script('migration-guard', `exec '${process.execPath}' '${await product()}' "$@"`);
	const gits = isAbsolute(GIT) ? [dirname(GIT)] : [];
	const env = {
		PATH: [bin.root, ...gits, process.env.PATH].join(delimiter),
		HOME: join(story.folder, 'home'),
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: '/dev/null',
		LC_ALL: 'C',
	};
	const sh = async (line: string, at = 'repo') => run('/bin/sh', ['-c', line], {cwd: join(story.folder, at), env});
	const doctor = async (at?: string) => {
		const {exitCode, stdout, output} = await sh('migration-guard doctor --json', at);
		const {version, findings} = JSON.parse(stdout || 'null') ?? {};
		t.is(version, 1, output);
		const found = new Map<string, string>(findings.map(({code, mend}: {code: string; mend: string}) => [code, mend]));
		t.is(exitCode, found.size === 0 ? 0 : 1, output);
		for (const finding of findings) t.deepEqual(Object.keys(finding), ['code', 'what', 'why', 'mend']);
		return found;
	};
	return {...story, sh, doctor, env};
}

export async function takesConfiguredHooks({git}: Scenario): Promise<boolean> {
	const [, major, minor] = /(\d+)\.(\d+)/.exec(await git.text('version'))!;
	return Number(major) > 2 || Number(minor) >= 54;
}

/** Exactly this is found; its own command mends it, and then all is well. */
export async function mended(t: ExecutionContext, story: Patient, code: string, mend: RegExp, at?: string): Promise<void> {
	const found = await story.doctor(at);
	t.deepEqual([...found.keys()], [code]);
	t.regex(found.get(code)!, mend);
	const done = await story.sh(found.get(code)!, at);
	t.is(done.exitCode, 0, done.output);
	t.deepEqual([...(await story.doctor(at)).keys()], []);
}
