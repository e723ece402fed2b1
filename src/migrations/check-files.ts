import type {Check, Finding} from './finding.ts';
import {nodeKey} from './key.ts';
import type {Unreadable} from './migration.ts';

const ADVICE: Readonly<Record<Unreadable['unreadable'], string>> = {
	carry: 'run: migration-guard fix',
	'conflict-markers': 'resolve the conflict, or run: migration-guard fix',
	'no-migration-class': 'move it out of the folder, or let its name start with _',
	'not-a-migration': 'let it inherit from migrations.Migration, or let the name of the file start with _',
	south: 'move it out of the folder',
	syntax: 'correct the file',
	'too-large': 'move the data out of the migration',
};

/** MG005: a module that Django cannot load, which stops every command. MG006: two migrations waiting in one file. */
export const checkUnreadable: Check = ({project}) =>
	project.unreadable.map(({path, app, name, reading}): Finding => {
		const waits = reading.unreadable === 'carry';
		return {
			code: waits ? 'MG006' : 'MG005',
			severity: reading.unreadable === 'too-large' ? 'notice' : 'error',
			title: waits ? `${path} holds two migrations of one name` : `${path} cannot be read: ${reading.why}`,
			nodes: [nodeKey(app, name)],
			places: [{path, line: reading.line}],
			why:
				reading.unreadable === 'too-large'
					? 'its dependencies are not known, so nothing is said about its app'
					: 'Django imports every module of the folder and refuses to run any command',
			fix: ADVICE[reading.unreadable],
		};
	});

/** MG008: a folder that Django overlooks (loader.py:load_disk counts a namespace package as unmigrated). */
export const checkFolders: Check = ({project}) =>
	project.folders
		.filter(({hasInit, names}) => !hasInit && names.length > 0)
		.map(({path, app, names}) => ({
			code: 'MG008',
			severity: 'notice',
			app,
			title: `${path} has no __init__.py`,
			nodes: [],
			places: [{path, line: 1}],
			why: `Django ignores its ${names.length === 1 ? 'migration' : `${names.length} migrations`} and creates the tables of ${app} without them`,
			fix: `add ${path}/__init__.py`,
		}));

/** MG009: folders that seem to be one app. Both may be right, when the repository holds several projects. */
export const noticeDuplicateLabels: Check = ({project}) =>
	project.duplicateLabels.map(({label, kept, ignored}) => ({
		code: 'MG009',
		severity: 'notice',
		app: label,
		title: `the app label ${label} is used by ${ignored.length + 1} folders`,
		nodes: [],
		places: [kept, ...ignored].map(path => ({path, line: 1})),
		why: `only ${kept} is kept linear by the hooks; in one project Django refuses a second app of that label`,
		fix: 'where the label is not the app\'s, give the folder its own with the key "apps" of the configuration',
	}));
