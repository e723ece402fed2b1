import {join} from 'node:path';
import {execa} from 'execa';
import {djangos} from '../test/referee/django.ts';
import {type Case, measure, median, medianOf, type Runs} from './measure.ts';
import {djangoProject, extraMigration, type ProjectSize} from './project.ts';
import {milliseconds, type Row} from './report.ts';
import {installedCopy, makeRepository, type Stage} from './stage.ts';

/** The smallest project of the gates, and the largest. */
const SMALL: Project = {name: '500', size: {apps: 25, perApp: 20}, cold: 1, graph: 1 / 2, warm: 1 / 7, megabytes: 80};
const LARGE: Project = {name: '10,000', size: {apps: 200, perApp: 50}, cold: 0.2, graph: 1 / 7, warm: 1 / 22, megabytes: 150};

interface Project {
	readonly name: string;
	readonly size: ProjectSize;
	/** Gates: the part of Django's time that may be taken: by every check and by the graph alone with nothing remembered, and with everything. */
	readonly cold: number;
	readonly graph: number;
	readonly warm: number;
	readonly megabytes: number;
}

/** (c) `check` of 500 migrations, with every check on, next to Django, which sees the same fork, and to the start of Node. */
export async function benchSmallCheck(stage: Stage, rounds: number): Promise<Row[]> {
	const {rows, runs} = await benchCheck(stage, rounds, SMALL);
	const node: Row = {
		what: '(c)  check, 500 migrations, cache cold',
		measured: milliseconds(medianOf(runs, at => at('cold').ms)),
		against: `${milliseconds(medianOf(runs, at => at('node').ms))}  node -e 0`,
		value: medianOf(runs, at => at('cold').ms / at('node').ms),
		gate: 10,
		unit: '×',
	};
	return [node, ...rows];
}

/** (c) `check` of 10,000 migrations, next to Django, and to reading the files. */
export async function benchLargeCheck(stage: Stage, rounds: number): Promise<Row[]> {
	const {rows, runs} = await benchCheck(stage, rounds, LARGE);
	const cat: Row = {
		what: '(c)  check, 10,000 migrations, cache warm',
		measured: milliseconds(medianOf(runs, at => at('warm').ms)),
		against: `${milliseconds(medianOf(runs, at => at('cat').ms))}  cat of the files`,
		value: medianOf(runs, at => at('warm').ms / at('cat').ms),
		gate: 1.3,
		unit: '×',
	};
	return [...rows, cat];
}

/** Next to Django's own `makemigrations --check --dry-run`. */
async function benchCheck(stage: Stage, rounds: number, project: Project): Promise<{rows: Row[]; runs: Runs}> {
	const dir = await forkedProject(stage, `check-${project.size.apps}`, project.size);
	const django = (await djangos()).at(-1);
	const argv = [django?.python ?? '', 'manage.py', 'makemigrations', '--check', '--dry-run'];
	if (django) await proveConflict(stage, dir, argv);
	const cases: Case[] = [
		{name: 'node', cwd: dir, argv: [process.execPath, '-e', '0']},
		{name: 'cat', cwd: dir, argv: ['sh', '-c', 'cat */migrations/*.py >/dev/null']},
		...checks(stage, dir),
		...(django ? [{name: 'django', cwd: dir, argv, expect: [1]}] : []),
	];
	const runs = await measure(cases, rounds, stage.env);
	const row = (name: 'cold' | 'graph' | 'warm'): Row => ({
		what: `(c)  ${name === 'graph' ? 'order' : 'check'}, ${project.name} migrations, cache ${name === 'warm' ? 'warm' : 'cold'}`,
		measured: milliseconds(medianOf(runs, at => at(name).ms)),
		against: django
			? `${milliseconds(medianOf(runs, at => at('django').ms))}  Django ${django.version}`
			: 'no Django could be installed',
		value: django ? medianOf(runs, at => at(name).ms / at('django').ms) : Number.NaN,
		gate: django ? project[name] : null,
		unit: '×',
	});
	return {rows: [row('cold'), row('graph'), row('warm'), memory(project, runs)], runs};
}

async function forkedProject(stage: Stage, name: string, size: ProjectSize): Promise<string> {
	const {files, leaves} = djangoProject(size);
	const leaf = leaves.get('app001')!;
	const parent = [...files.keys()].find(path =>
		path.startsWith(`app001/migrations/${String(size.perApp - 1).padStart(4, '0')}_`),
	)!;
	const fork = extraMigration('app001', `${leaf.slice(0, 4)}_fork`, parent.split('/').at(-1)!.slice(0, -'.py'.length));
	const plain = await makeRepository(stage, name, [{branch: 'main', files: new Map([...files, fork])}]);
	// As in every clone: what is published counts in the answer.
	await stage.git(plain, ['update-ref', 'refs/remotes/origin/main', 'main']);
	return installedCopy(stage, plain);
}

/** `check` finds the fork, which is exit code 1. */
function checks(stage: Stage, dir: string): Case[] {
	const argv = [...stage.guard, 'check'];
	const cache = ['rm', '-rf', '.git/migration-guard/cache'];
	return [
		{name: 'cold', cwd: dir, argv, before: [cache], expect: [1]},
		// Reading and the graph, without what `check` looks for besides.
		{name: 'graph', cwd: dir, argv: [...stage.guard, 'order'], before: [cache], expect: [1]},
		// It follows a run that remembers nothing that `check` asks for.
		{name: 'warming', cwd: dir, argv, expect: [1]},
		{name: 'warm', cwd: dir, argv, expect: [1]},
	];
}

function memory({name, megabytes}: Project, runs: Runs): Row {
	const used = median(runs.cold!.map(({kb}) => kb / 1024));
	const what = `(c)  check, ${name} migrations, cache cold: memory`;
	return {what, measured: `${Math.round(used)} MB`, against: '', value: used, gate: megabytes, unit: 'MB'};
}

/** Exit code 1 may be anything: it has to be the conflict that both look for. */
async function proveConflict(stage: Stage, cwd: string, [python = '', ...args]: readonly string[]): Promise<void> {
	const {stderr} = await execa(python, args, {cwd, env: stage.env, extendEnv: false, reject: false});
	if (!/Conflicting migrations detected.*app001/s.test(stderr))
		throw new Error(`Django does not see the fork in ${join(cwd)}: ${stderr}`);
}
