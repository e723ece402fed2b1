import {type AppLabel, appLabel, type LabelEvidence, OWN_REFERENCES, packageOf} from './app-label.ts';
import {findFolders, type MigrationFolder} from './folders.ts';
import {appOf, type NodeKey, nodeKey} from './key.ts';
import type {Migration, Reading, Unreadable} from './migration.ts';

export {isMigrationFile} from './folders.ts';

export interface LoadedMigration {
	readonly key: NodeKey;
	readonly app: string;
	readonly name: string;
	/** The path in the repository, with `/`. */
	readonly path: string;
	readonly migration: Migration;
}

/** A folder of migrations: one app. */
export interface Folder {
	readonly path: string;
	readonly app: string;
	/** How the label was found, in words. */
	readonly labelSource: string;
	/** Without `__init__.py` Django calls the app unmigrated and looks at none of its files. */
	readonly hasInit: boolean;
	/** The path of max_migration.txt, where there is one. */
	readonly maxMigration: string | null;
	/** The names of its migration files, read or not. */
	readonly names: readonly string[];
}

export interface UnreadableMigration {
	readonly path: string;
	readonly app: string;
	readonly name: string;
	readonly reading: Unreadable;
}

/** All migrations of one revision. */
export interface Project {
	readonly folders: readonly Folder[];
	readonly nodes: ReadonlyMap<NodeKey, LoadedMigration>;
	readonly unreadable: readonly UnreadableMigration[];
	/** Folders that say they are the same app: only `kept` was loaded. */
	readonly duplicateLabels: readonly {readonly label: string; readonly kept: string; readonly ignored: readonly string[]}[];
	/** The app of each swappable model, by its setting: AUTH_USER_MODEL → users. */
	readonly swappedTo: ReadonlyMap<string, string>;
}

/** The files of one revision, however they are stored. */
export interface ProjectFiles {
	/** Everything in the migrations folders, and apps.py and `__init__.py` beside them. */
	readonly paths: readonly string[];
	text(path: string): string;
	/** `readMigration` of the text; remembered by the caller. */
	reading(path: string): Reading;
}

export interface LoadOptions {
	/** Folder → label. */
	readonly apps?: Readonly<Record<string, string>>;
	/** Globs of further folders. */
	readonly folders?: readonly string[];
	/** Django's setting: label → dotted module. */
	readonly migrationModules?: Readonly<Record<string, string>>;
	/** Django's settings that name a swappable model: AUTH_USER_MODEL → `users.User`. */
	readonly swappable?: Readonly<Record<string, string>>;
}

/** Find the apps among the files and read their migrations: what loader.py:MigrationLoader.load_disk does by importing. */
export function loadProject(files: ProjectFiles, options: LoadOptions = {}): Project {
	const labelled = labelFolders(findFolders(files, options), files);
	const nodes = new Map<NodeKey, LoadedMigration>();
	const unreadable: UnreadableMigration[] = [];
	const folders: Folder[] = [];
	const duplicates = new Map<string, {label: string; kept: string; ignored: string[]}>();
	for (const {folder, label} of labelled.sort((a, b) => compareFolders(a.folder, b.folder))) {
		const app = label.label;
		const first = folders.find(other => other.app === app);
		if (first) {
			const duplicate = duplicates.get(app) ?? {label: app, kept: first.path, ignored: []};
			duplicates.set(app, duplicate);
			duplicate.ignored.push(folder.path);
			continue;
		}
		const {path, hasInit, maxMigration, readings} = folder;
		folders.push({path, app, labelSource: label.source, hasInit, maxMigration, names: [...readings.keys()]});
		if (!hasInit) {
			continue;
		}
		for (const [name, reading] of readings) {
			const file = {path: folder.files.get(name)!, app, name};
			if ('unreadable' in reading) {
				unreadable.push({...file, reading});
			} else {
				const key = nodeKey(app, name);
				nodes.set(key, {...file, key, migration: reading});
			}
		}
	}
	const swappedTo = new Map(Object.entries(options.swappable ?? {}).map(([setting, model]) => [setting, appOf(model)]));
	return {folders, nodes, unreadable, duplicateLabels: [...duplicates.values()], swappedTo};
}

/**
 * The label of each folder. An app that never mentions itself can look like another one that it depends on, when the two
 * have files of one name: a label that only its references give to a folder goes to the folder of that name.
 */
function labelFolders(folders: readonly MigrationFolder[], files: ProjectFiles): {folder: MigrationFolder; label: AppLabel}[] {
	const labelled = folders.map(folder => ({folder, label: appLabel(evidenceOf(folder, files))}));
	return labelled.map(({folder, label}) => {
		const taken = labelled.some(
			other =>
				other.folder !== folder &&
				other.label.label === label.label &&
				(other.label.source !== OWN_REFERENCES || packageOf(other.folder.path) === label.label),
		);
		return label.source === OWN_REFERENCES && taken && packageOf(folder.path) !== label.label
			? {folder, label: appLabel({...evidenceOf(folder, files), references: []})}
			: {folder, label};
	});
}

function evidenceOf(folder: MigrationFolder, files: ProjectFiles): LabelEvidence {
	const {configured, migrationModules} = folder;
	const references: [string, string][] = [];
	for (const [own, reading] of folder.readings) {
		for (const reference of 'unreadable' in reading ? [] : [...reading.dependencies.items, ...reading.replaces.items]) {
			// `0001_initial` that mentions a `0001_initial` means another app's.
			if (reference.kind === 'node' && reference.name !== own) {
				references.push([reference.app, reference.name]);
			}
		}
	}
	const decided = configured ?? migrationModules;
	return {
		configured,
		migrationModules,
		appConfigs: decided ? [] : folder.configPaths.map(path => ({path, text: files.text(path)})),
		names: [...folder.readings.keys()],
		references,
		folder: folder.path,
	};
}

const ASIDE = /(?:^|\/)(?:tests?|testing|docs?|project_template|sandbox|demo|examples?)(?:\/|$)/;

/** Which of two folders with one label is the app's. It must not depend on what a commit adds to either, so only the paths decide. */
function compareFolders(a: MigrationFolder, b: MigrationFolder): number {
	return rank(a) - rank(b) || a.path.split('/').length - b.path.split('/').length || (a.path < b.path ? -1 : 1);
}

function rank({configured, migrationModules, path}: MigrationFolder): number {
	if (configured || migrationModules) {
		return configured ? 0 : 1;
	}
	return 2 + (/(?:^|\/)migrations$/.test(path) ? 0 : 1) + (ASIDE.test(path) ? 2 : 0);
}
