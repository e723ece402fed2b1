import type {Check, Checked, Finding} from './finding.ts';
import {nodeKey} from './key.ts';
import {keepsMaxMigrations, type MaxMigration, maxMigrations} from './max-migration.ts';

/**
 * The system checks of django-linear-migrations (django_linear_migrations/apps.py:check_max_migration_files). MG007: a file does not name
 * the leaf, dlm.E002 to E004. MG012: an app has none, dlm.E001; only where the team keeps such files. A fork, dlm.E005, is MG001.
 */
export const checkMaxMigrations: Check = checked => {
	const {project, graph, files, settings} = checked;
	const found = maxMigrations(project, graph, files.text, settings);
	if (!keepsMaxMigrations(found, settings)) return [];
	return found.flatMap(file => (file.state === 'missing' ? [missing(file, checked)] : wrong(file)));
};

function wrong({app, path, state, content, leaf}: MaxMigration): Finding[] {
	const title = TITLES[state]?.(content);
	if (title === undefined || leaf === null) return [];
	return [
		{
			code: 'MG007',
			severity: 'error',
			title: `${path} ${title}`,
			nodes: [nodeKey(app, leaf)],
			places: [{path, line: 1}],
			why: `the leaf is ${leaf}; django-linear-migrations refuses to run with anything else there`,
			fix: 'run: migration-guard max-migration recreate',
		},
	];
}

const TITLES: Partial<Record<MaxMigration['state'], (content: MaxMigration['content']) => string>> = {
	markers: () => 'holds conflict markers',
	lines: content => `has ${content?.kind === 'lines' ? content.count : 'several'} lines`,
	empty: () => 'is empty',
	unknown: content => `names ${named(content)}, which does not exist`,
	behind: content => `names ${named(content)}, which is not the leaf`,
};

function named(content: MaxMigration['content']): string {
	return content?.kind === 'name' ? content.name : '';
}

function missing({app, path}: MaxMigration, {settings}: Checked): Finding {
	const isDemanded = settings?.linearMigrations === true;
	return {
		code: 'MG012',
		severity: isDemanded ? 'error' : 'notice',
		app,
		title: `${app} has no max_migration.txt`,
		nodes: [],
		places: [{path, line: 1}],
		why: isDemanded ? 'django-linear-migrations, which is installed, refuses to run without it' : 'other apps have one',
		fix: `run: migration-guard max-migration create ${app}`,
	};
}
