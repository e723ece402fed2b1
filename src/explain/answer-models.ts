import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import {type Draft, edit, run, type Way} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts, SchemaChange} from './facts.ts';
import {brittleSquashBefore, explainHalf} from './half-squash.ts';
import {changeText, dependencyList, runsAfter} from './look-up.ts';
import {placeOf} from './things.ts';

type Unresolved = Extract<Diagnosis, {kind: 'unresolved-model'}>;

/** A model that is not in the state: nothing says that the migration which makes it comes first, or it is gone. */
export function explainUnresolved({model, by, applying}: Unresolved, facts: Facts): Draft {
	return answer(by === null || model !== null ? model : (baseOf(facts, by) ?? null), by, applying, facts);
}

/** Of a model whose bases cannot be resolved, the base that is made after it, or never. */
function baseOf(facts: Facts, by: string): string | null {
	const child = facts.changes().find(({title, model}) => model === by && title.startsWith('CreateModel'));
	const makers = new Map(
		facts
			.changes()
			.flatMap(change => (change.title.startsWith('CreateModel') ? [[change.model ?? '', change.key] as const] : [])),
	);
	return child?.refersTo.find(base => !makers.has(base) || !runsAfter(facts, child.key, makers.get(base)!)) ?? null;
}

function answer(model: string | null, by: string | null, applying: NodeKey | null, facts: Facts): Draft {
	const missing =
		model === null
			? 'a model that is a base of another'
			: model.endsWith('.')
				? `the app ${model.slice(0, -1)}`
				: `the model ${model}`;
	const makers = facts.changes().filter(change => makes(change, model));
	const removers =
		model === null
			? []
			: facts.changes().filter(({title, model: subject}) => subject === model && /^(?:DeleteModel|RenameModel)/.test(title));
	const users = usersOf(facts, applying, by, model);
	const title = `${missing} is used before anything says that it exists`;
	const maker = makers[0];
	const pairs = users.flatMap(user => (maker && !runsAfter(facts, user, maker.key) && user !== maker.key ? [user] : []));
	const lists = pairs.map(user => dependencyList(facts, user));
	const gone = removers.filter(({key}) => users.some(user => !runsAfter(facts, key, user)));
	const squash = pairs.length === 0 && gone.length === 0 && users[0] !== undefined ? brittleSquashBefore(facts, users[0]) : null;
	if (squash !== null && squash === maker?.key) return explainHalf(facts, squash, users);
	return {
		title,
		here: pairs.length > 0 || gone.length > 0,
		nodes: [...pairs, ...(maker ? [maker.key] : [])],
		places: [...lists.filter(list => list !== null), ...(maker ? [placeOf(maker)] : [])],
		cause: [
			...(maker
				? [`${changeText(maker)} makes it (${maker.path}:${maker.line}).`]
				: [`No migration of this tree makes ${missing}.`]),
			...gone.map(change => `${changeText(change)} takes that name away (${change.path}:${change.line}).`),
			...pairs.map(
				user =>
					`${user} needs it and does not come after ${maker!.key}${lists[pairs.indexOf(user)] ? ` (${lists[pairs.indexOf(user)]!.path}:${lists[pairs.indexOf(user)]!.line})` : ''}.`,
			),
			...(maker && pairs.length === 0 && gone.length === 0
				? [
						'Every migration of this tree that is seen to use it comes after that one; see what RunPython functions import or ask for.',
					]
				: []),
		],
		ways: maker
			? pairs.flatMap((user, index): Way[] => {
					const list = lists[index];
					if (!list) return [];
					return [
						{
							when: `as a rule: ${user} says that it comes after`,
							steps: [
								edit(list, null, `('${appOf(maker.key)}', '${nameOf(maker.key)}'),`, `in the dependencies of ${user}`),
								run(`${facts.manage} migrate`, 'applies them in this order'),
							],
						},
					];
				})
			: missingApp(facts, model),
		notes: [
			'A database on which the other app happened to come first never shows this; a new one does. migration-guard check finds such relations (MG011, MG104).',
		],
	};
}

function makes({title, model}: SchemaChange, wanted: string | null): boolean {
	if (wanted === null || !title.startsWith('CreateModel')) return false;
	return wanted.endsWith('.') ? model?.startsWith(wanted) === true : model === wanted;
}

/** The migration that was running; else those that name both the model that has the field and the model that is missed. */
function usersOf(facts: Facts, applying: NodeKey | null, by: string | null, model: string | null): NodeKey[] {
	if (applying !== null && facts.project.nodes.has(applying)) return [applying];
	if (by === null || model === null) return [];
	const found = facts.changes().filter(change => change.model === by && change.refersTo.includes(model));
	return [...new Set(found.map(({key}) => key))].slice(0, 1);
}

function missingApp({manage, project}: Facts, model: string | null): Way[] {
	const app = model?.split('.')[0] ?? '';
	const folder = project.folders.find(each => each.app === app);
	if (app === '')
		return [{when: 'as a rule', steps: [run('migration-guard check', 'lists relations to models that are made later')]}];
	return folder
		? [{when: 'when models.py has it', steps: [run(`${manage} makemigrations ${app}`, 'writes the migration that makes it')]}]
		: [
				{
					when: `when ${app} is a package or an app of yours`,
					steps: [run(`${manage} showmigrations ${app}`, 'after adding it to INSTALLED_APPS')],
				},
			];
}
