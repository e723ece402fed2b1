/*
 * Checks the arrows of ARCHITECTURE.md: which room of src/ may import from which. Type-only imports are free. What an import
 * does not show (the clock, the streams, the end of the process) is looked for in the text.
 */
import {readdirSync, readFileSync} from 'node:fs';
import path from 'node:path';
import {cruise} from 'dependency-cruiser';

const root = path.join(import.meta.dirname, '..');

/** The pure rooms that decide, and those that do what was decided. */
const DECIDING = ['plan', 'history', 'commute', 'state', 'operations', 'migrations'];
const DOING = ['install', 'config', 'worktree'];

/** Room → rooms it may import from. `errors`, `refusal` and `version` are everybody's. */
const ARROWS = {
	entry: ['cli', 'commands'],
	cli: ['commands', 'report'],
	commands: ['database', 'doctor', 'explain', 'gates', 'watch', 'doors', ...DOING, 'report', ...DECIDING, 'git'],
	watch: ['gates', 'doors', ...DOING, 'report', ...DECIDING, 'git'],
	gates: ['doors', ...DOING, ...DECIDING, 'python', 'git'],
	database: ['doors', 'config', 'worktree', ...DECIDING, 'python', 'git'],
	explain: ['migrations', 'python'],
	doors: [...DOING, ...DECIDING, 'python', 'git'],
	doctor: ['install', 'config', 'worktree', 'migrations', 'git'],
	install: ['git'],
	config: [],
	worktree: ['plan', 'git'],
	report: ['explain', ...DECIDING],
	plan: ['history', 'migrations', 'python'],
	history: ['migrations', 'python'],
	commute: ['state', 'operations', 'migrations', 'python'],
	state: ['operations', 'migrations', 'python'],
	operations: ['migrations', 'python'],
	migrations: ['python'],
	python: [],
	git: [],
};
const SHARED = ['errors', 'refusal', 'version'];

/** No file system, no process, no clock. */
const PURE = ['python', 'migrations', 'operations', 'state', 'commute', 'history', 'plan', 'report', 'explain'];

/** Who may start a process, and which: git; the project's Python; the daemon. */
const STARTERS = '^src/(git/run|git/meanwhile|database/run|watch/spawn)\\.ts$';

const below = (/** @type {readonly string[]} */ rooms) => `^src/(${rooms.join('|')})(/|\\.ts$)`;

/** @type {import('dependency-cruiser').IForbiddenRuleType[]} */
const forbidden = [
	...Object.entries(ARROWS).map(([room, allowed]) => ({
		name: `${room} may import from ${allowed.join(', ') || 'no other room'}`,
		severity: /** @type {const} */ ('error'),
		from: {path: below([room])},
		to: {path: '^src/', pathNot: below([room, ...allowed, ...SHARED])},
	})),
	{
		name: 'every room has its arrows',
		severity: 'error',
		from: {path: '^src/', pathNot: below([...Object.keys(ARROWS), ...SHARED])},
		to: {},
	},
	{name: 'no cycles', severity: 'error', from: {}, to: {circular: true}},
	{
		name: 'pure rooms use no file, process or clock of Node',
		severity: 'error',
		from: {path: below(PURE)},
		to: {dependencyTypes: ['core'], pathNot: '^(buffer|crypto)$'},
	},
	{name: 'one place starts each program', severity: 'error', from: {pathNot: STARTERS}, to: {path: '^(node:)?child_process$'}},
	{name: 'what cannot be found', severity: 'error', from: {}, to: {couldNotResolve: true}},
];

/** What must not stand in the text of some files: the rule, the pattern, and whom it is for. */
const TEXTS = [
	{
		name: 'pure rooms have no process and no clock',
		pattern: /\bprocess\.|\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b/,
		files: new RegExp(below(PURE)),
	},
	// failpoint.ts dies where a test asks it to.
	{
		name: 'one place ends the process',
		pattern: /\bprocess\.(exit|exitCode|abort)\b/,
		files: /^src\/(?!cli\.ts$|entry\/cli\.ts$|worktree\/failpoint\.ts$)/,
	},
	{name: 'one place prints', pattern: /\bprocess\.(stdout|stderr)\b|\bconsole\./, files: /^src\/(?!cli\.ts$|entry\/cli\.ts$)/},
];

const {output} = await cruise(['src'], {
	baseDir: root,
	ruleSet: {forbidden},
	validate: true,
	tsPreCompilationDeps: false,
	doNotFollow: {path: 'node_modules'},
});
if (typeof output === 'string') throw new Error('dependency-cruiser answered with a text');
const {violations, totalCruised} = output.summary;

const files = readdirSync(path.join(root, 'src'), {recursive: true, encoding: 'utf8'})
	.map(file => `src/${file.split(path.sep).join('/')}`)
	.filter(file => file.endsWith('.ts'));
const seen = new Set(output.modules.map(({source}) => source));
const problems = [
	...violations.map(({rule, from, to}) => `${from} → ${to}: ${rule.name}`),
	...TEXTS.flatMap(({name, pattern, files: whose}) =>
		files.filter(file => whose.test(file) && pattern.test(code(file))).map(file => `${file}: ${name}`),
	),
	// A cruiser that meets a TypeScript it does not know looks at nothing, and is content (dependency-cruiser 17 with TypeScript 7).
	...files.filter(file => !seen.has(file)).map(file => `${file} was not looked at`),
];
for (const problem of problems) process.stderr.write(`layers: ${problem}\n`);
process.stdout.write(`layers: ${totalCruised} modules and packages, ${files.length} files, ${problems.length} problems\n`);
if (problems.length > 0 || files.length === 0) process.exitCode = 1;

/** The text of a file without its comments. */
function code(/** @type {string} */ file) {
	return readFileSync(path.join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}
