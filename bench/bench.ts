/*
 * `npm run bench`: what the product costs, as ratios to what is next to it, in one run on one machine. `npm run bench --
 * hooks merge` runs some of the parts, `--rounds 5` makes it quicker and less sure. The exit code is 1 when a gate is missed.
 */
import {parseArgs} from 'node:util';
import {benchLargeCheck, benchSmallCheck} from './check.ts';
import {benchCommute} from './commute.ts';
import {benchDaemon} from './daemon.ts';
import {benchFolder} from './folder.ts';
import {benchHooks} from './hooks.ts';
import {benchMerge} from './merge.ts';
import {benchPush} from './push.ts';
import {isShort, type Row, table} from './report.ts';
import {openStage, type Stage} from './stage.ts';

const PARTS: Readonly<Record<string, (stage: Stage, rounds: number) => Promise<Row[]>>> = {
	hooks: benchHooks,
	merge: benchMerge,
	commute: benchCommute,
	check: benchSmallCheck,
	large: benchLargeCheck,
	folder: benchFolder,
	push: benchPush,
	daemon: benchDaemon,
};

const {values, positionals} = parseArgs({options: {rounds: {type: 'string', default: '11'}}, allowPositionals: true});
const rounds = Number(values.rounds);
const names = positionals.length > 0 ? positionals : Object.keys(PARTS);
const wrong = names.find(name => !Object.hasOwn(PARTS, name));
if (wrong !== undefined || !Number.isInteger(rounds) || rounds < 1) {
	process.stderr.write(`usage: npm run bench -- [--rounds N] [${Object.keys(PARTS).join(' | ')}] …\n`);
	process.exit(2);
}

const stage = await openStage();
const rows: Row[] = [];
try {
	for (const name of names) {
		process.stderr.write(`${name}: ${rounds} rounds …\n`);
		rows.push(...(await PARTS[name]!(stage, rounds)));
	}
} finally {
	stage.remove();
}
process.stdout.write(
	`medians of ${rounds} interleaved rounds, whole processes; node ${process.version}, ${process.platform}\n\n${table(rows)}`,
);
process.exitCode = rows.some(isShort) ? 1 : 0;
