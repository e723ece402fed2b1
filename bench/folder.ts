import type {Case} from './measure.ts';
import {measure, medianOf} from './measure.ts';
import {djangoProject} from './project.ts';
import {milliseconds, type Row} from './report.ts';
import {installedCopy, makeRepository, type Stage} from './stage.ts';

const SIZES = [5_000, 20_000] as const;

/** (d) `check` of one folder of 20,000 migrations, next to one of 5,000: four times the files must not be sixteen times the work. */
export async function benchFolder(stage: Stage, rounds: number): Promise<Row[]> {
	const cases: Case[] = [];
	for (const size of SIZES) {
		const {files} = djangoProject({apps: 1, perApp: size});
		const cwd = await installedCopy(stage, await makeRepository(stage, `folder-${size}`, [{branch: 'main', files}]));
		const before = [['rm', '-rf', '.git/migration-guard/cache']];
		cases.push({name: String(size), cwd, argv: [...stage.guard, 'check'], before});
	}
	const runs = await measure(cases, Math.min(rounds, 3), stage.env);
	const ms = (size: number) => medianOf(runs, at => at(String(size)).ms);
	return [
		{
			what: '(d)  check, 20,000 migrations in one folder',
			measured: milliseconds(ms(20_000)),
			against: `${milliseconds(ms(5_000))}  5,000 in one folder`,
			value: medianOf(runs, at => at('20000').ms / at('5000').ms),
			gate: 8,
			unit: '×',
		},
	];
}
