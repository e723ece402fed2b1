/*
 * `npm test`: everything a change has to pass, on a fresh clone too, and at the end the counts of the tests on one line. Where the machine's
 * git takes hooks from files only, what depends on that runs once more with a newer one; in CI there has to be one.
 * Words after `npm test --` go to ava: `npm test -- test/install`. Plain JavaScript, because it runs before anything is installed.
 */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {stripVTControlCharacters} from 'node:util';
import {findNewerGit, newerGit, ON_BOTH, versionOf} from './newer-git.mjs';

const root = path.join(import.meta.dirname, '..');

if (!existsSync(path.join(root, 'node_modules'))) {
	const {status} = spawnSync('npm', ['ci'], {cwd: root, stdio: 'inherit', shell: process.platform === 'win32'});
	if (status !== 0) process.exit(1);
}
const {execa} = await import('execa');

const CHECKS = [
	['build', 'node', 'scripts/build.mjs'],
	['types', 'tsc', '--noEmit', '-p', '.'],
	['lint', 'biome', 'check', '.'],
	['layers', 'node', 'scripts/layers.mjs'],
	['unused', 'knip'],
];
const failed = [];

for (const [name = '', file = '', ...args] of CHECKS) {
	const {exitCode} = await run(file, args);
	process.stdout.write(`${exitCode === 0 ? '✔' : '✘'} ${name}\n`);
	if (exitCode !== 0) failed.push(name);
	// Nothing can be said of a program that is not there.
	if (exitCode !== 0 && name === 'build') process.exit(1);
}

const words = process.argv.slice(2);
const passes = [await run('ava', words)];
const newer = words.length > 0 ? null : await gitBeside();
if (newer) {
	process.stdout.write(`\nonce more with git ${versionOf(newer)}: ${ON_BOTH.join(', ')}\n`);
	passes.push(await run('ava', ON_BOTH, {MIGRATION_GUARD_TEST_GIT: newer}));
}
const printed = passes.map(({stdout}) => stripVTControlCharacters(stdout));
const counted = printed.map(countsOf);
if (passes.some(({exitCode}) => exitCode !== 0) || counted.includes(null)) failed.push('tests');
// A second pass has put them out of sight.
for (const line of printed.flatMap(text => text.match(/^ {2}✘ .*$/gm) ?? [])) process.stdout.write(`${line}\n`);
if (failed.length > 0) process.stdout.write(`failed: ${failed.join(', ')}\n`);
const total = counted.reduce((sum, counts) => sum && counts && sum.map((number, at) => number + (counts[at] ?? 0)));
process.stdout.write(total ? `${total[0]} passed, ${total[1]} failed, ${total[2]} skipped\n` : 'ava ended without its counts\n');
process.exitCode = failed.length === 0 ? 0 : 1;

/** A newer git than the one the tests have used, where that says anything new. */
async function gitBeside() {
	if (process.env.MIGRATION_GUARD_TEST_GIT) return null;
	const git = process.env.CI === 'true' ? await newerGit() : findNewerGit();
	if (!git)
		process.stdout.write('no git of 2.54 or newer: its way of calling hooks is not tested; scripts/newer-git.mjs builds one\n');
	return git === 'git' ? null : git;
}

function run(/** @type {string} */ file, /** @type {readonly string[]} */ args, env = {}) {
	return execa(file, args, {
		cwd: root,
		preferLocal: true,
		reject: false,
		stdin: 'inherit',
		stdout: ['inherit', 'pipe'],
		stderr: 'inherit',
		env,
	});
}

/**
 * What ava counted, from the end of what it printed: passed, failed, skipped. Whatever else it counts (a file that crashed, a promise nobody
 * caught) is a failure, too. Of those that passed it says nothing where one failed: then their lines are counted.
 * @param {string} printed
 */
function countsOf(printed) {
	const summary = printed.slice(printed.lastIndexOf('─'));
	const numbers = [...summary.matchAll(/^ {2}(\d+) (.*)$/gm)].map(([, number, what]) => ({number: Number(number), what}));
	if (numbers.length === 0) return null;
	const sum = (/** @type {(what: string) => boolean} */ counted) =>
		numbers.filter(({what = ''}) => counted(what)).reduce((total, {number}) => total + number, 0);
	const passed = (/** @type {string} */ what) => /^tests? passed/.test(what);
	const skipped = (/** @type {string} */ what) => /^tests? (skipped|todo)/.test(what);
	const known = (/** @type {string} */ what) => /^known failures?/.test(what);
	const rest = sum(what => !passed(what) && !skipped(what) && !known(what));
	const shown = printed.match(/^ {2}✔ /gm)?.length ?? 0;
	return [sum(passed) || shown, rest, sum(skipped)];
}
