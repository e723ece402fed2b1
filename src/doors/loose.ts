import {fields, git} from '../git/run.ts';
import {folderOf} from '../history/revision.ts';
import type {LooseMigration} from '../migrations/check-git.ts';
import type {MigrationGraph} from '../migrations/graph.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';
import type {WorktreeGround} from './worktree.ts';

/**
 * Migrations on disk that git does not have: those it ignores, and those that were forgotten when others were added that
 * need them, or when the models beside them were changed.
 */
export function looseMigrations({repo, unstaged}: WorktreeGround, project: Project, graph: MigrationGraph): LooseMigration[] {
	const suspects = [...project.nodes.values()].filter(({path}) => unstaged.has(path));
	if (suspects.length === 0) return [];
	const models = new Map(
		suspects.map(({path}) => [path, folderOf(folderOf(path)) === '' ? 'models' : `${folderOf(folderOf(path))}/models`]),
	);
	const paths = [...models.keys(), ...new Set(models.values())].map(path =>
		path.endsWith('.py') ? `:(literal)${path}` : `:(glob)${path}*/**`,
	);
	const files = [...new Set(models.values())].map(path => `:(literal)${path}.py`);
	const status = fields(
		git(repo, [
			'status',
			'--porcelain=v1',
			'-z',
			'--no-renames',
			'--untracked-files=all',
			'--ignored=matching',
			'--',
			...paths,
			...files,
		]),
	);
	const states = new Map(status.map(line => [line.slice(3), line.slice(0, 2)]));
	// A folder that is ignored as a whole is named alone.
	const stateOf = (path: string): string | undefined =>
		states.get(path) ?? [...states].find(([other]) => other.endsWith('/') && path.startsWith(other))?.[1];
	const isLoose = (path: string) => stateOf(path) === '??' || stateOf(path) === '!!';
	return suspects.flatMap(({key, path}): LooseMigration[] => {
		if (!isLoose(path)) return [];
		const ignored = stateOf(path) === '!!';
		const neededBy =
			graph.children(key).find(child => names(project, child, key) && !isLoose(project.nodes.get(child)!.path)) ?? null;
		const beside = models.get(path)!;
		// Models that are not added either are work in progress.
		const changed =
			[...states.keys()]
				.filter(other => !isLoose(other))
				.find(other => other === `${beside}.py` || other.startsWith(`${beside}/`)) ?? null;
		return ignored || neededBy || changed ? [{key, path, ignored, neededBy, models: changed}] : [];
	});
}

/** Whether a migration itself says that it depends on another. A squash stands in for what others name. */
function names({nodes}: Project, child: NodeKey, key: NodeKey): boolean {
	return (
		nodes.get(child)?.migration.dependencies.items.some(item => item.kind === 'node' && nodeKey(item.app, item.name) === key) ??
		false
	);
}
