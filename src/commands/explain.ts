import {readFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {openAt} from '../doors/examine.ts';
import {readSettings} from '../doors/read-settings.ts';
import {repositoryFacts} from '../doors/repository-facts.ts';
import {EXIT, UsageError} from '../errors.ts';
import {explain} from '../explain/explain.ts';
import {recognise} from '../explain/recognise.ts';
import {explainJson, explainText} from '../report/explain.ts';
import {jsonDocument} from '../report/json.ts';
import type {Command} from './command.ts';
import {JSON_OUTPUT, REVISION} from './options.ts';
import {requireRepo} from './repository.ts';

/** What does Django's error mean in this repository? */
export const command: Command = {
	name: 'explain',
	summary: "say what an error of Django's migrations means here, and what ends it",
	usage: '[FILE] [--rev REV] [--json]',
	about:
		'Reads a whole log or traceback, colours and all, from FILE or from standard input. Says which migrations, files, lines and commits are the cause, and the commands to run. Texts that Django never prints and advice that does nothing are named as such. No Python is run. Exit code 1: nothing in the text is known.',
	options: {rev: REVISION, json: JSON_OUTPUT},
	examples: [
		['python manage.py migrate 2>&1 | migration-guard explain', 'what just failed'],
		['migration-guard explain ci.log --rev origin/main', 'a log of another revision'],
	],
	async run(context) {
		const {positionals, values} = context;
		const text = readText(context.cwd, positionals[0]);
		if (text.trim() === '') throw new UsageError('there is nothing to explain: the text is empty');
		const repo = requireRepo(context.cwd);
		const settings = await readSettings(repo);
		const found = recognise(text);
		const {ground, revision} = await openAt(repo, settings.load, values.rev as string | undefined);
		const facts = repositoryFacts(ground, revision, settings.mainline);
		const explained = found.map(diagnosis => ({diagnosis, answer: explain(diagnosis, facts)}));
		ground.library.save();
		if (values.json) context.out(jsonDocument(explainJson(explained, revision)));
		else context.out(explainText(explained));
		if (found.length > 0) return EXIT.ok;
		context.err(
			'migration-guard: nothing in this text is an error of migrations that is known here\nhint: give the whole traceback; migration-guard check looks at the migrations themselves\n',
		);
		return EXIT.problems;
	},
};

function readText(cwd: string, file: string | undefined): string {
	try {
		// Descriptor 0 is read to its end, whatever it is.
		return readFileSync(file === undefined || file === '-' ? 0 : resolve(cwd, file), 'utf8');
	} catch (error) {
		throw new UsageError(`${file ?? 'standard input'} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
	}
}
