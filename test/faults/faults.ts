import {existsSync, readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {PROJECT} from '../helpers/product.ts';
import type {Scenario} from '../helpers/scenario.ts';
import {type Shim, shimIn} from '../helpers/shim.ts';

/** One kind of fault, at its n-th place: the environment that brings it about, and whether it came. */
export interface Fault {
	readonly name: string;
	/** Needs a git that waits for us. */
	readonly hookOnly?: boolean;
	/** Git itself may trip over it. */
	readonly foreign?: boolean;
	arm(tools: Tools, n: number): Readonly<Record<string, string>>;
	fired(tools: Tools, n: number): boolean;
}

export interface Tools {
	readonly shim: Shim;
	readonly log: string;
	readonly root: string;
}

/** What the faults of a story need. */
export function toolsIn({folder, files}: Scenario): Tools {
	return {shim: shimIn(folder), log: join(folder, 'writes'), root: files.root};
}

/** Let `script` (sh) run just before the product's n-th git process. */
function atGit(name: string, script: (tools: Tools) => string, more: Pick<Fault, 'hookOnly' | 'foreign'> = {}): Fault {
	return {
		name,
		...more,
		arm(tools, n) {
			tools.shim.arm(n, script(tools));
			return tools.shim.env;
		},
		fired: ({shim}, n) => shim.calls().length >= n,
	};
}

/** Let the product's n-th write to the file system fail, or be its last. */
function atWrite(name: string, how: string): Fault {
	return {
		name,
		arm({log}, n) {
			rmSync(log, {force: true});
			return {
				NODE_OPTIONS: `--require ${join(PROJECT, 'test/faults/fail-writes.cjs')}`,
				FAULT_WRITE: `${n}:${how}`,
				FAULT_LOG: log,
			};
		},
		fired: ({log}) => existsSync(log) && readFileSync(log, 'utf8').includes('fired\n'),
	};
}

const PARENT = 'parent() { cut -d" " -f4 "/proc/$1/stat"; }';

export const FAULTS: readonly Fault[] = [
	atGit('kill -9 of the program, before each git', () => 'kill -9 $PPID; exit 1'),
	atGit('kill -9 of the git it started, each', () => 'kill -9 $$'),
	atGit(
		'kill -9 of both, and of the git that called it',
		() => `${PARENT}; stub=$(parent $PPID); kill -9 "$(parent "$stub")" "$stub" $PPID; exit 1`,
		{hookOnly: true},
	),
	atGit('each git fails', () => 'echo "fatal: injected" >&2; exit 128'),
	atGit('full disk (ulimit -f) for each git', () => 'ulimit -f 0'),
	atGit('a foreign index.lock, before each git', ({root}) => `: >"${root}/.git/index.lock"`, {foreign: true}),
	atGit('a foreign lock of the branch, before each git', ({root}) => `: >"${root}/.git/refs/heads/work.lock"`, {foreign: true}),
	atWrite('kill -9 of the program, at each write', 'kill'),
	atWrite('full disk (ENOSPC) at each write', 'ENOSPC'),
	atWrite('full disk in the middle of each write', 'torn'),
	atWrite('read-only folder (EROFS) at each write', 'EROFS'),
];
