import type {MaxMigration} from '../migrations/max-migration.ts';
import {count} from './words.ts';

/** What `max-migration check` says: a line for each file that is wrong, and what to do. */
export function maxMigrationChecked(files: readonly MaxMigration[], wrong: readonly MaxMigration[], isKept: boolean): string {
	if (!isKept) return 'No app has a max_migration.txt. Begin with: migration-guard max-migration create\n';
	const lines = wrong.map(describe);
	const kept = files.filter(({content}) => content !== null);
	const isForked = wrong.some(({state}) => state === 'forked');
	const last =
		wrong.length === 0
			? `${count(kept.length, 'max_migration.txt', 'files max_migration.txt')}, right.`
			: wrong.every(({leaf}) => leaf === null)
				? `First: ${isForked ? 'migration-guard fix' : 'migration-guard check'}`
				: 'Put right with: migration-guard max-migration recreate';
	return `${[...lines, last].join('\n')}\n`;
}

/** What `create` and `recreate` did, or with --dry-run would do. */
export function maxMigrationsWritten(written: readonly MaxMigration[], dryRun: boolean): string {
	if (written.length === 0) return 'No max_migration.txt needs writing.\n';
	return written
		.map(({path, leaf, content}) => {
			const how = content === null ? 'create' : 'rewrite';
			return `${dryRun ? `Would ${how}` : content === null ? 'Created' : 'Rewrote'} ${path}: ${leaf}\n`;
		})
		.join('');
}

/** One file in the JSON document. */
export function maxMigrationJson({app, path, state, leaf, content}: MaxMigration, written: boolean): object {
	return {app, path, state, names: content?.kind === 'name' ? content.name : null, leaf, written};
}

function describe({app, path, state, content, leaf}: MaxMigration): string {
	const end = leaf === null ? '' : `; the leaf is ${leaf}`;
	switch (state) {
		case 'forked':
			return `${app} is forked, so there is no one name for ${path}`;
		case 'missing':
			return leaf === null ? `${path} is missing, and a migration cannot be read` : `${path} is missing${end}`;
		case 'markers':
			return `${path} holds conflict markers${end}`;
		case 'lines':
			return `${path} has several lines${end}`;
		case 'empty':
			return `${path} is empty${end}`;
		default:
			return `${path} names ${content?.kind === 'name' ? content.name : 'nothing'}${leaf === null ? ', and a migration cannot be read' : end}`;
	}
}
