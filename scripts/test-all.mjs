/*
 * `npm run test:all`: everything, on the machine's git and on a git ≥ 2.54 (found or built), and every fault. `--doors` runs what differs from
 * git to git alone; `--write` puts what became of each door into docs/doors.md, and the faults into docs/faults.md.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import {execa} from 'execa';
import {newerGit, versionOf} from './newer-git.mjs';

/** @typedef {{title: string, good: boolean, skipped: boolean}} Story */
/** @typedef {{door: string, stories: string, outcome: string, since?: string}} Door */

const DAEMON = 57;
const root = path.join(import.meta.dirname, '..');
const flags = process.argv.slice(2);
const isDoorsOnly = flags.includes('--doors');
const problems = [];
/** @type {Map<string, Story[]>} */
const runs = new Map();

for (const git of new Set(['git', await newerGit()])) {
	const version = /\d+\.\d+(?:\.\d+)?/.exec(versionOf(git) ?? '')?.[0] ?? git;
	const {stories, exitCode} = await storiesWith(git);
	runs.set(version, stories);
	const bad = stories.filter(({good}) => !good);
	const skipped = stories.filter(story => story.skipped);
	process.stdout.write(
		`git ${version}: ${stories.length - bad.length} passed, ${bad.length} failed, ${skipped.length} skipped\n`,
	);
	for (const {title} of [...bad, ...skipped])
		process.stdout.write(`  ${bad.some(story => story.title === title) ? '✘' : '–'} ${title}\n`);
	if (exitCode !== 0 || stories.length === 0) problems.push(`the tests with git ${version}`);
	for (const number of missing(stories)) problems.push(`no story has the number ${number} with git ${version}`);
}

const table = tableOf(JSON.parse(readFileSync(path.join(root, 'test/scenarios/doors.json'), 'utf8')));
process.stdout.write(`\n${table}`);
if (flags.includes('--write') && problems.length === 0) {
	const page = path.join(root, 'docs/doors.md');
	const text = readFileSync(page, 'utf8');
	const head = text.slice(0, text.indexOf('<!-- table -->'));
	writeFileSync(page, `${head}<!-- table -->\n\n${table}\n${text.slice(text.indexOf('<!-- /table -->'))}`);
}
if (!isDoorsOnly) {
	const {exitCode} = await execa('node', ['scripts/faults.mjs', ...flags], {cwd: root, reject: false, stdio: 'inherit'});
	if (exitCode !== 0) problems.push('the faults');
}
for (const problem of problems) process.stdout.write(`failed: ${problem}\n`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Run the tests with one git; each file's tests in the order they ended. */
async function storiesWith(/** @type {string} */ git) {
	const {stdout, exitCode} = await execa('ava', ['--tap', ...(isDoorsOnly ? ['test/scenarios', 'test/install'] : [])], {
		cwd: root,
		preferLocal: true,
		reject: false,
		stderr: 'inherit',
		env: {MIGRATION_GUARD_TEST_GIT: git === 'git' ? '' : git, MIGRATION_GUARD_TEST_ALL: isDoorsOnly ? '' : '1'},
		maxBuffer: 2 ** 28,
	});
	const lines = stdout.matchAll(/^(not )?ok \d+ - (.*?)( # (?:SKIP|TODO).*)?$/gm);
	const stories = [...lines].map(([, not, title = '', skip]) => ({
		title: title.split(' › ').at(-1) ?? title,
		good: !not,
		skipped: skip !== undefined,
	}));
	return {stories, exitCode};
}

/** The scenarios are numbered from 1 to 60: those that no story that ran has in front of its title. The daemon's is no door. */
function missing(/** @type {readonly Story[]} */ stories) {
	const told = new Set(stories.filter(({skipped}) => !skipped).map(({title}) => Number.parseInt(title, 10)));
	const numbers = Array.from({length: 60}, (_, index) => index + 1);
	return numbers.filter(number => !told.has(number) && !(isDoorsOnly && number === DAEMON));
}

function tableOf(/** @type {readonly Door[]} */ doors) {
	const versions = [...runs.keys()];
	const rows = doors.map(
		door => `| ${door.door} | ${door.outcome} | ${versions.map(version => cell(door, version)).join(' | ')} |`,
	);
	return [
		`| door | what becomes of it | ${versions.map(version => `git ${version}`).join(' | ')} |`,
		`|---|---|${versions.map(() => '---').join('|')}|`,
		...rows,
		'',
	].join('\n');
}

/** Whether the stories of a door hold, and how many they are; a dash where this git does not have that door. */
function cell(/** @type {Door} */ {door, stories, since}, /** @type {string} */ version) {
	if (since && version.localeCompare(since, 'en', {numeric: true}) < 0) return '–';
	const found = (runs.get(version) ?? []).filter(({title, skipped}) => !skipped && new RegExp(stories).test(title));
	if (found.length === 0) problems.push(`no story of "${door}" with git ${version}`);
	return `${found.length > 0 && found.every(({good}) => good) ? '✔' : '✘'} ${found.length}`;
}
