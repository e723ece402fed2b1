import {appOf, nameOf} from '../migrations/key.ts';
import {type Draft, run, type Way} from './answer.ts';
import type {Diagnosis, Thing} from './diagnosis.ts';
import type {Facts, SchemaChange} from './facts.ts';
import {before, changeText, commitText, pathOf, runsAfter} from './look-up.ts';
import {changesOf, placeOf, thingText} from './things.ts';
import {backToForkPoint, REPAIR} from './way-back.ts';

type Existing = Extract<Diagnosis, {kind: 'already-exists'}>;

/** Duplicate column, table already exists: two migrations make it, or one that the database knows by another name. */
export function explainExisting({thing, applying}: Existing, facts: Facts): Draft {
	const makers = changesOf(facts, thing, 'adds');
	const running = makers.find(({key}) => key === applying);
	const focus = running ?? makers.at(-1);
	const title = `a migration makes ${thingText(thing)}, and the database has it already`;
	if (!focus) return {title, ...notHere(facts, thing, applying)};
	const rivals = makers.filter(({key, adds}) => key !== focus.key && adds.some(name => focus.adds.includes(name)));
	const places = [focus, ...rivals].map(placeOf);
	const nodes = [...new Set([focus, ...rivals].map(({key}) => key))];
	return {title, nodes, places, ...(rivals.length > 0 ? twice(facts, focus, rivals) : once(facts, focus))};
}

type Found = Pick<Draft, 'cause' | 'ways' | 'notes' | 'here'>;

/** Both sides of a merge made it: renumbering orders them, and the second still fails. */
function twice(facts: Facts, focus: SchemaChange, rivals: readonly SchemaChange[]): Found {
	const [first, second] = runsAfter(facts, rivals[0]!.key, focus.key) ? [focus, rivals[0]!] : [rivals[0]!, focus];
	const {path, line} = placeOf(second);
	return {
		cause: [
			...[first, second].map(change => {
				const origin = facts.origin(change.path);
				return `${changeText(change)}, ${change.path}:${change.line}${origin ? `, came with ${commitText(origin)}` : ''}.`;
			}),
			'Both make the same thing, so that no order of them is right: two branches had one idea.',
		],
		ways: [
			{
				when: `as a rule: ${first.key} stays, the other's operation goes`,
				steps: [
					{kind: 'edit', path, line, before: second.title, after: null, why: 'this operation, all of its lines'},
					run(
						`${facts.manage} makemigrations --check --dry-run`,
						'says whether the two wanted different things of it; then write an AlterField',
					),
					run(`${facts.manage} migrate`, 'applies what is left'),
				],
			},
		],
		notes: [`migration-guard conflicts tells such pairs before two branches are merged.`],
	};
}

/** One migration makes it: the database got it from the same migration under another name, or from nowhere that is recorded. */
function once(facts: Facts, focus: SchemaChange): Found {
	const {manage} = facts;
	const {key} = focus;
	const app = appOf(key);
	const made = `${changeText(focus)} makes it (${focus.path}:${focus.line}).`;
	const [former] = facts.formerNames(key);
	const fake: Way = {
		when: former
			? 'when it was applied under its old name: nothing is lost'
			: 'when all that this migration does is in the database',
		steps: [
			run(`${manage} migrate --fake ${app} ${nameOf(key)}`, 'records it, and runs nothing'),
			run(`${manage} migrate`, 'applies the rest'),
		],
	};
	if (former) {
		const chain = facts.graph.keys.filter(
			other => appOf(other) === app && other !== key && runsAfter(facts, other, key) && facts.formerNames(other).length > 0,
		);
		return {
			cause: [
				made,
				`It was ${former.key} before it was renumbered (${former.commit}). This database applied it under that name; no file answers to the row any more, so Django runs it again.`,
			],
			ways: [REPAIR, fake, backToForkPoint(facts, former)],
			notes: [
				...(chain.length > 0
					? [
							`${chain.join(', ')} ${chain.length > 1 ? 'were' : 'was'} renumbered with it. If the next migrate stops there in the same way, fake that one too, one after the other.`,
						]
					: []),
				`Only now, after this error: everything before ${nameOf(key)} is applied by now. Faked earlier, it would take mainline's own migrations with it.`,
				`With Django 4.1 or newer, ${manage} migrate ${app} --prune then removes the row of the old name.`,
				'MySQL and MariaDB keep what a migration did before it failed: compare with the output of sqlmigrate before you fake.',
			],
		};
	}
	const isFirst = before(facts, key) === 'zero';
	return {
		cause: [
			made,
			'No other migration of this tree does, and git knows no other name of this one. So it was made by a migration of a branch that is not here, by a run that broke off half-way (MySQL), or by hand.',
		],
		ways: [
			...(isFirst
				? [
						{
							when: 'when the tables were there before the migrations: Django looks whether they are',
							steps: [
								run(`${manage} migrate --fake-initial`, 'records first migrations whose tables all exist, and applies the rest'),
							],
						},
					]
				: []),
			fake,
			{
				when: 'when it came from another branch: on that branch',
				steps: [
					run(
						`${manage} migrate ${app} ${before(facts, key)}`,
						"takes back that branch's own migrations; then come back and migrate",
					),
				],
			},
		],
		notes: [
			`${manage} sqlmigrate ${app} ${nameOf(key)} shows all that it does; what of it is not in the database has to be done before it is faked.`,
		],
	};
}

function notHere(facts: Facts, thing: Thing, applying: string | null): Found {
	const path = applying === null ? null : pathOf(facts, applying);
	return {
		here: false,
		cause: [
			`No operation of this tree that can be read makes ${thingText(thing)}.`,
			...(path && applying && facts.project.nodes.has(applying)
				? [`${applying} was running: see RunSQL and RunPython in ${path}.`]
				: []),
		],
		ways: [
			{
				when: 'to see what is applied',
				steps: [run(`${facts.manage} showmigrations --plan`, 'compare it with migration-guard order')],
			},
		],
	};
}
