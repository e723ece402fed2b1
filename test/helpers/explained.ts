import type {ExecutionContext} from 'ava';
import type {Answer, Step, Way} from '../../src/explain/answer.ts';
import type {Django} from '../referee/django.ts';
import {type Result, run, transcript} from './command.ts';
import {type Project, project} from './manage.ts';
import {product} from './product.ts';
import type {Scenario} from './scenario.ts';

/** A story with a real Django in it, whose errors are explained and whose advice is followed. */
export interface Explained extends Project {
	/** The answer to what a command printed; the first of them when there are several. */
	explain(result: Result | string, ...args: readonly string[]): Promise<Answer>;
	/** The answer to what is passed on and not true; a page may hold more that is known. */
	hearsay(claim: string, page: string): Promise<Answer>;
	/** Do what a way says. Each command has to succeed, unless it is said that it may not. */
	follow(way: Way | undefined, mayFail?: RegExp): Promise<void>;
	/** Django has nothing left to complain of. */
	isContent(): Promise<void>;
}

/** A squash as squashmigrations would write it: all in one CreateModel, with these columns. */
export async function squash(
	{django}: Scenario,
	name: string,
	replaced: readonly string[],
	columns: readonly string[] = ['price', 'size'],
): Promise<void> {
	const fields = [
		"('id', models.BigAutoField(primary_key=True))",
		"('name', models.CharField(max_length=50))",
		...columns.map(column => `('${column}', models.IntegerField(default=0))`),
	];
	await django.makemigrations('shop', name, {
		replaces: replaced.map(each => ['shop', each] as const),
		dependencies: [],
		operations: [`        migrations.CreateModel('Item', [${fields.join(', ')}]),`],
	});
}

/** Put a project into a story. */
export function explained(t: ExecutionContext, story: Scenario, django: Django, apps: readonly string[]): Explained {
	const {files, git, folder} = story;
	const own = project(story, django, apps);
	const start = async (args: readonly string[], input = '') =>
		run(process.execPath, [await product(), ...args], {
			cwd: files.root,
			env: {PATH: process.env.PATH ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1', LC_ALL: 'C'},
			input,
		});
	const follow = async (way: Way | undefined, mayFail = /^$/) => {
		if (!way) throw new Error('there is no such way');
		for (const step of way.steps) {
			if (step.kind === 'edit') editFile(files, step);
			else await command(step.command, mayFail);
		}
	};
	const command = async (line: string, mayFail: RegExp) => {
		const [program = '', ...args] = line.split(' ');
		const result =
			program === 'python'
				? await own.manage(...args.slice(1))
				: program === 'git'
					? await git.attempt(...args)
					: program === 'migration-guard'
						? await start(args[0] === 'db' ? [...args, '--yes', '--command', `${django.python} -W ignore manage.py`] : args)
						: await run('sh', ['-c', line], {cwd: files.root, env: {PATH: process.env.PATH ?? ''}});
		if (!mayFail.test(line)) t.is(result.exitCode, 0, `${django.version}: ${transcript(result)}`);
	};
	const ask = async (text: string, args: readonly string[] = []) => {
		const answered = await start(['explain', '--json', ...args], text);
		if (answered.exitCode !== 0) throw new Error(`${django.version}: ${transcript(answered)}\n--- asked\n${text}`);
		return (JSON.parse(answered.stdout) as {answers: (Answer & {diagnosis: {claim?: string}})[]}).answers;
	};
	return {
		...own,
		follow,
		async explain(result, ...args) {
			return (await ask(typeof result === 'string' ? result : result.output, args))[0]!;
		},
		async hearsay(claim, page) {
			const answer = (await ask(page)).find(({diagnosis}) => diagnosis.claim === claim);
			t.is(answer?.genuine, false, `${claim} in ${page}`);
			return answer!;
		},
		async isContent() {
			const migrated = await own.manage('migrate');
			t.is(migrated.exitCode, 0, `${django.version}: ${transcript(migrated)}`);
			const left = await own.manage('migrate', '--check');
			t.is(left.exitCode, 0, `${django.version}: ${transcript(left)}`);
		},
	};
}

function editFile(files: Scenario['files'], {path, line, before, after}: Extract<Step, {kind: 'edit'}>): void {
	const lines = files.read(path).split('\n');
	const rest = lines.slice(line - 1).join('\n');
	const changed =
		before === null ? rest.replace(/[[(]/, `$&${after}`) : rest.replace(after === null ? `${before},` : before, after ?? '');
	if (changed === rest) throw new Error(`${path}:${line} does not hold ${before}:\n${rest}`);
	files.write(path, [...lines.slice(0, line - 1), changed].join('\n'));
}
