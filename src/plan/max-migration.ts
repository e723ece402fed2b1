import type {Meeting} from '../history/meeting.ts';
import {type FileState, folderOf, isMaxMigration, type Library, sameFile} from '../history/revision.ts';
import {buildGraph} from '../migrations/graph.ts';
import {nameOf} from '../migrations/key.ts';
import {maxMigrationText, readMaxMigration} from '../migrations/max-migration.ts';
import type {Project} from '../migrations/project.ts';
import type {Step} from './plan.ts';

/**
 * Let every max_migration.txt name its app's leaf, wherever the file exists (django-linear-migrations). Changes `outcome`. Only what the
 * meeting brought about, or what is due: a file that was wrong on a side and untouched since is `check`'s to report.
 */
export function refreshMaxMigrations(
	outcome: Map<string, FileState>,
	project: Project,
	meeting: Meeting,
	library: Library,
	isDue: (app: string) => boolean,
): Step[] {
	const files = [...outcome.keys()].filter(isMaxMigration);
	if (files.length === 0) return [];
	const graph = buildGraph(project);
	return files.flatMap(path => {
		const app = meeting.labels.get(folderOf(path));
		const [leaf, ...others] = app === undefined ? [] : graph.leafNodes(app);
		const {oid, mode} = outcome.get(path)!;
		const {text} = library.source(oid);
		if (app === undefined || leaf === undefined || others.length > 0) return [];
		const content = readMaxMigration(text);
		if (content.kind === 'name' && content.name === nameOf(leaf)) return [];
		const isUntouched = meeting.sides.every(
			side => sameFile(side.get(path), meeting.result.get(path)) && sameFile(side.get(path), meeting.base.get(path)),
		);
		if (isUntouched && !isDue(app)) return [];
		outcome.set(path, {oid: library.draft({text: maxMigrationText(nameOf(leaf), text), encoding: 'utf8'}), mode});
		return [{kind: 'max-migration' as const, path, to: nameOf(leaf)}];
	});
}
