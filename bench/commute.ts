import {type Case, measure, medianOf, type Run} from './measure.ts';
import {djangoProject, extraMigration} from './project.ts';
import {milliseconds, type Row} from './report.ts';
import {installedCopy, makeRepository, type Stage} from './stage.ts';

const APP = 'app007';

/** (l): what asking whether two branches commute adds to resolving a fork, in a repository of 500 migrations. */
export async function benchCommute(stage: Stage, rounds: number): Promise<Row[]> {
	// Both read a configuration, which costs more than the question.
	const on = await forkedRepository(stage, 'commute', 'conflicts: stop\n');
	const off = await forkedRepository(stage, 'commute-off', 'conflicts: off\nreviews: off\n');
	const reset = ['git', 'reset', '-q', '--hard', 'start'];
	const ours = ['sh', '-c', 'rm -rf .git/migration-guard/journal .git/migration-guard/undone .git/refs/migration-guard'];
	const begun = ['git', 'merge', '-q', '--no-commit', '--no-verify', 'feature'];
	const cold = ['rm', '-rf', '.git/migration-guard/cache'];
	const commit = ['git', 'commit', '-q', '--no-edit'];
	const merge = ['git', 'merge', '-q', '--no-edit', 'feature'];
	const concluded = (name: string, cwd: string, ...more: readonly string[][]): Case => ({
		name,
		cwd,
		argv: commit,
		before: [reset, ours, begun, ...more],
	});
	const cases: Case[] = [
		concluded('warm', on),
		concluded('warm, off', off),
		concluded('cold', on, cold),
		concluded('cold, off', off, cold),
		{name: 'merge', cwd: on, argv: merge, before: [reset, ours]},
		{name: 'merge --no-verify', cwd: on, argv: [...merge, '--no-verify'], before: [reset, ours]},
	];
	const runs = await measure(cases, rounds, stage.env);
	const time = (name: string) => milliseconds(medianOf(runs, at => at(name).ms));
	const ratio = (one: string, other: string) => medianOf(runs, (at: (name: string) => Run) => at(one).ms / at(other).ms);
	const row = (what: string, one: string, other: string, against: string, gate: number | null): Row => ({
		what,
		measured: time(one),
		against: `${time(other)}  ${against}`,
		value: ratio(one, other),
		gate,
		unit: '×',
	});
	return [
		row('(l)  fork resolved in the commit that concludes a merge, judged, cache warm', 'warm', 'warm, off', 'not judged', 1.25),
		row('(l)  the same, cache cold', 'cold', 'cold, off', 'not judged', 1.8),
		row(
			'(l2) git merge with the hook before the commit, which is a second Node',
			'merge',
			'merge --no-verify',
			'--no-verify',
			null,
		),
	];
}

async function forkedRepository(stage: Stage, name: string, config: string): Promise<string> {
	const {files, leaves} = djangoProject({apps: 25, perApp: 20, noise: 500});
	const leaf = leaves.get(APP)!;
	const plain = await makeRepository(stage, name, [
		{branch: 'main', files: new Map([...files, ['.migrationguardrc', config]])},
		{branch: 'feature', from: 'main', files: new Map([extraMigration(APP, '0021_phone', leaf)])},
		{branch: 'feature', files: new Map([extraMigration(APP, '0022_phone_index', '0021_phone')])},
		{branch: 'main', files: new Map([extraMigration(APP, '0021_email', leaf)])},
	]);
	await stage.git(plain, ['tag', 'start', 'main']);
	return installedCopy(stage, plain);
}
