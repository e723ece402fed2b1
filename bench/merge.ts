import {join} from 'node:path';
import {type Case, measure, medianOf, type Run} from './measure.ts';
import {djangoProject, extraMigration} from './project.ts';
import {milliseconds, type Row} from './report.ts';
import {installedCopy, makeRepository, type Stage} from './stage.ts';

const APP = 'app007';

/** (b): what the product adds to a `git merge` that forks an app, in a repository of 500 migrations. */
export async function benchMerge(stage: Stage, rounds: number): Promise<Row[]> {
	const {files, leaves} = djangoProject({apps: 25, perApp: 20, noise: 500});
	const leaf = leaves.get(APP)!;
	const plain = await makeRepository(stage, 'merge', [
		{branch: 'main', files},
		{
			branch: 'feature',
			from: 'main',
			files: new Map([extraMigration(APP, '0021_phone', leaf), ['lib/feature.py', `LAST = ('${APP}', '0021_phone')\n`]]),
		},
		{branch: 'feature', files: new Map([extraMigration(APP, '0022_phone_index', '0021_phone')])},
		{branch: 'main', files: new Map([extraMigration(APP, '0021_email', leaf)])},
	]);
	// As after a fetch: main is what origin has.
	await stage.git(plain, ['update-ref', 'refs/remotes/origin/main', 'main']);
	await stage.git(plain, ['tag', 'start', 'main']);
	const dir = await installedCopy(stage, plain);
	await proveLinear(stage, dir);

	const reset = ['git', 'reset', '-q', '--hard', 'start'];
	const ours = ['sh', '-c', 'rm -rf .git/migration-guard/journal .git/migration-guard/undone .git/refs/migration-guard'];
	const cache = ['rm', '-rf', '.git/migration-guard/cache'];
	const argv = ['git', 'merge', '-q', '--no-edit', 'feature'];
	const cases: Case[] = [
		{name: 'node', cwd: dir, argv: [process.execPath, '-e', '0']},
		{name: 'git', cwd: plain, argv, before: [reset]},
		{name: 'warm', cwd: dir, argv, before: [reset, ours]},
		{name: 'cold', cwd: dir, argv, before: [reset, ours, cache]},
	];
	const runs = await measure(cases, rounds, stage.env);
	const added = (name: string) => (at: (name: string) => Run) => at(name).ms - at('git').ms;
	const node = medianOf(runs, at => at('node').ms);
	const git = medianOf(runs, at => at('git').ms);
	return (['warm', 'cold'] as const).map(name => ({
		what: `(b)  fork among 500 migrations resolved, cache ${name}: added to git's ${milliseconds(git)}`,
		measured: milliseconds(medianOf(runs, added(name))),
		against: `${milliseconds(node)}  node -e 0`,
		value: medianOf(runs, at => added(name)(at) / at('node').ms),
		gate: name === 'warm' ? 5 : 10,
		unit: '×' as const,
	}));
}

/** A merge that does nothing would be fast, too. */
async function proveLinear(stage: Stage, dir: string): Promise<void> {
	await stage.git(dir, ['merge', '-q', '--no-edit', 'feature']);
	const names = await stage.git(dir, ['ls-tree', '--name-only', `HEAD:${join(APP, 'migrations')}`]);
	for (const name of ['0021_email.py', '0022_phone.py', '0023_phone_index.py']) {
		if (!names.split('\n').includes(name)) throw new Error(`the fork was not resolved: ${name} is missing among ${names}`);
	}
}
