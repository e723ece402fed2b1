import {type AppLabel, appLabel, type LabelEvidence, OWN_REFERENCES, packageOf} from './app-label.ts';
import {findFolders, type MigrationFolder} from './folders.ts';
import {isAside} from './installed.ts';
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

export interface DuplicateLabel {
	readonly label: string;
	readonly kept: string;
	readonly ignored: readonly string[];
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
	/** Folders that say they are the same app: only `kept` was loaded here. */
	readonly duplicateLabels: readonly DuplicateLabel[];
	/** The projects that the ignored folders make with what is nearest to them, where they are no test's or example's. */
	readonly further: readonly Project[];
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
	const labelled = labelFolders(findFolders(files, options), files).sort((a, b) => compareFolders(a.folder, b.folder));
	const byLabel = new Map<string, Labelled[]>();
	for (const each of labelled) byLabel.get(each.label.label)?.push(each) ?? byLabel.set(each.label.label, [each]);
	const several = [...byLabel].filter(([, [, ...others]]) => others.length > 0);
	const duplicateLabels = several.map(([label, [kept, ...ignored]]) => ({
		label,
		kept: kept!.folder.path,
		ignored: ignored.map(({folder}) => folder.path),
	}));
	const swappedTo = new Map(Object.entries(options.swappable ?? {}).map(([setting, model]) => [setting, appOf(model)]));
	const projectOf = (some: readonly Labelled[]): Project => ({...read(some), duplicateLabels, further: [], swappedTo});
	const project = projectOf([...byLabel.values()].map(([first]) => first!));
	return several.length === 0 ? project : {...project, further: furtherSelections(byLabel).map(projectOf)};
}

/** A folder, and the label of its app. */
interface Labelled {
	readonly folder: MigrationFolder;
	readonly label: AppLabel;
}

/** Every folder that stands back behind another of its label, with the folders of the other labels that are nearest to it. */
function furtherSelections(byLabel: ReadonlyMap<string, readonly Labelled[]>): Labelled[][] {
	const left = new Set([...byLabel.values()].flatMap(([, ...others]) => others).filter(({folder}) => !isAside(folder.path)));
	const selections: Labelled[][] = [];
	for (const start of left) {
		const shared = ({folder}: Labelled) => sharedParts(folder.path, start.folder.path);
		const selection = [...byLabel.values()].map(each =>
			each.includes(start) ? start : [...each].sort((a, b) => shared(b) - shared(a))[0]!,
		);
		for (const each of selection) left.delete(each);
		selections.push(selection);
	}
	return selections;
}

/** How many folders two paths have in common. */
function sharedParts(a: string, b: string): number {
	const [parts, others] = [a.split('/'), b.split('/')];
	const end = parts.findIndex((part, at) => part !== others[at]);
	return end < 0 ? parts.length : end;
}

function read(labelled: readonly Labelled[]): Pick<Project, 'folders' | 'nodes' | 'unreadable'> {
	const nodes = new Map<NodeKey, LoadedMigration>();
	const unreadable: UnreadableMigration[] = [];
	const folders: Folder[] = [];
	for (const {folder, label} of labelled) {
		const {path, hasInit, maxMigration, readings} = folder;
		const app = label.label;
		folders.push({path, app, labelSource: label.source, hasInit, maxMigration, names: [...readings.keys()]});
		if (!hasInit) {
			continue;
		}
		for (const [name, reading] of readings) {
			const file = folder.files.get(name)!;
			if ('unreadable' in reading) {
				unreadable.push({path: file, app, name, reading});
			} else {
				const key = nodeKey(app, name);
				nodes.set(key, {path: file, app, name, key, migration: reading});
			}
		}
	}
	return {folders, nodes, unreadable};
}

/**
 * The label of each folder. An app that never mentions itself can look like another one that it depends on, when the two
 * have files of one name: a label that only its references give to a folder goes to the folder of that name.
 */
function labelFolders(folders: readonly MigrationFolder[], files: ProjectFiles): Labelled[] {
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
		if ('unreadable' in reading) continue;
		for (const {items} of [reading.dependencies, reading.replaces]) {
			for (const reference of items) {
				// `0001_initial` that mentions a `0001_initial` means another app's.
				if (reference.kind === 'node' && reference.name !== own) references.push([reference.app, reference.name]);
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

/** Which of two folders with one label is the app's. It must not depend on what a commit adds to either, so only the paths decide. */
function compareFolders(a: MigrationFolder, b: MigrationFolder): number {
	return rank(a) - rank(b) || a.path.split('/').length - b.path.split('/').length || (a.path < b.path ? -1 : 1);
}

function rank({configured, migrationModules, path}: MigrationFolder): number {
	if (configured || migrationModules) {
		return configured ? 0 : 1;
	}
	return 2 + (/(?:^|\/)migrations$/.test(path) ? 0 : 1) + (isAside(path) ? 2 : 0);
}
