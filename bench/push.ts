import {join} from 'node:path';
import {execa} from 'execa';
import {makeCrowd} from './crowd.ts';
import {type Case, measure, median, medianOf} from './measure.ts';
import {milliseconds, type Row} from './report.ts';
import {installedCopy, type Stage} from './stage.ts';

/** What a push may cost where much is open: milliseconds. */
const PUSH_GATE = 300;

/** (p) and (p2): the hook before a push, in a clone with 5,000 refs of which 500 are open branches of 20 commits and more. */
export async function benchPush(stage: Stage, rounds: number): Promise<Row[]> {
	const plain = await makeCrowd(stage, 'crowd', {mainline: 2000, open: 500, commits: 20, refs: 5000});
	const dir = await installedCopy(stage, plain);
	const tip = await stage.git(dir, ['rev-parse', 'feature']);
	const parent = await stage.git(dir, ['rev-parse', 'feature^']);
	const told = (local: string) => `refs/heads/feature ${local} refs/heads/feature ${'0'.repeat(40)}`;
	const hook = (local: string) => [
		'sh',
		'-c',
		`echo '${told(local)}' | .git/hooks/pre-push origin ${join(stage.folder, 'crowd.git')} 2>said`,
	];
	const cold = await timeOf(stage, dir, hook(tip));
	// Its patience is limited, so that the first pushes get part of the work done each.
	for (let look = 0; look < 50 && (await isUnfinished(stage, dir)); look++) await timeOf(stage, dir, hook(tip));
	if (await isUnfinished(stage, dir)) throw new Error('the branches are never all examined');
	const cases: Case[] = [
		{name: 'push', cwd: dir, argv: hook(tip)},
		{name: 'quiet', cwd: dir, argv: hook(parent)},
		{name: 'node', cwd: dir, argv: [stage.guard[0], '-e', '0']},
		{name: 'diff', cwd: dir, argv: ['sh', '-c', 'git diff --quiet --no-ext-diff --merge-base origin/HEAD feature^']},
	];
	const runs = await measure(cases, rounds, stage.env);
	const warm = median(runs.push!.map(({ms}) => ms));
	return [
		{
			what: '(p)  push with a migration, 5,000 refs, 500 open branches, warm cache',
			measured: milliseconds(warm),
			against: `${milliseconds(median(runs.node!.map(({ms}) => ms)))}  node -e 0; first push ${milliseconds(cold)}`,
			value: warm,
			gate: PUSH_GATE,
			unit: 'ms',
		},
		{
			what: '(p2) push without one: our hook, no Node',
			measured: milliseconds(median(runs.quiet!.map(({ms}) => ms))),
			against: `${milliseconds(median(runs.diff!.map(({ms}) => ms)))}  git diff --quiet --merge-base`,
			value: medianOf(runs, at => at('quiet').ms / at('diff').ms),
			gate: 3,
			unit: '×',
		},
	];
}

async function timeOf({env}: Stage, cwd: string, [command, ...args]: readonly string[]): Promise<number> {
	const start = performance.now();
	await execa(command!, args, {cwd, env, extendEnv: false});
	return performance.now() - start;
}

async function isUnfinished({env}: Stage, cwd: string): Promise<boolean> {
	return (await execa('cat', ['said'], {cwd, env, extendEnv: false})).stdout.includes('not examined');
}
