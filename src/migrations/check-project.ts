import {type Check, type Finding, placesOf} from './finding.ts';
import {isAside, namedAmong} from './installed.ts';
import {appOf, type NodeKey, nameOf} from './key.ts';

/** MG109: an app that has migrations and that no settings file names. Django does not look at it. */
export const noticeNotInstalled: Check = ({project, settings}) => {
	const installed = settings?.installed;
	if (!installed) return [];
	const isNamed = namedAmong(installed);
	const apart = project.folders.filter(({path, app}) => !isAside(path) && !isNamed(path, app));
	// When none is named, the settings are made in a way that cannot be read.
	if (apart.length === project.folders.length) return [];
	return apart.map(({app, path}) => ({
		code: 'MG109',
		severity: 'notice',
		app,
		title: `${app} has migrations, and no settings file names it`,
		nodes: [],
		places: [{path, line: 1}],
		why: 'Django looks only at the apps in INSTALLED_APPS',
		fix: 'add it to INSTALLED_APPS, or delete the folder if it is a remnant',
	}));
};

/** MG110: a function goes through a whole table, or changes all of it, inside the migration's transaction. */
export const noticeWholeTables: Check = checked => {
	const byApp = new Map<string, {key: NodeKey; line: number}[]>();
	for (const key of checked.graph.keys) {
		const {path} = checked.project.nodes.get(key)!;
		const line = checked.facts(path).wholeTable;
		// What is published has run.
		if (line === null || checked.isPublished?.(path)) continue;
		byApp.get(appOf(key))?.push({key, line}) ?? byApp.set(appOf(key), [{key, line}]);
	}
	return [...byApp].map(
		([app, found]): Finding => ({
			code: 'MG110',
			severity: 'notice',
			title: `${app} goes through whole tables in one transaction: ${found.map(({key}) => nameOf(key)).join(', ')}`,
			nodes: found.map(({key}) => key),
			places: found.flatMap(({key, line}) => placesOf(checked, [key]).map(({path}) => ({path, line}))),
			why: 'on a large table the locks are held until the last row is done, and a failure starts from the first one again',
			fix: 'set atomic = False and work in batches, in a migration that does nothing else',
		}),
	);
};
