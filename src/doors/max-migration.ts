import {buildGraph} from '../migrations/graph.ts';
import {keepsMaxMigrations, type MaxMigration, maxMigrations, maxMigrationText} from '../migrations/max-migration.ts';
import {djangoSettings} from './django-settings.ts';
import type {Ground} from './ground.ts';
import {replaceFile} from './replace-file.ts';

/** The max_migration.txt of every app of the team's own, there or not. */
export interface Surveyed {
	readonly files: readonly MaxMigration[];
	/** Whether the team keeps such files at all. */
	readonly isKept: boolean;
	/** Whether django-linear-migrations is installed, which refuses to run where one is missing. */
	readonly isDemanded: boolean;
}

/** Look at the files of a tree. */
export function surveyMaxMigrations(ground: Ground): Surveyed {
	const settings = djangoSettings(ground);
	const project = ground.load(ground.files, settings);
	const files = maxMigrations(project, buildGraph(project), path => textAt(ground, path), settings);
	ground.library.save();
	return {files, isKept: keepsMaxMigrations(files, settings), isDemanded: settings.linearMigrations};
}

/** Write files into the worktree, each naming its leaf; they are not staged, as what `makemigrations` writes is not. */
export function writeMaxMigrations(ground: Ground, files: readonly MaxMigration[]): void {
	for (const {path, leaf, content} of files)
		if (leaf !== null) replaceFile(ground.repo, path, maxMigrationText(leaf, content === null ? '' : textAt(ground, path)));
}

function textAt({library, everything}: Ground, path: string): string {
	return library.source(everything.get(path)!.oid).text;
}
