/*
 * `npm run referee:commute [-- [--write] [--answers FILE] [EACH [SEED]]]`: EACH (30) random pairs of each two operations, and those found by hand, run by
 * real Django in both orders and judged by us, in each world (test/referee/commute_worlds.py); the confusion table, operation by operation in the first. What SQLite lets pass is asked of PostgreSQL where there
 * is one. `--write` puts the table into docs/conflicts-table.md. `--answers` keeps Django's answers in a file, or takes them from it: a rule of ours
 * that changes does not change them.
 */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {parseArgs} from 'node:util';
import {
	askBoth,
	askDjango,
	type Case,
	describeCase,
	judgeAll,
	meets,
	missed,
	onlyPostgres,
	stopped,
} from '../test/referee/commute.ts';
import {type Django, djangos} from '../test/referee/django.ts';
import {startPostgres} from '../test/referee/postgres.ts';

const COLUMNS = ['commutes', 'review', 'conflict'] as const;
const TABLE = fileURLToPath(new URL('../docs/conflicts-table.md', import.meta.url));

const {values, positionals} = parseArgs({
	options: {write: {type: 'boolean', default: false}, answers: {type: 'string'}},
	allowPositionals: true,
});
const [each = '30', seed = '1'] = positionals;
const django = (await djangos()).find(({version}) => version.startsWith('5.'));
if (django) await report(django);
else {
	process.stdout.write('no Django could be installed here\n');
	process.exitCode = 1;
}

async function report(judge: Django): Promise<void> {
	const cases = judgeAll(await answers(judge));
	const doubtful = stopped(cases).filter(onlyPostgres);
	const {confirmed, why} = await askPostgres(judge, doubtful);
	const wrong = stopped(cases).filter(one => !confirmed.has(one));
	const meeting = cases.filter(one => one.is === 'commutes' && meets(one));
	const rate = (100 * wrong.filter(meets).length) / Math.max(1, meeting.length);
	const summary = [
		`Django ${judge.version}, ${cases.length} pairs.`,
		`Said to commute, and Django fails or ends differently: ${missed(cases).length}.`,
		`Stopped though they commute: ${wrong.length}, ${rate.toFixed(2)} % of ${meeting.length} commuting pairs on one model`,
		`(${doubtful.length} more pass on SQLite alone; ${why}).`,
	].join(' ');
	process.stdout.write(`${confusion(cases)}\n${summary}\n`);
	for (const one of [...missed(cases), ...wrong]) process.stdout.write(`${describeCase(one)}\n`);
	if (values.write) writeFileSync(TABLE, page(cases, summary));
	if (missed(cases).length > 0 || rate > 2) process.exitCode = 1;
}

async function answers(judge: Django): Promise<string> {
	const others = ['--worlds', '--rows', '--mixed', String(3 * Number(each)), '--each', String(Math.ceil(Number(each) / 10))];
	const said = await Promise.all([
		remembered('', () => askDjango(judge, ['--rows', '--each', each, '--seed', seed])),
		remembered('.worlds', () => askDjango(judge, [...others, '--seed', seed])),
	]);
	return said.join('\n');
}

async function remembered(what: string, ask: () => Promise<string>): Promise<string> {
	const file = values.answers === undefined ? null : `${values.answers}${what}`;
	if (file !== null && existsSync(file)) return readFileSync(file, 'utf8');
	const said = await ask();
	if (file !== null) writeFileSync(file, said);
	return said;
}

/** A line for each pair of operations: what Django does, and what we say of it. */
function confusion(cases: readonly Case[]): string {
	const groups = new Map<string, Case[]>();
	for (const one of cases) {
		const [a = '', b = ''] = [...one.kinds].sort();
		const {world} = one;
		const name = a === 'row' ? 'found by hand' : world === 'shop' ? `${a} × ${b}` : `in the world ${world}`;
		groups.set(name, [...(groups.get(name) ?? []), one]);
	}
	const title = ['pair', 'cases', ...COLUMNS.flatMap(is => COLUMNS.map(said => `${is} / ${said}`))];
	const rows = [...groups]
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, some]) => [name, String(some.length), ...cells(some)]);
	const line = (row: readonly string[]) => `| ${row.join(' | ')} |\n`;
	const rule = `|---|${'--:|'.repeat(title.length - 1)}\n`;
	return `${line(title)}${rule}${rows.map(line).join('')}${line(['all', String(cases.length), ...cells(cases)])}`;
}

function page(cases: readonly Case[], summary: string): string {
	return [
		'# The referee on [work that does not commute](conflicts.md)\n',
		'Written by `npm run referee:commute -- --write`. Each column is what real Django does on SQLite in both orders / what is said of it.\n',
		`${summary}\n`,
		confusion(cases),
	].join('\n');
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
		const named = cases.map(({world, kinds, mainline, incoming}, index) =>
			JSON.stringify({name: String(index), world, kinds, mainline, incoming}),
		);
		const call = {env: postgres.env, input: named.map(text => `${text}\n`).join('')};
		const answers = await askBoth(judge, ['--pairs', '--postgres', postgres.database], call);
		const refused = answers.filter(({is}) => is !== 'commutes').map(({name}) => cases[Number(name)]!);
		return {confirmed: new Set(refused), why: `PostgreSQL refuses ${refused.length} of them`};
	} finally {
		await postgres.stop();
	}
}
