import {matchesGlob} from './folder-glob.ts';
import type {Reading} from './migration.ts';
import type {LoadOptions, ProjectFiles} from './project.ts';

/** A folder that holds migrations, and what was found in it. */
export interface MigrationFolder {
	readonly path: string;
	readonly hasInit: boolean;
	readonly maxMigration: string | null;
	/** Migration name → reading, in the order of the names. */
	readonly readings: ReadonlyMap<string, Reading>;
	/** Migration name → path. */
	readonly files: ReadonlyMap<string, string>;
	/** apps.py and `__init__.py` of the package above, where they exist. */
	readonly configPaths: readonly string[];
	/** The labels that the configuration and MIGRATION_MODULES give to it. */
	readonly configured: string | undefined;
	readonly migrationModules: string | undefined;
}

/**
 * Whether Django would import a file of a migrations folder as a migration: pkgutil.iter_modules as loader.py:load_disk
 * uses it. No dot in the stem, no leading `_` or `~`; digits are not needed, hyphens and blanks do not matter.
 */
export function isMigrationFile(path: string): boolean {
	MODULE.lastIndex = path.lastIndexOf('/') + 1;
	return MODULE.test(path);
}

const MODULE = /[^_~.][^.]*\.py$/y;

/**
 * The folders of migrations among the files: named `…migrations`, or named by an option, and with a class Migration in
 * at least one file (or in one that cannot be read), so that a folder of helpers with that name is left alone.
 */
export function findFolders(files: ProjectFiles, options: LoadOptions): MigrationFolder[] {
	const all = new Set(files.paths);
	// The strings of `files.paths` are kept: one that is put together anew costs as much as all else that is done with it.
	const names = new Map<string, Map<string, string>>();
	const wanted = new Map<string, Wanted | null>();
	for (const path of files.paths) {
		const slash = path.lastIndexOf('/');
		if (slash <= 0 || !isMigrationFile(path)) {
			continue;
		}
		const folder = path.slice(0, slash);
		let want = wanted.get(folder);
		if (want === undefined) {
			want = wantedFolder(folder, options);
			wanted.set(folder, want);
		}
		if (want) {
			const known = names.get(folder);
			const name = path.slice(slash + 1, -3);
			known ? known.set(name, path) : names.set(folder, new Map([[name, path]]));
		}
	}
	const found: MigrationFolder[] = [];
	for (const [path, stems] of names) {
		const sorted = [...stems].sort((one, other) => (one[0] < other[0] ? -1 : 1));
		const readings = new Map(sorted.map(([name, file]) => [name, files.reading(file)]));
		const want = wanted.get(path) as Wanted;
		if (want.explicit || holdsMigrations(path, readings, files)) {
			const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
			const beside = ['apps.py', '__init__.py'].map(name => (parent === '' ? name : `${parent}/${name}`));
			found.push({
				path,
				readings,
				files: stems,
				hasInit: all.has(`${path}/__init__.py`),
				maxMigration: all.has(`${path}/max_migration.txt`) ? `${path}/max_migration.txt` : null,
				configPaths: beside.filter(file => all.has(file)),
				configured: want.configured,
				migrationModules: want.migrationModules,
			});
		}
	}
	return found;
}

interface Wanted {
	readonly explicit: boolean;
	readonly configured: string | undefined;
	readonly migrationModules: string | undefined;
}

function wantedFolder(folder: string, {apps = {}, folders = [], migrationModules = {}}: LoadOptions): Wanted | null {
	const configured = Object.entries(apps).find(([path]) => path.replace(/^\.\/|\/+$/g, '') === folder)?.[1];
	// A module is found from any folder on Python's path, which need not be the root of the repository.
	const module = Object.entries(migrationModules)
		.map(([label, dotted]) => ({label, path: dotted.replaceAll('.', '/')}))
		.filter(({path}) => folder === path || folder.endsWith(`/${path}`))
		.sort((a, b) => b.path.length - a.path.length)[0]?.label;
	const explicit = configured !== undefined || module !== undefined || folders.some(glob => matchesGlob(folder, glob));
	return explicit || folder.endsWith('migrations') ? {explicit, configured, migrationModules: module} : null;
}

function holdsMigrations(path: string, readings: ReadonlyMap<string, Reading>, files: ProjectFiles): boolean {
	for (const reading of readings.values()) {
		// A helper that only imports the name Migration makes no folder of migrations.
		if (!('unreadable' in reading) && reading.classSpan.to > 0) {
			return true;
		}
	}
	return [...readings].some(
		([name, reading]) =>
			'unreadable' in reading &&
			/^(?:syntax|conflict-markers|carry)$/.test(reading.unreadable) &&
			/^[ \t]*class[ \t]+Migration\b/m.test(files.text(`${path}/${name}.py`)),
	);
}
