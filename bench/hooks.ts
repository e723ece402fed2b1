import {existsSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {type Case, measure, medianOf} from './measure.ts';
import {djangoProject, extraMigration} from './project.ts';
import {milliseconds, type Row} from './report.ts';
import {installedCopy, makeRepository, type Stage} from './stage.ts';

/** A process of two milliseconds is timed in a loop, by the same sh on both sides. */
const TIMES = 25;

/** What git runs in a commit, in this order (githooks). */
const COMMIT_HOOKS = ['pre-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'];

/** (a) and (a2): what our hooks cost where no migration changed, next to the one `git diff` they cannot do without. */
export async function benchHooks(stage: Stage, rounds: number): Promise<Row[]> {
	const {files, leaves} = djangoProject({apps: 25, perApp: 20, noise: 2000});
	const plain = await makeRepository(stage, 'hooks', [
		{branch: 'main', files},
		{branch: 'feature', from: 'main', files: new Map([['lib/feature.py', 'FEATURE = True\n']])},
		{branch: 'migration', from: 'main', files: new Map([extraMigration('app001', '0021_extra', leaves.get('app001')!)])},
	]);
	const dir = await installedCopy(stage, plain);
	const hooks = join(dir, '.git/hooks');
	const diff = ['git', 'diff', '--quiet', '--no-ext-diff', '--no-renames'];
	const paths = readPathspecs(join(dir, '.git/migration-guard/hook'));

	await stage.git(dir, ['merge', '-q', '--no-ff', '--no-edit', 'feature']);
	await proveNoNode(
		dir,
		() => stage.git(dir, ['hook', 'run', 'post-merge', '--', '0']),
		async () => {
			await stage.git(dir, ['merge', '-q', '--no-ff', '--no-edit', 'migration']);
			await stage.git(dir, ['reset', '-q', '--hard', 'HEAD^']);
			await stage.git(dir, ['update-ref', 'ORIG_HEAD', 'HEAD^']);
		},
	);
	writeFileSync(join(dir, 'lib/feature.py'), 'FEATURE = False\n');
	await stage.git(dir, ['add', '-A']);
	const onCommit = COMMIT_HOOKS.filter(name => existsSync(join(hooks, name)));
	await proveNoNode(dir, () => stage.git(dir, ['commit', '-q', '-m', 'no migration']));
	writeFileSync(join(dir, 'lib/feature.py'), 'FEATURE = None\n');
	await stage.git(dir, ['add', '-A']);

	const cases: Case[] = [
		{name: 'hook', cwd: dir, argv: loop('.git/hooks/post-merge 0')},
		{name: 'diff', cwd: dir, argv: loop([...diff, 'ORIG_HEAD', 'HEAD', '--', ...paths].join(' '))},
		{name: 'commit hooks', cwd: dir, argv: loop(onCommit.map(name => `.git/hooks/${name} .git/COMMIT_EDITMSG`).join('; '))},
		{name: 'cached diff', cwd: dir, argv: loop([...diff, '--cached', 'HEAD', '--', ...paths].join(' '))},
	];
	const runs = await measure(cases, rounds, stage.env);
	const time = (name: string) => milliseconds(medianOf(runs, at => at(name).ms) / TIMES);
	return [
		{
			what: '(a)  merge that touches no migration: our hook, no Node',
			measured: time('hook'),
			against: `${time('diff')}  git diff --quiet`,
			value: medianOf(runs, at => at('hook').ms / at('diff').ms),
			gate: 2,
			unit: '×',
		},
		{
			what: `(a2) commit that touches no migration: ${onCommit.length} hooks, no Node`,
			measured: time('commit hooks'),
			against: `${time('cached diff')}  git diff --cached --quiet`,
			value: medianOf(runs, at => at('commit hooks').ms / at('cached diff').ms),
			gate: 2.5,
			unit: '×',
		},
	];
}

function loop(command: string): string[] {
	return ['sh', '-c', `i=0; while [ $i -lt ${TIMES} ]; do ${command}; i=$((i+1)); done`];
}

/** The patterns as the installed stub has them, quoted for sh. */
function readPathspecs(stub: string): string[] {
	return [/^\tgit diff --quiet .* -- (.*) 2>/m.exec(readFileSync(stub, 'utf8'))![1]!];
}

/** Put a program that leaves a trace in the place of ours: it must not be started by one, and must be by the other. */
async function proveNoNode(dir: string, quiet: () => Promise<unknown>, loud?: () => Promise<unknown>): Promise<void> {
	const program = join(dir, '.git/migration-guard/program/cli.cjs');
	const trace = join(dir, '.git/started');
	const ours = readFileSync(program);
	writeFileSync(program, `require('fs').writeFileSync(${JSON.stringify(trace)}, '')`);
	try {
		await quiet();
		if (existsSync(trace)) throw new Error('a hook started Node where no migration changed');
		await loud?.();
		if (loud && !existsSync(trace)) throw new Error('the trace does not work: a merge of a migration left none');
	} finally {
		writeFileSync(program, ours);
		rmSync(trace, {force: true});
	}
}
