import {CONTRIB} from '../migrations/contrib.ts';
import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import {likelyMeant} from '../migrations/likely-meant.ts';
import {type Draft, edit, run, type Step, type Way} from './answer.ts';
import {explainReplaced} from './answer-replaced.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts, Lost} from './facts.ts';
import {commitText, listed, mentionOf, mentionText, pathOf, placesOf} from './look-up.ts';

type Missing = Extract<Diagnosis, {kind: 'node-not-found'}>;

/** NodeNotFoundError: who asks for the migration, what became of it, and how it comes back. */
export function explainMissingNode(diagnosis: Missing, facts: Facts): Draft {
	const {missing} = diagnosis;
	const replaced = explainReplaced(diagnosis, facts);
	if (replaced !== null) return replaced;
	const node = diagnosis.node ?? facts.graph.missing.find(({reference}) => reference === missing)?.node ?? null;
	const mention = node === null ? null : mentionOf(facts, node, missing);
	const asking = mention ? `${node} names it in ${mention.place.path}:${mention.place.line}.` : null;
	const {cause, ways, here = true} = causeOf(facts, node, missing);
	return {
		title: `${node ?? 'a migration'} needs ${missing}, and Django finds no such migration`,
		cause: [...(asking ? [asking] : []), ...cause],
		here,
		nodes: node === null ? [missing] : [node, missing],
		places: mention ? [mention.place] : placesOf(facts, node === null ? [] : [node]),
		ways,
	};
}

type Found = Pick<Draft, 'cause' | 'ways' | 'here'>;

function causeOf(facts: Facts, node: NodeKey | null, missing: NodeKey): Found {
	const {project, graph, manage} = facts;
	const app = appOf(missing);
	const folder = project.folders.find(each => each.app === app);
	const path = pathOf(facts, missing);
	if (!folder || path === null) return outside(facts, missing);
	if (!folder.hasInit) {
		return {
			cause: [`${folder.path} has no __init__.py, so Django does not see any of its migrations.`],
			ways: [
				{when: 'as a rule', steps: [run(`git add ${folder.path}/__init__.py`, 'after making that file, empty'), plan(manage)]},
			],
		};
	}
	if (project.unreadable.some(other => other.path === path)) {
		return {
			cause: [`${path} is there and cannot be loaded.`],
			ways: [{when: 'first', steps: [run('migration-guard check', 'says what is wrong with it')]}],
		};
	}
	if (graph.resolve(app, nameOf(missing)) !== null) return present(facts, missing, path);
	const lost = facts.lost(path);
	const ways = [...renamed(facts, node, missing, lost), ...broughtBack(facts, path, lost)];
	return {cause: [whatBecame(missing, lost)], ways: ways.length > 0 ? ways : guessed(facts, node, missing)};
}

/** The migration of a package, or of an app that Django does not know. */
function outside({manage, project}: Facts, missing: NodeKey): Found {
	const app = appOf(missing);
	if (CONTRIB[app]) {
		const name = nameOf(missing);
		const known = Object.hasOwn(CONTRIB[app], name);
		return {
			cause: [
				known
					? `${missing} comes with Django: the app ${app} is not in INSTALLED_APPS (or its migrations are moved by MIGRATION_MODULES).`
					: `No Django from 3.2 on has ${missing}. Somebody ran makemigrations inside an installed Django, and that file is nowhere else.`,
			],
			ways: [
				known
					? {
							when: 'as a rule',
							steps: [run(`${manage} showmigrations ${app}`, `after adding django.contrib.${app} to INSTALLED_APPS`)],
						}
					: {
							when: 'as a rule',
							steps: [run(`${manage} showmigrations ${app}`, 'shows the names there are; depend on one of them')],
						},
			],
		};
	}
	const near = project.folders.map(folder => folder.app).find(label => label.toLowerCase() === app.toLowerCase());
	return {
		cause: [
			near
				? `There is no app ${app}; ${near} is written otherwise, and labels are told apart by case.`
				: `No folder of this repository is the app ${app}: it belongs to a package, or the app is not in INSTALLED_APPS.`,
		],
		ways: [
			{
				when: 'when a package has it',
				steps: [
					run('python -m pip list --outdated', `the package that has ${app} may be too old for this migration, or too new`),
					run(`${manage} showmigrations ${app}`, 'shows whether Django sees the app, and which migrations it has'),
				],
			},
		],
	};
}

