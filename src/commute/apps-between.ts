import type {LoadedMigration} from '../migrations/project.ts';

/**
 * Some apps, with those that lie between them: relations and bases lead from one of them over such an app to another. The autodetector makes a
 * dependency of each relation and base (autodetector.py:_get_dependencies_for_foreign_key, generate_created_models), so that those are asked, which
 * costs no reading. What only lies beyond (the user model of everybody) has no part in how the work of these apps meets.
 */
export function withAppsBetween(
	apps: ReadonlySet<string>,
	ordered: readonly Pick<LoadedMigration, 'app' | 'migration'>[],
): ReadonlySet<string> {
	const [needs, needed] = [new Map<string, Set<string>>(), new Map<string, Set<string>>()];
	for (const {app, migration} of ordered) {
		for (const item of migration.dependencies.items) {
			if (item.kind !== 'node' || item.app === app) continue;
			add(needs, app, item.app);
			add(needed, item.app, app);
		}
	}
	const [below, above] = [reached(apps, needs), reached(apps, needed)];
	return new Set([...apps, ...[...below].filter(app => above.has(app))]);
}

function reached(from: ReadonlySet<string>, edges: ReadonlyMap<string, ReadonlySet<string>>): ReadonlySet<string> {
	const found = new Set(from);
	for (const app of found) for (const next of edges.get(app) ?? []) found.add(next);
	return found;
}

function add(edges: Map<string, Set<string>>, from: string, to: string): void {
	const known = edges.get(from);
	if (known) known.add(to);
	else edges.set(from, new Set([to]));
}
