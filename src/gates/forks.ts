import type {Verdict as Wish} from '../config/config.ts';
import type {Ground} from '../doors/ground.ts';
import {forksMainline, type Moved} from '../migrations/check-merge.ts';
import type {Finding, Place} from '../migrations/finding.ts';
import {appOf, type NodeKey} from '../migrations/key.ts';
import type {Plan, Step} from '../plan/plan.ts';

/** The forks that a merge would bring, and what it would do about them: one finding an app. `ground` is open on the branch. */
export function forksOf(ground: Ground, plan: Plan, ref: string, wish: Wish): Finding[] {
	if (wish === 'off') return [];
	const severity = wish === 'stop' ? 'error' : 'notice';
	return plan.forks.map(({app, leaf}) => {
		const steps = plan.steps.filter(step => appOfStep(step) === app);
		const renamed = new Set(steps.flatMap(step => (step.kind === 'renumber' ? [step.to] : [])));
		const moves = steps.flatMap((step): Moved[] => {
			if (step.kind === 'renumber') return [{from: step.from, to: step.to, place: placeIn(ground, step.path)}];
			const isKept = step.kind === 'repoint' && !renamed.has(step.node);
			return isKept ? [{from: step.node, to: step.node, place: placeIn(ground, step.path)}] : [];
		});
		const parents = steps.flatMap(step => (step.kind === 'merge' ? step.parents : []));
		const unmoved = parents.flatMap(parent => placeOfNode(ground, parent));
		return forksMainline(app, {ref, leaf, moves, unmoved}, severity);
	});
}

function appOfStep(step: Step): string | null {
	if (step.kind === 'renumber') return appOf(step.from);
	return step.kind === 'repoint' || step.kind === 'merge' ? appOf(step.node) : null;
}

function placeOfNode(ground: Ground, node: NodeKey): Place[] {
	const path = ground.load(ground.files).nodes.get(node)?.path;
	return path === undefined ? [] : [placeIn(ground, path)];
}

function placeIn({files, library}: Ground, path: string): Place {
	const file = files.get(path);
	const reading = file && library.reading(file.oid);
	return {path, line: reading?.line ?? 1};
}
