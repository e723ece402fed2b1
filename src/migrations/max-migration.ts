import type {DjangoSettings} from './django-settings.ts';
import type {MigrationGraph} from './graph.ts';
import {firstPartyFolders} from './installed.ts';
import {nameOf} from './key.ts';
import type {Folder, Project} from './project.ts';

/** What a max_migration.txt says, as django-linear-migrations reads it: one name; or why it says none. */
export type MaxMigrationContent =
	| {readonly kind: 'name'; readonly name: string}
	| {readonly kind: 'markers'}
	| {readonly kind: 'lines'; readonly count: number}
	| {readonly kind: 'empty'};

/**
 * Whether an app's file is as it should be. `missing` is dlm.E001, `markers` and `lines` dlm.E002, `unknown` dlm.E003 and `behind`
 * dlm.E004; with `empty` django-linear-migrations ends in an IndexError. `forked` (dlm.E005) and `unreadable`: there is no leaf to name.
 */
export type MaxMigrationState =
	| 'right'
	| 'missing'
	| 'empty'
	| 'markers'
	| 'lines'
	| 'unknown'
	| 'behind'
	| 'forked'
	| 'unreadable';

/** The max_migration.txt of one app, there or not. */
export interface MaxMigration {
	readonly app: string;
	/** Where it is, or would be. */
	readonly path: string;
	readonly state: MaxMigrationState;
	readonly content: MaxMigrationContent | null;
	/** The name that belongs into it; null in a forked or unreadable app. */
	readonly leaf: string | null;
}

// str.strip() and str.splitlines() of Python; JavaScript counts a byte order mark among the blanks, and Python does not.
const BLANK = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
const BREAK = '\\r\\n|[\\n-\\r\\x1c-\\x1e\\x85\\u2028\\u2029]';
const ENDS = new RegExp(`^${BLANK}+|${BLANK}+$`, 'g');
const LINE_BREAK = new RegExp(`${BREAK}`);

/** Read a max_migration.txt as django_linear_migrations/apps.py:check_max_migration_files does. */
export function readMaxMigration(text: string): MaxMigrationContent {
	const lines = text.replace(ENDS, '').split(LINE_BREAK);
	if (lines.some(line => /^(?:<{7}|={7}|>{7}|\|{7})/.test(line))) return {kind: 'markers'};
	if (lines.length > 1) return {kind: 'lines', count: lines.length};
	const [name = ''] = lines;
	return name === '' ? {kind: 'empty'} : {kind: 'name', name};
}

/** The text that names a leaf, with the line ending that stood there. */
export function maxMigrationText(leaf: string, before = ''): string {
	return leaf + (before.includes('\r\n') ? '\r\n' : '\n');
}

/** Compare the files of the team's own apps with the leaves, whether or not an app has one; apps without migrations are left out. */
export function maxMigrations(
	project: Project,
	graph: MigrationGraph,
	text: (path: string) => string,
	settings: DjangoSettings | null,
): readonly MaxMigration[] {
	return firstPartyFolders(project, settings)
		.filter(({hasInit, names}) => hasInit && names.length > 0)
		.map(folder => compare(folder, project, graph, text));
}

/** Whether the team keeps such files: one of its apps has one, or its settings install django-linear-migrations. */
export function keepsMaxMigrations(files: readonly MaxMigration[], settings: DjangoSettings | null): boolean {
	return settings?.linearMigrations === true || files.some(({content}) => content !== null);
}

function compare(folder: Folder, project: Project, graph: MigrationGraph, text: (path: string) => string): MaxMigration {
	const {app, maxMigration} = folder;
	const content = maxMigration === null ? null : readMaxMigration(text(maxMigration));
	const leaves = graph.leafNodes(app);
	const isWhole = !project.unreadable.some(file => file.app === app);
	const leaf = isWhole && leaves.length === 1 ? nameOf(leaves[0]!) : null;
	const state = stateOf(content, leaf, folder.names, leaves.length > 1);
	return {app, path: maxMigration ?? `${folder.path}/max_migration.txt`, state, content, leaf};
}

function stateOf(
	content: MaxMigrationContent | null,
	leaf: string | null,
	names: readonly string[],
	isForked: boolean,
): MaxMigrationState {
	if (isForked) return 'forked';
	if (content === null) return 'missing';
	if (content.kind !== 'name') return content.kind;
	if (leaf === content.name) return 'right';
	if (!names.includes(content.name)) return 'unknown';
	return leaf === null ? 'unreadable' : 'behind';
}
