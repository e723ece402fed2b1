import type {Repo} from '../git/repo.ts';
import {fields, git} from '../git/run.ts';

/**
 * Folders of migrations that the name rule (`*migrations`) misses, because MIGRATION_MODULES sends an app elsewhere.
 * Found in the committed settings of HEAD or of another revision, with two processes; none in a repository without a commit. Paths
 * with `/`, sorted.
 */
export function foldersFromSettings(repo: Repo, revision = 'HEAD'): string[] {
	// A dictionary of more than sixty lines after its name is not read to the end; 128: no commit yet.
	const settings = git(repo, ['grep', '-I', '-h', '-A', '60', '-e', 'MIGRATION_MODULES', revision, '--', '*.py'], {
		ok: [0, 1, 128],
	});
	const modules = migrationModules(settings.stdout.toString('utf8'));
	if (modules.length === 0) return [];
	return foldersOfModules(modules, fields(git(repo, ['ls-tree', '-r', '-d', '-z', '--full-tree', '--name-only', revision])));
}

/** The dotted modules that `MIGRATION_MODULES = {'app': 'dotted.module'}` or `MIGRATION_MODULES['app'] = …` name in a text. */
export function migrationModules(text: string): string[] {
	const modules = new Set<string>();
	for (const match of text.matchAll(/MIGRATION_MODULES\b([^}]*)/g)) {
		for (const [, module = ''] of (match[1] ?? '').matchAll(/(?:['"]\s*:|\]\s*=)\s*['"]([A-Za-z_][\w.]*)['"]/g))
			modules.add(module);
	}
	return [...modules].sort();
}

/** The folders a dotted module may mean: Python's path may start at any folder of the repository. */
export function foldersOfModules(modules: readonly string[], folders: readonly string[]): string[] {
	const tails = modules.map(module => module.replaceAll('.', '/'));
	return folders
		.filter(folder => !folder.endsWith('migrations') && tails.some(tail => folder === tail || folder.endsWith(`/${tail}`)))
		.sort();
}
