/*
 * `npm run parity:linear`: what becomes of the situations of django-linear-migrations' own tests, and of those it is known to fail in, with
 * its command and with git alone where our hooks are installed. `--write` puts the table into docs/django-linear-migrations.md. Exit code 1:
 * something is not as the scenarios state.
 */
import {readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import {isAsStated, playAll} from '../test/parity/play.ts';
import {SCENARIOS} from '../test/parity/scenarios.ts';
import {linearMigrations} from '../test/referee/linear-migrations.ts';

const real = await linearMigrations();
if (typeof real === 'string') throw new Error(real);
const outcomes = await playAll(SCENARIOS, real);
const rows = SCENARIOS.map(
	({name, what}, index) => `| \`${name}\` | ${what} | ${cell(outcomes[index]!.theirs)} | ${cell(outcomes[index]!.ours)} |`,
);
const table = ['| | situation | `rebase_migration` | migration-guard |', '|---|---|---|---|', ...rows, ''].join('\n');
process.stdout.write(`django-linear-migrations ${real.version}, Django ${real.django.version}\n\n${table}`);
const differences = SCENARIOS.flatMap((scenario, index) =>
	(['theirs', 'ours'] as const).flatMap(tool =>
		isAsStated(outcomes[index]![tool], scenario[tool])
			? []
			: [`${scenario.name}: ${tool}: ${outcomes[index]![tool]}, stated: ${scenario[tool]}`],
	),
);
for (const difference of differences) process.stdout.write(`differs: ${difference}\n`);
process.exitCode = differences.length > 0 ? 1 : 0;
if (process.argv.includes('--write') && differences.length === 0) {
	const page = path.join(import.meta.dirname, '../docs/django-linear-migrations.md');
	const text = readFileSync(page, 'utf8');
	const head = text.slice(0, text.indexOf('<!-- table -->'));
	writeFileSync(page, `${head}<!-- table -->\n\n${table}\n${text.slice(text.indexOf('<!-- /table -->'))}`);
}

function cell(text: string): string {
	return text.replaceAll('|', '\\|');
}
