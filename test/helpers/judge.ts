import test from 'ava';
import {ask, djangos, type Question} from '../referee/django.ts';
import {isMigration, type MigrationFiles} from './reader.ts';

/** Story → the migrations of its last result. */
const trees = new Map<string, MigrationFiles>();

/** Keep a result for real Django's word. */
export function collectForDjango(story: string, files: MigrationFiles): void {
	trees.set(story, files);
}

// A start of Django takes longer than a story: it is asked once a file, about all results together.
test.after.always('real Django accepts every result', async t => {
	const stories = [...trees.keys()];
	if (stories.length === 0) return;
	for (const django of await djangos()) {
		const verdicts = await ask(django, [...trees.values()].map(questionFor));
		for (const [index, {error, conflicts}] of verdicts.entries()) {
			const story = `Django ${django.version}: ${stories[index]}`;
			t.is(error, null, story);
			t.deepEqual(conflicts, {}, story);
		}
	}
});

/** The migrations as a project that Django can load: packages around them, every app installed. */
export function questionFor(files: MigrationFiles): Question {
	const project: Record<string, string> = {};
	const installed = new Set<string>();
	for (const [path, text] of files) {
		if (!isMigration(path)) continue;
		const parts = path.split('/').slice(0, -1);
		for (let depth = 1; depth <= parts.length; depth++) project[`${parts.slice(0, depth).join('/')}/__init__.py`] = '';
		installed.add(parts.slice(0, -1).join('.'));
		project[path] = Buffer.from(text, 'latin1').toString('utf8');
	}
	return {files: project, installed: [...installed]};
}
