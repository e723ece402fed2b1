import {execFileSync} from 'node:child_process';
import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {GIT} from './git.ts';

/** A stand-in for git that misbehaves towards the product alone. */
export interface Shim {
	/** Put this into the environment of the command that is to meet the fault. */
	readonly env: Readonly<Record<string, string>>;
	/** Run `script` (sh; $PPID is the process that called git) just before the product's n-th git command, counted from 1. */
	arm(n: number, script: string): void;
	/** The git commands the product has run since the last `arm`. */
	calls(): readonly string[];
}

/**
 * Faults at an exact place, without the product's help. Git puts its exec path before everything else in the PATH of
 * hooks, so the shim is an exec path of its own: links to all of git's programs, and a `git` that looks at each call.
 * The product marks its children with MIGRATION_GUARD=0; only those are counted.
 */
export function shimIn(folder: string): Shim {
	const root = join(folder, 'shim');
	const execPath = execFileSync(GIT, ['--exec-path'], {encoding: 'utf8'}).trim();
	const real = join(execPath, 'git');
	mkdirSync(root);
	mkdirSync(join(root, 'bin'));
	for (const name of readdirSync(execPath)) if (name !== 'git') symlinkSync(join(execPath, name), join(root, 'bin', name));
	writeFileSync(
		join(root, 'bin/git'),
		`#!/bin/sh
if [ "$MIGRATION_GUARD" = 0 ]; then
	echo "$*" >> '${root}/calls'
	if [ -f '${root}/armed' ] && [ "$(wc -l < '${root}/calls')" -eq "$(cat '${root}/armed')" ]; then . '${root}/script'; fi
fi
exec '${real}' "$@"
`,
	);
	chmodSync(join(root, 'bin/git'), 0o755);
	return {
		env: {GIT_EXEC_PATH: join(root, 'bin'), PATH: `${join(root, 'bin')}:${process.env.PATH}`},
		arm(n, script) {
			rmSync(join(root, 'calls'), {force: true});
			writeFileSync(join(root, 'armed'), `${n}`);
			writeFileSync(join(root, 'script'), `${script}\n`);
		},
		calls: () => (existsSync(join(root, 'calls')) ? readFileSync(join(root, 'calls'), 'utf8').trimEnd().split('\n') : []),
	};
}
