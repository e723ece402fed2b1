import {type ChildProcess, spawn} from 'node:child_process';
import {once} from 'node:events';
import {readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout} from 'node:timers/promises';
import {isDeepStrictEqual} from 'node:util';
import {execa} from 'execa';
import {median} from './measure.ts';
import {djangoProject, extraMigration, type ProjectSize} from './project.ts';
import {milliseconds, type Row} from './report.ts';
import {makeRepository, type Stage} from './stage.ts';

const SMALL = {name: '500', size: {apps: 25, perApp: 20}, megabytes: 90};
const LARGE = {name: '10,000', size: {apps: 200, perApp: 50}, megabytes: 120};
const MINUTE = 60_000;
const LONGEST = 120_000;
const STORM = {files: 1000, switches: 200};

/**
 * (d) The daemon of 500 and of 10,000 migrations: its memory, what a minute of nothing costs it, how soon it says what happened, and whether
 * after a storm it says what a fresh `check` says. Linux only: it is measured through /proc.
 */
export async function benchDaemon(stage: Stage, rounds: number): Promise<Row[]> {
	const rows: Row[] = [];
	for (const project of [SMALL, LARGE]) rows.push(...(await benchOne(stage, rounds, project)));
	return rows;
}

async function benchOne(
	stage: Stage,
	rounds: number,
	{name, size, megabytes}: {name: string; size: ProjectSize; megabytes: number},
) {
	const {files, leaves} = djangoProject(size);
	const [app, leaf] = [...leaves][0]!;
	const [mine, theirs] = [extraMigration(app, '8000_mine', leaf), extraMigration(app, '8000_theirs', leaf)];
	const dir = await makeRepository(stage, `daemon-${size.apps}`, [
		{branch: 'main', files},
		{branch: 'feature', from: 'main', files: new Map([mine])},
		{branch: 'upstream', from: 'main', files: new Map([theirs])},
	]);
	const origin = 'refs/remotes/origin/main';
	await stage.git(dir, ['update-ref', origin, 'main']);
	await stage.git(dir, ['checkout', '-q', 'feature']);
	await stage.git(dir, ['branch', '-q', '-D', 'main']);
	const upstream = (await stage.git(dir, ['rev-parse', 'upstream'])).trim();
	const base = (await stage.git(dir, ['rev-parse', 'feature~'])).trim();
	await stage.git(dir, ['branch', '-q', '-D', 'upstream']);
	const daemon = listen(stage, dir);
	try {
		await daemon.rest();
		const refs: number[] = [];
		const news: number[] = [];
		for (let round = 0; round < rounds; round++) {
			refs.push(await daemon.reaction('collision', () => stage.git(dir, ['update-ref', origin, upstream])));
			await stage.git(dir, ['update-ref', origin, base]);
			await daemon.rest();
			const copy = join(dir, theirs[0]);
			news.push(await daemon.reaction('fork', async () => writeFileSync(copy, theirs[1])));
			rmSync(copy);
			await daemon.rest();
		}
		const before = daemon.cpu();
		await setTimeout(MINUTE);
		const share = ((daemon.cpu() - before) / MINUTE) * 100;
		const quiet = daemon.megabytes();
		const differences = await storm(stage, dir, daemon, app);
		const row = (what: string, measured: string, against: string, value: number, gate: number, unit: Row['unit']): Row => {
			return {what: `(d)  ${what}, ${name} migrations`, measured, against, value, gate, unit};
		};
		return [
			row('a minute of nothing', `${share.toFixed(3)} %`, 'a core', share, 0.2, '%'),
			row(
				'memory',
				`${quiet} MB`,
				`${daemon.megabytes()} MB after the storm`,
				Math.max(quiet, daemon.megabytes()),
				megabytes,
				'MB',
			),
			row(
				'a new file is said',
				milliseconds(median(news)),
				`${milliseconds(Math.max(...news))} at worst`,
				median(news) / 1000,
				1,
				's',
			),
			row(
				'a moved ref is said',
				milliseconds(median(refs)),
				`${milliseconds(Math.max(...refs))} at worst`,
				median(refs) / 1000,
				2,
				's',
			),
			row('storm', `${STORM.files} files, ${STORM.switches} switches`, 'a fresh check', differences, 0, '×'),
		];
	} finally {
		await daemon.kill();
	}
}

