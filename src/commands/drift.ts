import {readFileSync} from 'node:fs';
import {basename, resolve} from 'node:path';
import {compareEnvironments} from '../database/drift.ts';
import type {Environment} from '../database/environment.ts';
import {startProgram} from '../database/run.ts';
import {readListing} from '../database/showmigrations.ts';
import {wordsOf} from '../database/words.ts';
import {openAt} from '../doors/examine.ts';
import {readSettings} from '../doors/read-settings.ts';
import {repositoryFacts} from '../doors/repository-facts.ts';
import {EXIT, UsageError} from '../errors.ts';
import {whereaboutsOf} from '../explain/whereabouts.ts';
import {driftText} from '../report/drift.ts';
import {jsonDocument} from '../report/json.ts';
import type {Command, Context} from './command.ts';
import {JSON_OUTPUT, REVISION} from './options.ts';
import {requireRepo} from './repository.ts';

/** Do staging and production agree? */
export const command: Command = {
	name: 'drift',
	summary: 'compare what environments have applied, from their showmigrations',
	usage: "[NAME=]FILE… [--command NAME='COMMAND'] [--rev REV] [--json]",
	about:
		"Reads what `manage.py showmigrations` printed in each environment: with --plan or without, best with --verbosity 2; - is standard input. Says where they part, and what to apply where; what depends on what, and where a missing file went, is taken from the tree and git's history. --command runs a command instead of reading a file: what is typed, and nothing else. Exit code 1: something differs.",
	options: {
		command: {
			type: 'string',
			value: "NAME='COMMAND'",
			multiple: true,
			about: 'run this and read what it prints, as "ssh web python manage.py showmigrations --plan"',
		},
		rev: REVISION,
		json: JSON_OUTPUT,
	},
	examples: [
		['migration-guard drift staging.txt production.txt', 'two files'],
		[
			'ssh web ./manage.py showmigrations --plan -v 2 | migration-guard drift production=- staging.txt',
			'standard input, and a name for it',
		],
		["migration-guard drift --command here='python manage.py showmigrations --plan' production.txt", 'a command, no shell'],
	],
	async run(context) {
		const environments = [
			...context.positionals.map(file => fromFile(context, file)),
			...commandsOf(context).map(line => fromCommand(context, line)),
		];
		const names = environments.map(({name}) => name);
		if (names.length === 0) throw new UsageError('drift: say which outputs of showmigrations to compare');
		const twice = names.find((name, index) => names.indexOf(name) !== index);
		if (twice !== undefined) throw new UsageError(`drift: two environments are called ${twice}; write NAME=FILE`);
		const repo = requireRepo(context.cwd);
		const settings = await readSettings(repo);
		const {ground, revision} = await openAt(repo, settings.load, context.values.rev as string | undefined);
		const facts = repositoryFacts(ground, revision, settings.mainline);
		const comparison = compareEnvironments(environments, {
			project: facts.project,
			graph: facts.graph,
			whereabouts: key => whereaboutsOf(facts, key),
		});
		ground.library.save();
		context.out(
			context.values.json ? jsonDocument({revision, environments: names, ...comparison}) : driftText(comparison, names),
		);
		return comparison.drifts.length + comparison.leaves.length === 0 ? EXIT.ok : EXIT.problems;
	},
};

function fromFile({cwd}: Context, argument: string): Environment {
	const [, given, file] = /^([\w.@-]+)=(.+)$/.exec(argument) ?? [undefined, undefined, argument];
	const name = given ?? (file === '-' ? 'stdin' : basename(file!).replace(/\.\w+$/, ''));
	try {
		return environmentOf(name, readFileSync(file === '-' ? 0 : resolve(cwd, file!), 'utf8'), file!);
	} catch (error) {
		if (error instanceof UsageError) throw error;
		throw new UsageError(`${file} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
	}
}

function commandsOf({values}: Context): readonly string[] {
	return (values.command ?? []) as readonly string[];
}

function fromCommand({cwd, env}: Context, argument: string): Environment {
	const [, name, line = ''] = /^([\w.@-]+)=(.+)$/s.exec(argument) ?? [];
	const words = wordsOf(line);
	if (name === undefined || words === null || words.length === 0)
		throw new UsageError(`--command ${argument}: write NAME='COMMAND'`);
	const {code, stdout, stderr} = startProgram(words, {cwd, env});
	if (code !== 0) throw new UsageError(`${name}: ${line} ended with ${code}: ${stderr.trim().split('\n').at(-1) ?? ''}`);
	return environmentOf(name, stdout, line);
}

function environmentOf(name: string, text: string, from: string): Environment {
	const listing = readListing(text);
	if (listing === null) throw new UsageError(`${name}: ${from} holds no output of showmigrations`);
	return {name, listing};
}
