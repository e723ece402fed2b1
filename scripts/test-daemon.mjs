/*
 * `npm run test:daemon -- 50`: the tests of the daemon so many times in a row, and the result of each. What waits for processes and files
 * is only right when it is right every time. The exit code is 1 when one run failed.
 */
import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';

const root = path.join(import.meta.dirname, '..');
const times = Number(process.argv[2] ?? 50);
if (!Number.isInteger(times) || times < 1) {
	process.stderr.write('usage: npm run test:daemon -- [TIMES]\n');
	process.exit(2);
}
let failed = 0;
for (let run = 1; run <= times; run++) {
	const started = performance.now();
	const {stdout, exitCode} = await execa('ava', ['--tap', 'test/watch'], {
		cwd: root,
		preferLocal: true,
		reject: false,
		maxBuffer: 2 ** 28,
	});
	const good = (stdout.match(/^ok /gm) ?? []).length;
	const bad = [...stdout.matchAll(/^not ok \d+ - (.*)$/gm)].map(([, title]) => title);
	const isGood = exitCode === 0 && good > 0;
	if (!isGood) failed++;
	const seconds = Math.round((performance.now() - started) / 1000);
	process.stdout.write(`${isGood ? '✔' : '✘'} run ${run} of ${times}: ${good} passed, ${bad.length} failed, ${seconds} s\n`);
	for (const title of bad) process.stdout.write(`    ${title}\n`);
	// What was wrong stands in a block of its own behind each.
	for (const [, why] of stdout.matchAll(/^not ok [^\n]*\n {2}---\n([\s\S]*?)^ {2}\.\.\.$/gm)) process.stdout.write(`${why}\n`);
	if (!isGood && bad.length === 0) process.stdout.write(`${stdout.slice(-2000)}\n`);
}
process.stdout.write(`${times - failed} of ${times} runs passed\n`);
process.exitCode = failed === 0 ? 0 : 1;