/** Change files and switch branches as fast as it goes; 0 when the daemon then says what `check` says, else 1. */
async function storm(stage: Stage, dir: string, daemon: ReturnType<typeof listen>, app: string): Promise<number> {
	await stage.git(dir, ['branch', '-q', 'other', 'feature~']);
	const file = (index: number) => join(dir, app, 'migrations', `9${String(index % 50).padStart(3, '0')}_storm.py`);
	const each = STORM.files / STORM.switches;
	for (let index = 0; index < STORM.files; index++) {
		if (index % 100 >= 50) rmSync(file(index), {force: true});
		else writeFileSync(file(index), `class Migration:\n    dependencies = [("${app}", "gone_${index}")]\n`);
		if (index % each === 0) await stage.git(dir, ['checkout', '-q', (index / each) % 2 === 0 ? 'other' : 'feature']);
	}
	// Something has to stand in the end.
	writeFileSync(file(7), `class Migration:\n    dependencies = [("${app}", "gone")]\n`);
	const [node, cli] = stage.guard;
	const {stdout} = await execa(node, [cli, 'check', '--json'], {cwd: dir, env: stage.env, extendEnv: false, reject: false});
	const {findings} = JSON.parse(stdout) as {findings: unknown};
	for (const end = performance.now() + LONGEST; performance.now() < end; await setTimeout(100)) {
		const {worktrees} = JSON.parse(readFileSync(join(dir, '.git/migration-guard/watch/status.json'), 'utf8'));
		if (isDeepStrictEqual(worktrees[0].findings, findings)) {
			// It has to stay so.
			await daemon.rest();
			const last = JSON.parse(readFileSync(join(dir, '.git/migration-guard/watch/status.json'), 'utf8'));
			return isDeepStrictEqual(last.worktrees[0].findings, findings) ? 0 : 1;
		}
	}
	return 1;
}

function listen(stage: Stage, cwd: string) {
	const [node, cli] = stage.guard;
	const child: ChildProcess = spawn(node, [cli, 'watch', '--json'], {
		cwd,
		env: {...stage.env},
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const over = once(child, 'exit');
	const told: {event: string; kind: string | undefined; time: number}[] = [];
	createInterface({input: child.stdout!}).on('line', line => {
		const {event, concern} = JSON.parse(line) as {event: string; concern?: {kind: string}};
		told.push({event, kind: concern?.kind, time: performance.now()});
	});
	const proc = (name: string) => readFileSync(`/proc/${child.pid}/${name}`, 'utf8');
	return {
		/** Until it has looked, and said nothing for a second and a half. */
		async rest(): Promise<void> {
			const end = performance.now() + LONGEST;
			while (told.length < 2 || performance.now() - told.at(-1)!.time < 1500) {
				if (performance.now() > end || child.exitCode !== null) throw new Error('the daemon does not come to rest');
				await setTimeout(50);
			}
		},
		/** Milliseconds from an act's end to the concern that it causes. */
		async reaction(kind: string, act: () => Promise<unknown>): Promise<number> {
			const from = told.length;
			await act();
			const started = performance.now();
			for (const end = started + LONGEST; performance.now() < end; await setTimeout(2)) {
				const found = told.slice(from).find(each => each.event === 'concern' && each.kind === kind);
				if (found) return Math.max(0, found.time - started);
			}
			throw new Error(`no ${kind} was said`);
		},
		/** Milliseconds of processor time so far, its gits included (proc(5): utime, stime, cutime, cstime, in hundredths of a second). */
		cpu(): number {
			const stat = proc('stat');
			const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
			return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
		},
		megabytes: () => Math.round(Number(/VmRSS:\s+(\d+)/.exec(proc('status'))![1]) / 1024),
		async kill() {
			child.kill('SIGKILL');
			await over;
		},
	};
}