function present(facts: Facts, missing: NodeKey, path: string): Found {
	const tracked = facts.isTracked(path);
	return tracked
		? {
				here: false,
				cause: [
					`${path} is in this tree and loads. The text comes from another revision, or from a Django that reads other files: an installed copy of the app, an image built earlier, or an app missing in its INSTALLED_APPS.`,
				],
				ways: [
					{
						when: 'to compare',
						steps: [
							run('migration-guard check REV', 'with the revision that failed'),
							run(`${facts.manage} showmigrations ${appOf(missing)}`, 'where it failed'),
						],
					},
				],
			}
		: {
				here: false,
				cause: [`${path} is on this disk only: it was never added to git, so whoever has not this disk gets the error.`],
				ways: [
					{
						when: 'as a rule',
						steps: [run(`git add --force ${path}`, 'and commit it (--force: in case git is told to ignore it)')],
					},
				],
			};
}

function whatBecame(missing: NodeKey, {deleted, renamedTo, branches}: Lost): string {
	const where = branches.length > 0 ? ` It is on ${listed(branches.slice(0, 3))}.` : '';
	if (renamedTo) return `${missing} is called ${renamedTo} now${deleted ? `, since ${commitText(deleted)}` : ''}.`;
	if (deleted) return `${missing} was deleted by ${commitText(deleted)}.${where}`;
	return branches.length > 0
		? `${missing} was never in this history.${where}`
		: `${missing} was never committed in any branch that is known here: it is on the disk of whoever wrote the migration that needs it, or its name is mistyped.`;
}

function renamed(facts: Facts, node: NodeKey | null, missing: NodeKey, {renamedTo}: Lost): Way[] {
	const step = node === null || renamedTo === null ? null : rename(facts, node, missing, renamedTo);
	return step ? [{when: 'as a rule: name it as it is called now', steps: [step, plan(facts.manage)]}] : [];
}

function broughtBack({manage}: Facts, path: string, {deleted, branches, renamedTo}: Lost): Way[] {
	if (renamedTo !== null) return [];
	const [branch] = branches;
	return [
		...(deleted
			? [
					{
						when: 'when it should not have gone',
						steps: [run(`git checkout ${deleted.parent} -- ${path}`, 'brings the file back'), plan(manage)],
					},
				]
			: []),
		...(branch && !deleted
			? [
					{
						when: 'when this branch builds on that one',
						steps: [run(`git merge ${branch}`, 'brings the migration, and the models that go with it'), plan(manage)],
					},
				]
			: []),
	];
}

function guessed(facts: Facts, node: NodeKey | null, missing: NodeKey): Way[] {
	return likelyMeant(facts.graph, appOf(missing), nameOf(missing)).flatMap(meant => {
		const step = node === null ? null : rename(facts, node, missing, meant);
		return step ? [{when: `when ${meant} is what was meant`, steps: [step, plan(facts.manage)]}] : [];
	});
}

function rename(facts: Facts, node: NodeKey, missing: NodeKey, now: NodeKey): Step | null {
	const mention = mentionOf(facts, node, missing);
	if (!mention || mention.reference.nameSpan.from === -1) return null;
	const text = mentionText(facts, mention.place.path, mention.reference);
	return edit(mention.place, text, text.replace(nameOf(missing), nameOf(now)), 'the name it has today');
}

function plan(manage: string): Step {
	return run(`${manage} migrate --plan`, 'Django loads the migrations again');
}
