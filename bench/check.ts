import {join} from 'node:path';
import {execa} from 'execa';
import {djangos} from '../test/referee/django.ts';
import {type Case, measure, median, medianOf, type Runs} from './measure.ts';
import {djangoProject, extraMigration, type ProjectSize} from './project.ts';
import {milliseconds, type Row} from './report.ts';
import {installedCopy, makeRepository, type Stage} from './stage.ts';

/** (c) `check` of 500 migrations, next to the start of Node. */
export async function benchSmallCheck(stage: Stage, rounds: number): Promise<Row[]> {
	const dir = await forkedProject(stage, 'check-500', {apps: 25, perApp: 20});
	const runs = await measure(
		[{name: 'node', cwd: dir, argv: [process.execPath, '-e', '0']}, ...checks(stage, dir)],
		rounds,
		stage.env,
	);
	const row = (name: string, gate: number | null): Row => ({
		what: `(c)  check, 500 migrations, cache ${name}`,
		measured: milliseconds(medianOf(runs, at => at(name).ms)),
		against: `${milliseconds(medianOf(runs, at => at('node').ms))}  node -e 0`,
		value: medianOf(runs, at => at(name).ms / at('node').ms),
		gate,
		unit: '×',
	});
	return [row('cold', 10), row('warm', null), memory('(c)  check, 500 migrations, cache cold: memory', runs, 80)];
}

/** (c) `check` of 10,000 migrations, next to Django's own `makemigrations --check --dry-run`, which sees the same fork. */
export async function benchLargeCheck(stage: Stage, rounds: number): Promise<Row[]> {
	const dir = await forkedProject(stage, 'check-10000', {apps: 200, perApp: 50});
	const django = (await djangos()).at(-1);
	const argv = [django?.python ?? '', 'manage.py', 'makemigrations', '--check', '--dry-run'];
	if (django) await proveConflict(stage, dir, argv);
	const cases: Case[] = [...checks(stage, dir), ...(django ? [{name: 'django', cwd: dir, argv, expect: [1]}] : [])];
	const runs = await measure(cases, rounds, stage.env);
	const row = (name: string, gate: number | null): Row => ({
		what: `(c)  check, 10,000 migrations, cache ${name}`,
		measured: milliseconds(medianOf(runs, at => at(name).ms)),
		against: django
			? `${milliseconds(medianOf(runs, at => at('django').ms))}  Django ${django.version}`
			: 'no Django could be installed',
		value: django ? medianOf(runs, at => at(name).ms / at('django').ms) : Number.NaN,
		gate: django ? gate : null,
		unit: '×',
	});
	return [row('cold', 0.2), row('warm', null), memory('(c)  check, 10,000 migrations, cache cold: memory', runs, 150)];
}

async function forkedProject(stage: Stage, name: string, size: ProjectSize): Promise<string> {
	const {files, leaves} = djangoProject(size);
	const leaf = leaves.get('app001')!;
	const parent = [...files.keys()].find(path =>
		path.startsWith(`app001/migrations/${String(size.perApp - 1).padStart(4, '0')}_`),
	)!;
	const fork = extraMigration('app001', `${leaf.slice(0, 4)}_fork`, parent.split('/').at(-1)!.slice(0, -'.py'.length));
	return installedCopy(stage, await makeRepository(stage, name, [{branch: 'main', files: new Map([...files, fork])}]));
}

/** `check` finds the fork, which is exit code 1. */
function checks(stage: Stage, dir: string): Case[] {
	const argv = [...stage.guard, 'check'];
	const cache = ['rm', '-rf', '.git/migration-guard/cache'];
	return [
		{name: 'cold', cwd: dir, argv, before: [cache], expect: [1]},
		{name: 'warm', cwd: dir, argv, expect: [1]},
	];
}

function memory(what: string, runs: Runs, gate: number): Row {
	const megabytes = median(runs.cold!.map(({kb}) => kb / 1024));
	return {what, measured: `${Math.round(megabytes)} MB`, against: '', value: megabytes, gate, unit: 'MB'};
}

/** Exit code 1 may be anything: it has to be the conflict that both look for. */
async function proveConflict(stage: Stage, cwd: string, [python = '', ...args]: readonly string[]): Promise<void> {
	const {stderr} = await execa(python, args, {cwd, env: stage.env, extendEnv: false, reject: false});
	if (!/Conflicting migrations detected.*app001/s.test(stderr))
		throw new Error(`Django does not see the fork in ${join(cwd)}: ${stderr}`);
}
