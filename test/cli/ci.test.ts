import {mkdirSync, mkdtempSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {delimiter, join} from 'node:path';
import test from 'ava';
import {run} from '../helpers/command.ts';
import {filesIn} from '../helpers/files.ts';
import {PROJECT} from '../helpers/product.ts';
import {djangos} from '../referee/django.ts';

const NEEDED = ['bash', 'dirname', 'sed', 'env'];

/** A PATH with the few programs that `.ci/run` begins with, and the scripts given. */
async function runWith(scripts: Readonly<Record<string, string>>) {
	const folder = mkdtempSync(join(tmpdir(), 'migration-guard-ci-'));
	try {
		mkdirSync(join(folder, 'bin'));
		for (const name of NEEDED) {
			const {stdout} = await run('sh', ['-c', `command -v ${name}`], {cwd: folder, env: {PATH: process.env.PATH ?? ''}});
			symlinkSync(stdout, join(folder, 'bin', name));
		}
		for (const [name, line] of Object.entries(scripts)) filesIn(folder).script(`bin/${name}`, line);
		return await run(join(PROJECT, '.ci/run'), [], {cwd: folder, env: {PATH: [join(folder, 'bin')].join(delimiter)}});
	} finally {
		rmSync(folder, {recursive: true});
	}
}

const ENOUGH = {
	git: 'echo git version 2.38.1',
	python3: 'exit 0',
	// Asked for the newer git, or for the tests.
	timeout: 'case $* in *newer-git*) echo /newer/git ;; *) echo "CI=$CI $MIGRATION_GUARD_NEWER_GIT $*" ;; esac',
};

// The runner is a bash script for Linux.
const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('the runner calls the command of the README with nothing allowed to be missing', async t => {
	const {exitCode, output} = await runWith(ENOUGH);
	// In seconds: what is left of half an hour.
	t.regex(output, /^CI=true \/newer\/git 17[0-4]\d npm test$/);
	t.is(exitCode, 0);
});

for (const [title, scripts, message] of [
	['no git', {...ENOUGH, git: 'exit 127'}, '.ci/run: git is missing'],
	['a git that is too old', {...ENOUGH, git: 'echo git version 2.37.7'}, '.ci/run: git 2.37 is too old, 2.38 is needed'],
	[
		'no newer git',
		{...ENOUGH, timeout: 'exit 1'},
		'.ci/run: a git of 2.54 or newer is missing (MIGRATION_GUARD_NEWER_GIT), and could not be built',
	],
	[
		'no Python',
		{...ENOUGH, python3: 'exit 127'},
		'.ci/run: python3 (3.10 or newer, with venv) is missing: real Django judges the results',
	],
] as const) {
	onLinux(`the runner fails with ${title}`, async t => {
		const {exitCode, output} = await runWith(scripts);
		t.is(output, message);
		t.is(exitCode, 1);
	});
}

test('with CI=true the referee is there', async t => {
	if (process.env.CI !== 'true') return void t.pass();
	t.true((await djangos()).length > 0);
});
