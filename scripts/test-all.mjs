/*
 * `npm run test:all`: everything, on the machine's git and on a git ≥ 2.54 (found or built), and every fault. `--doors` runs the stories
 * alone; `--write` puts what became of each door into docs/doors.md, and the faults into docs/faults.md.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import {newerGit, versionOf} from './newer-git.mjs';

const root = path.join(import.meta.dirname, '..');
const flags = process.argv.slice(2);
const [older, newer] = ['git', await newerGit()];
/** @type {Map<string, Map<string, boolean>>} */
const runs = new Map();
let failed = false;

for (const git of [...new Set([older, newer])]) {
	const version = versionOf(git) ?? git;
	const files = flags.includes('--doors') ? ['test/scenarios'] : [];
	const {stdout, exitCode} = await execa('ava', ['--tap', ...files], {
		cwd: root,
		preferLocal: true,
		reject: false,
		env: {MIGRATION_GUARD_TEST_GIT: git === 'git' ? '' : git},
		maxBuffer: 2 ** 28,
	});
	const stories = new Map(
		[...stdout.matchAll(/^(not )?ok \d+ - (.*)$/gm)].map(([, not, title = '']) => [title.split(' › ').at(-1) ?? title, !not]),
	);
	runs.set(version, stories);
	const bad = [...stories].filter(([, good]) => !good).map(([title]) => title);
	process.stdout.write(
		`git ${version}: ${stories.size - bad.length} passed, ${bad.length} failed\n${bad.map(title => `  ✘ ${title}\n`).join('')}`,
	);
	failed ||= exitCode !== 0 || stories.size === 0;
}

/** @type {readonly {door: string, stories: string, outcome: string}[]} */
const doors = JSON.parse(readFileSync(path.join(root, 'test/scenarios/doors.json'), 'utf8'));
const versions = [...runs.keys()];
const rows = doors.map(({door, stories, outcome}) => {
	const cells = versions.map(version => {
		const found = [...(runs.get(version) ?? [])].filter(([title]) => new RegExp(stories).test(title));
		if (found.length === 0) failed = true;
		return found.length === 0 ? 'no story' : `${found.every(([, good]) => good) ? '✔' : '✘'} ${found.length}`;
	});
	return `| ${door} | ${outcome} | ${cells.join(' | ')} |`;
});
const table = [
	`| door | what becomes of it | ${versions.map(version => `git ${version}`).join(' | ')} |`,
	`|---|---|${versions.map(() => '---').join('|')}|`,
	...rows,
	'',
].join('\n');
process.stdout.write(`\n${table}`);
if (flags.includes('--write') && !failed) {
	const page = path.join(root, 'docs/doors.md');
	const text = readFileSync(page, 'utf8');
	const head = text.slice(0, text.indexOf('<!-- table -->'));
	writeFileSync(page, `${head}<!-- table -->\n\n${table}\n${text.slice(text.indexOf('<!-- /table -->'))}`);
}
if (!flags.includes('--doors')) {
	const {exitCode} = await execa('node', ['scripts/faults.mjs', ...flags], {cwd: root, reject: false, stdio: 'inherit'});
	failed ||= exitCode !== 0;
}
process.exitCode = failed ? 1 : 0;
