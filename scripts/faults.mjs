/*
 * `npm run test:faults`: every fault at every place of every door (test/faults), as a table. With `--write` it goes into docs/faults.md.
 * Takes about a quarter of an hour on two cores. `--results FILE` keeps what was found: doors that are in it already are not run again.
 */
import {existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import process from 'node:process';
import {parseArgs} from 'node:util';
import {execa} from 'execa';

const root = path.join(import.meta.dirname, '..');
const DOORS = ['merge', 'concluded merge', 'rebase', 'cherry-pick', 'am', 'fix', 'undo'];
const {values} = parseArgs({options: {write: {type: 'boolean'}, results: {type: 'string'}}, strict: false});
const folder = mkdtempSync(path.join(tmpdir(), 'migration-guard-faults-'));
const results = path.resolve(typeof values.results === 'string' ? values.results : path.join(folder, 'results'));

let failed = false;
for (const door of DOORS.filter(name => rowsIn(results).every(row => row.door !== name))) {
	const {exitCode} = await execa('ava', ['test/faults/matrix.test.ts', '--timeout=60m', '--match', `${door}: *`], {
		cwd: root,
		preferLocal: true,
		reject: false,
		stdio: 'inherit',
		env: {MIGRATION_GUARD_FAULTS: results},
	});
	failed ||= exitCode !== 0;
}

const rows = rowsIn(results);
rmSync(folder, {recursive: true});
const faults = [...new Set(rows.map(({fault}) => fault))].sort();
const table = [
	`| fault | ${DOORS.join(' | ')} |`,
	`|---|${DOORS.map(() => '---').join('|')}|`,
	...faults.map(
		fault => `| ${fault} | ${DOORS.map(door => cell(rows.find(row => row.door === door && row.fault === fault))).join(' | ')} |`,
	),
	'',
].join('\n');
process.stdout.write(`\n${table}`);

if (values.write && !failed) {
	const page = path.join(root, 'docs/faults.md');
	const text = readFileSync(page, 'utf8');
	const [head = '', rest = ''] = text.split(/(?<=<!-- table -->\n)/);
	const foot = rest.slice(rest.indexOf('<!-- /table -->'));
	writeFileSync(page, `${head}\n${table}\n${foot}`);
}
process.exitCode = failed ? 1 : 0;

/** @typedef {{door: string, fault: string, places: number, before: number, after: number, between: number}} Row */

/** What was found so far, a line each. */
function rowsIn(/** @type {string} */ file) {
	if (!existsSync(file)) return [];
	const lines = readFileSync(file, 'utf8').trim().split('\n').filter(Boolean);
	return lines.map(line => /** @type {Row} */ (JSON.parse(line)));
}

/** Places where it was tried: git's own result, the linear one, a half state that is told of. */
function cell(/** @type {Row | undefined} */ row) {
	return row ? `${row.places}: ${row.before} / ${row.after} / ${row.between}` : '–';
}
