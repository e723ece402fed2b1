/*
 * `npm run referee:commute [-- EACH [SEED]]`: EACH (30) random pairs of each two operations, and those found by hand, run by real Django in both
 * orders and judged by us; the confusion table, operation by operation. What SQLite lets pass is asked of PostgreSQL where there is one.
 */
import {askBoth, type Case, describeCase, meets, missed, onlyPostgres, stopped} from '../test/referee/commute.ts';
import {type Django, djangos} from '../test/referee/django.ts';
import {startPostgres} from '../test/referee/postgres.ts';

const COLUMNS = ['commutes', 'review', 'conflict'] as const;

const [each = '30', seed = '1'] = process.argv.slice(2);
const django = (await djangos()).find(({version}) => version.startsWith('5.'));
if (django) await report(django);
else {
	process.stdout.write('no Django could be installed here\n');
	process.exitCode = 1;
}

async function report(judge: Django): Promise<void> {
	const cases = await askBoth(judge, ['--rows', '--each', each, '--seed', seed]);
	const doubtful = stopped(cases).filter(onlyPostgres);
	const {confirmed, why} = await askPostgres(judge, doubtful);
	const wrong = stopped(cases).filter(one => !confirmed.has(one));
	const groups = new Map<string, Case[]>();
	for (const one of cases) {
		const name = [...one.kinds].sort().join(' x ');
		groups.set(name, [...(groups.get(name) ?? []), one]);
	}
	const title = ['pair', 'cases', ...COLUMNS.flatMap(is => COLUMNS.map(said => `${is.slice(0, 4)}>${said.slice(0, 4)}`))];
	const rows = [...groups]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, some]) => [name, String(some.length), ...cells(some)]);
	const widths = title.map((head, index) => Math.max(head.length, ...rows.map(row => row[index]!.length)));
	const line = (row: readonly string[]) =>
		row.map((cell, index) => (index === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[index]!))).join('  ');
	const all = ['all', String(cases.length), ...cells(cases)];
	process.stdout.write(`${[line(title), ...rows.map(line), line(all)].join('\n')}\n\n`);
	for (const one of [...missed(cases), ...wrong]) process.stdout.write(`${describeCase(one)}\n`);
	const meeting = cases.filter(one => one.is === 'commutes' && meets(one));
	const rate = (100 * wrong.filter(meets).length) / Math.max(1, meeting.length);
	process.stdout.write(`Django ${judge.version}, is>said. Said to commute and wrong: ${missed(cases).length}. `);
	process.stdout.write(
		`Stopped though they commute: ${wrong.length}, ${rate.toFixed(1)} % of ${meeting.length} commuting pairs on one model`,
	);
	process.stdout.write(`; ${doubtful.length} more pass on SQLite only (${why}).\n`);
	if (missed(cases).length > 0 || rate > 2) process.exitCode = 1;
}

function cells(cases: readonly Case[]): string[] {
	return COLUMNS.flatMap(is =>
		COLUMNS.map(said => String(cases.filter(one => one.is === is && one.said === said).length).replace(/^0$/, '.')),
	);
}

/** Which of these PostgreSQL refuses, too. Without a server they are taken to be. */
async function askPostgres(judge: Django, cases: readonly Case[]): Promise<{confirmed: ReadonlySet<Case>; why: string}> {
	const postgres = await startPostgres(judge);
	if (typeof postgres === 'string') return {confirmed: new Set(cases), why: `not asked: ${postgres}`};
	try {
		const named = cases.map(({kinds, mainline, incoming}, index) =>
			JSON.stringify({name: String(index), kinds, mainline, incoming}),
		);
		const call = {env: postgres.env, input: named.map(text => `${text}\n`).join('')};
		const answers = await askBoth(judge, ['--pairs', '--postgres', postgres.database], call);
		const refused = answers.filter(({is}) => is !== 'commutes').map(({name}) => cases[Number(name)]!);
		return {confirmed: new Set(refused), why: `PostgreSQL refuses ${refused.length} of them`};
	} finally {
		await postgres.stop();
	}
}
