import {checkProject, type Finding} from '../migrations/check.ts';
import {buildGraph} from '../migrations/graph.ts';
import type {Ground} from './ground.ts';

/** What was found in a tree, and what was looked at. */
export interface Examined {
	readonly findings: readonly Finding[];
	readonly summary: {readonly revision: string | null; readonly apps: number; readonly migrations: number};
}

/** Run every check on a tree. */
export function examine(ground: Ground, revision: string | null): Examined {
	const project = ground.load(ground.files);
	// Only now: what has just been read is what the next run need not read.
	ground.library.save();
	const text = (path: string) => ground.library.source(ground.everything.get(path)!.oid).text;
	const findings = checkProject(project, buildGraph(project), {text});
	return {findings, summary: {revision, apps: project.folders.length, migrations: project.nodes.size + project.unreadable.length}};
}
