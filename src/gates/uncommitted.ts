import {existsSync, readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import type {Ground} from '../doors/ground.ts';
import type {TreeChange} from '../git/trees.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import type {MigrationGraph} from '../migrations/graph.ts';
import {appOf, nameOf} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import {readMigration} from '../migrations/read-migration.ts';
import type {Uncommitted} from './pre-push.ts';

/** Pathspecs of files with models. */
export const MODELS = ['*models.py', '*models/*.py'] as const;

/**
 * Migrations that lie in the worktree and are not in the pushed tree, where that needs them: a pushed migration depends on one, or the
 * models beside it are pushed. Folders are read and nothing else, so it does not matter whether git ignores a file, or has it staged.
 */
export function uncommittedMigrations(
	ground: Ground,
	top: string,
	{project, graph, pushed}: {project: Project; graph: MigrationGraph; pushed: readonly TreeChange[]},
): Uncommitted[] {
	const found = new Map<string, Uncommitted>();
	for (const {node, reference} of graph.missing) {
		const folder = project.folders.find(({app}) => app === appOf(reference))?.path;
		const path = `${folder}/${nameOf(reference)}.py`;
		if (folder !== undefined && existsSync(join(top, path))) found.set(path, {path, neededBy: node, models: null});
	}
	for (const {path: models, after} of pushed) {
		const app = /^(.*?)\/?models(?:\.py$|\/)/.exec(models)?.[1];
		if (app === undefined || after === null) continue;
		const folder = app === '' ? 'migrations' : `${app}/migrations`;
		for (const path of onDisk(top, folder)) {
			if (!ground.files.has(path) && !found.has(path) && isMigration(join(top, path)))
				found.set(path, {path, neededBy: null, models});
		}
	}
	return [...found.values()];
}

function onDisk(top: string, folder: string): string[] {
	try {
		return readdirSync(join(top, folder))
			.map(name => `${folder}/${name}`)
			.filter(isMigrationFile);
	} catch {
		return [];
	}
}

function isMigration(file: string): boolean {
	try {
		return !('unreadable' in readMigration(readFileSync(file, 'utf8')));
	} catch {
		return false;
	}
}
