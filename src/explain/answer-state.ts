import {type Draft, run} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts, SchemaChange} from './facts.ts';
import {brittleSquashBefore, explainHalf} from './half-squash.ts';
import {changeText, commitText, listed} from './look-up.ts';
import {placeOf} from './things.ts';

type NotInState = Extract<Diagnosis, {kind: 'not-in-state'}>;

/** FieldDoesNotExist, KeyError, No index named: an operation that works on what an earlier one renamed or removed. */
export function explainState({model, name, what, applying}: NotInState, facts: Facts): Draft {
	const thing = what === 'model' ? `model ${model}` : `${what} ${name}${model ? ` on ${model}` : ''}`;
	const all = facts.changes().filter(change => isAbout(change, model));
	const wanted = name?.toLowerCase() ?? null;
	const takers = all.filter(change => takes(change, what, wanted));
	const users = all.filter(change => !takers.includes(change) && usesIt(change, what, wanted));
	const [taker] = takers;
	const later = taker ? [...takers.slice(1), ...users].filter(user => all.indexOf(user) > all.indexOf(taker)) : [];
	// The one that was running is the one that fails.
	const failing = later.find(({key}) => key === applying) ?? later[0];
	// All that makes it is there, and comes before: then that was left out.
	const squash = what === 'model' && takers.length === 0 && applying !== null ? brittleSquashBefore(facts, applying) : null;
	if (squash !== null && all.some(({key, title}) => key === squash && title.startsWith('CreateModel')))
		return explainHalf(facts, squash, [applying!]);
	const pair = taker && failing ? [taker, failing] : [...takers, ...users].slice(0, 4);
	return {
		title: `an operation works on the ${thing}, and by then there is none`,
		here: failing !== undefined,
		nodes: [...new Set(pair.map(({key}) => key))],
		places: pair.map(placeOf),
		cause:
			taker && failing
				? [
						`${sentence(facts, taker)}: it is renamed or removed there.`,
						`${sentence(facts, failing)}: it comes later and still uses the old name.`,
						'Two branches that did this link up in any order of numbers, and only the other order of work would be right, or none.',
					]
				: takers.length > 0
					? [`${listed(takers.map(changeText))} renames or removes it; no later operation that can be read uses it.`]
					: [`No operation of this tree that can be read renames or removes the ${thing}.`],
		ways: failing
			? [
					{
						when: 'when it was renamed: the later operation takes the new name; when it was removed: the later operation goes',
						steps: [
							{
								kind: 'edit',
								...placeOf(failing),
								before: failing.title,
								after: null,
								why: 'write the new name, or take it out with all of its lines',
							},
							run(`${facts.manage} makemigrations --check --dry-run`, 'models and migrations agree again'),
							run(`${facts.manage} migrate`, 'applies what is left'),
						],
					},
				]
			: [
					{
						when: 'to see who did what',
						steps: [run('migration-guard conflicts', 'compares the operations of this branch with those of the mainline')],
					},
				],
		notes: ['migration-guard conflicts finds such pairs before two branches are merged.'],
	};
}

function sentence(facts: Facts, change: SchemaChange): string {
	const origin = facts.origin(change.path);
	return `${changeText(change)} (${change.path}:${change.line}${origin ? `, came with ${commitText(origin)}` : ''})`;
}

/** Django says `shop.item`, `item` or `Item`. */
function isAbout(change: SchemaChange, model: string | null): boolean {
	if (model === null || change.model === null) return true;
	return change.model === model || change.model.endsWith(`.${model}`) || change.title.toLowerCase().endsWith(` ${model}`);
}

function takes({title, fields}: SchemaChange, what: NotInState['what'], name: string | null): boolean {
	switch (what) {
		case 'model':
			return /^(?:DeleteModel|RenameModel)\b/.test(title);
		case 'field':
			return /^(?:RemoveField|RenameField)\b/.test(title) && fields[0] === name;
		case 'index':
			return /^(?:RemoveIndex|RenameIndex)/.test(title) && fields[0] === name;
		case 'constraint':
			return /^RemoveConstraint/.test(title) && fields[0] === name;
	}
}

function usesIt({title, fields}: SchemaChange, what: NotInState['what'], name: string | null): boolean {
	if (what === 'model') return !title.startsWith('CreateModel');
	return name !== null && fields.includes(name) && !/^(?:CreateModel|AddField)/.test(title);
}
