import {appOf, nameOf} from '../migrations/key.ts';
import {likelyMeant} from '../migrations/likely-meant.ts';
import {type Draft, run} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {commitText, listed, placesOf} from './look-up.ts';

type Of<K extends Diagnosis['kind']> = Extract<Diagnosis, {kind: K}>;

/** A name typed after `migrate APP` that no migration has, or several. */
export function explainUnknownName({app, name, several}: Of<'unknown-name'>, facts: Facts): Draft {
	const own = facts.graph.keys.filter(key => appOf(key) === app);
	const folder = facts.project.folders.find(each => each.app === app);
	const candidates = several ? own.filter(key => nameOf(key).startsWith(name)) : likelyMeant(facts.graph, app, name);
	const lost = several || !folder ? null : facts.lost(`${folder.path}/${name}.py`);
	const became = lost?.renamedTo
		? [
				`It is called ${lost.renamedTo} now${lost.deleted ? `, since ${commitText(lost.deleted)}` : ''}. A database that applied it knows the old name only: go back on a tree that still has it.`,
			]
		: lost?.deleted
			? [`It was deleted by ${commitText(lost.deleted)}.`]
			: [];
	return {
		title: several ? `several migrations of ${app} begin with ${name}` : `${app} has no migration whose name begins with ${name}`,
		cause: [
			...became,
			own.length === 0
				? `This tree has no migrations of ${app}.`
				: `There ${candidates.length === 1 ? 'is' : 'are'} ${listed((candidates.length > 0 ? candidates : own.slice(-3)).map(nameOf))}.`,
		],
		here: own.length > 0,
		nodes: candidates,
		places: placesOf(facts, candidates),
		ways: [
			...(lost?.deleted && lost.renamedTo
				? [
						{
							when: 'to unapply it',
							steps: [run(`git checkout --detach ${lost.deleted.parent}`, 'a tree with the old name; commit or stash first')],
						},
					]
				: []),
			...candidates.map(key => ({
				when: `when ${nameOf(key)} is meant`,
				steps: [run(`${facts.manage} migrate ${app} ${nameOf(key)}`, 'the whole name')],
			})),
		],
	};
}

/** An app label that Django does not know, or that has no migrations. */
export function explainUnknownApp({app}: Of<'unknown-app'>, facts: Facts): Draft {
	const folder = facts.project.folders.find(each => each.app === app);
	const labels = facts.project.folders.map(each => each.app).sort();
	return {
		title: `Django sees no migrations of an app ${app}`,
		cause: [
			folder
				? folder.hasInit
					? `${folder.path} is that app here (${folder.labelSource}), so it is not in INSTALLED_APPS, or MIGRATION_MODULES leads elsewhere.`
					: `${folder.path} has no __init__.py, so Django does not see its migrations.`
				: `No folder of this repository has that label; there ${labels.length === 1 ? 'is' : 'are'} ${listed(labels)}.`,
		],
		here: folder !== undefined,
		places: folder ? [{path: folder.path, line: 1}] : [],
		ways:
			folder && !folder.hasInit
				? [
						{
							when: 'as a rule',
							steps: [
								run(`git add ${folder.path}/__init__.py`, 'after making that file, empty'),
								run(`${facts.manage} showmigrations ${app}`, 'Django sees them now'),
							],
						},
					]
				: [{when: 'to see what Django sees', steps: [run(`${facts.manage} showmigrations`, 'every app it knows')]}],
	};
}

/** `__first__` or `__latest__` of an app that has none. */
export function explainAppWithoutMigrations({app, known}: Of<'app-without-migrations'>, facts: Facts): Draft {
	const asking = [...facts.project.nodes.values()].filter(({migration}) =>
		migration.dependencies.items.some(
			item => item.kind === 'node' && item.app === app && /^__(?:first|latest)__$/.test(item.name),
		),
	);
	const folder = facts.project.folders.find(each => each.app === app);
	return {
		title: known
			? `a migration depends on the first or last migration of ${app}, which has none`
			: `a migration depends on an app ${app} that is not installed`,
		cause: [
			asking.length > 0
				? `${listed(asking.map(({key}) => key))} ${asking.length > 1 ? 'depend' : 'depends'} on it.`
				: 'No migration of this tree names it by __first__ or __latest__; a swappable model (AUTH_USER_MODEL) does so too.',
			...(folder ? [`${folder.path} holds ${folder.names.length} migrations.`] : []),
		],
		nodes: asking.map(({key}) => key),
		places: placesOf(
			facts,
			asking.map(({key}) => key),
		),
		ways: known
			? [
					{
						when: 'as a rule',
						steps: [
							run(`${facts.manage} makemigrations ${app}`, 'writes its first migration'),
							run(`${facts.manage} migrate --plan`, 'Django loads them again'),
						],
					},
				]
			: [{when: 'as a rule', steps: [run(`${facts.manage} migrate --plan`, `after adding ${app} to INSTALLED_APPS`)]}],
	};
}
