import type {Repo} from '../git/repo.ts';
import {checkLoading, type Finding} from '../migrations/check.ts';
import {buildGraph, fullPlan} from '../migrations/graph.ts';
import type {NodeKey} from '../migrations/key.ts';
import type {LoadOptions} from '../migrations/project.ts';
import {djangoSettings} from './django-settings.ts';
import {openAt} from './examine.ts';

/** The order of `migrate --plan`, what would keep Django from loading, and what was looked at. */
export interface Ordered {
	readonly order: readonly {readonly key: NodeKey; readonly path: string | null}[];
	readonly errors: readonly Finding[];
	readonly summary: {readonly revision: string | null; readonly apps: number; readonly migrations: number};
}

/** In which order Django would run the migrations of the worktree, or of a revision. Throws UsageError where there is none. */
export async function orderAt(repo: Repo, options: LoadOptions, asked: string | undefined): Promise<Ordered> {
	const {ground, revision} = await openAt(repo, options, asked);
	const project = ground.load(ground.files, djangoSettings(ground));
	ground.library.save();
	const graph = buildGraph(project);
	const text = (path: string) => ground.library.source(ground.everything.get(path)!.oid).text;
	return {
		order: fullPlan(graph).map(key => ({key, path: project.nodes.get(key)?.path ?? null})),
		errors: checkLoading(project, graph, {text}),
		summary: {revision, apps: project.folders.length, migrations: project.nodes.size + project.unreadable.length},
	};
}
