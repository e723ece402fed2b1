import {appOf, type NodeKey, nodeKey} from '../migrations/key.ts';
import {asPrinted} from '../python/terminal.ts';

/** One migration as an environment lists it. */
export interface Listed {
	readonly key: NodeKey;
	/** `replaced`: all that a squash replaces is applied and its own row is missing (`[-]`, Django ≥ 4.1). */
	readonly state: 'applied' | 'unapplied' | 'replaced';
	/** Of `--plan --verbosity 2`: what it comes after, in all apps. Null: not said. */
	readonly parents: readonly NodeKey[] | null;
	/** Of `--list --verbosity 2`: when it was applied, `2024-01-15 09:01:00` in the project's time zone. Null: not said. */
	readonly appliedAt: string | null;
	/** It is shown as a squash. */
	readonly isSquash: boolean;
}

/** What `showmigrations` printed. */
export interface Listing {
	/** `plan`: in the order in which Django would run all of them. `list`: app by app. */
	readonly format: 'plan' | 'list';
	readonly migrations: readonly Listed[];
	/** The labels that were shown, those without migrations among them (`list` only). */
	readonly apps: readonly string[];
}

const PLANNED = /^\[([X ])\]\s{1,2}([A-Za-z_]\w*\.[^\s]+)(?:\s+\.\.\. \(([^)]*)\))?$/;
const LISTED =
	/^\[([X -])\]\s([^\s]+)(?: \((\d+) squashed migrations\))?(?: Run '[^']+' to finish recording\.)?(?: \(applied at ([\d-]+ [\d:]+)\))?$/;

/**
 * Read the output of `showmigrations`, with `--plan` or without, of any verbosity and every Django, with colours and with other programs' lines between (warnings,
 * logs, docker). Null: there is no such output in it; `(no migrations)` alone is one without any. showmigrations.py:show_list, show_plan.
 */
export function readListing(text: string): Listing | null {
	const migrations = new Map<NodeKey, Listed>();
	const apps = new Set<string>();
	let format: Listing['format'] | null = null;
	let app: string | null = null;
	for (const line of asPrinted(text).lines) {
		const planned = PLANNED.exec(line);
		const listed = planned || app === null ? null : LISTED.exec(line);
		if (planned) {
			const [, mark, key = '', parents] = planned;
			format = 'plan';
			apps.add(appOf(key));
			migrations.set(key, {
				key,
				state: mark === 'X' ? 'applied' : 'unapplied',
				parents: parents === undefined ? null : parents.split(', ').filter(Boolean),
				appliedAt: null,
				isSquash: false,
			});
		} else if (listed) {
			const [, mark, name = '', squashed, appliedAt = null] = listed;
			const key = nodeKey(app!, name);
			format = 'list';
			apps.add(app!);
			const state = mark === 'X' ? 'applied' : mark === '-' ? 'replaced' : 'unapplied';
			migrations.set(key, {key, state, parents: null, appliedAt, isSquash: squashed !== undefined});
		} else if (line === '(no migrations)') {
			format ??= app === null ? 'plan' : 'list';
			if (app !== null) apps.add(app);
		} else if (/^[A-Za-z_]\w*$/.test(line)) app = line;
	}
	if (format === null) return null;
	const list = [...migrations.values()];
	// With verbosity 2 a migration without parents has no brackets: it is known to have none.
	const isVerbose = list.some(({parents}) => parents !== null);
	return {
		format,
		apps: [...apps],
		migrations: isVerbose ? list.map(one => ({...one, parents: one.parents ?? []})) : list,
	};
}
