import {lineAt} from '../python/source.ts';
import type {DjangoSettings} from './django-settings.ts';
import type {MigrationFacts} from './facts.ts';
import type {MigrationGraph} from './graph.ts';
import type {NodeKey} from './key.ts';
import type {Project, ProjectFiles} from './project.ts';

export interface Place {
	readonly path: string;
	/** From 1. */
	readonly line: number;
}

/** Something wrong, or worth knowing, about one revision. All texts are for people. */
export interface Finding {
	/** Stable: users ignore by it. MG1… are notices. */
	readonly code: `MG${number}`;
	/** An error is what Django refuses, or what must not be published; a notice never changes the exit code. */
	readonly severity: 'error' | 'notice';
	/** What is the matter, in one line. */
	readonly title: string;
	readonly nodes: readonly NodeKey[];
	/** The app that a finding without nodes is about. */
	readonly app?: string;
	readonly places: readonly Place[];
	readonly why: string;
	/** What to do about it; the command where there is one. */
	readonly fix: string;
}

/** Whether two findings, of two revisions, are about the same thing. */
export function isSameFinding(a: Finding, b: Finding): boolean {
	return a.code === b.code && a.app === b.app && [...a.nodes].sort().join() === [...b.nodes].sort().join();
}

/** What a check looks at. */
export interface Checked {
	readonly project: Project;
	readonly graph: MigrationGraph;
	readonly files: Pick<ProjectFiles, 'text'>;
	/** What the operations of a migration say. */
	facts(path: string): MigrationFacts;
	/** What the project's settings say, where they were read. */
	readonly settings: DjangoSettings | null;
	/** Whether a path is published; null: nothing is known of it. */
	readonly isPublished: ((path: string) => boolean) | null;
}

/** One kind of finding. */
export type Check = (checked: Checked) => Finding[];

/** Where the migrations are: at their class. Django's own have no place. */
export function placesOf({project}: Checked, keys: readonly NodeKey[]): Place[] {
	return keys.flatMap(key => {
		const node = project.nodes.get(key);
		return node ? [{path: node.path, line: node.migration.line}] : [];
	});
}

/** Where a migration mentions a node; its class when the mention is not to be seen. */
export function placeOfReference({project, files}: Checked, key: NodeKey, app: string, name: string): Place[] {
	const node = project.nodes.get(key);
	if (!node) {
		return [];
	}
	const {dependencies, runBefore, replaces, line} = node.migration;
	const found = [...dependencies.items, ...runBefore.items, ...replaces.items].find(
		item => item.kind === 'node' && item.app === app && item.name === name,
	);
	return [{path: node.path, line: found ? lineAt(files.text(node.path), found.span.from) : line}];
}
