import {CONTRIB} from '../migrations/contrib.ts';
import {appOf, nameOf} from '../migrations/key.ts';
import {type Draft, run, type Way} from './answer.ts';
import type {Diagnosis, Thing} from './diagnosis.ts';
import type {Facts, SchemaChange} from './facts.ts';
import {before, changeText, dependencyList, runsAfter} from './look-up.ts';
import {changesOf, placeOf, thingText} from './things.ts';

type Lacking = Extract<Diagnosis, {kind: 'does-not-exist'}>;

/** No such table, no such column: which migration makes it, and why that has not run. */
export function explainLacking({thing, applying}: Lacking, facts: Facts): Draft {
	const {manage} = facts;
	const title = `the database has no ${thingText(thing).slice('the '.length)}`;
	const maker = changesOf(facts, thing, 'adds')[0];
	const remover = changesOf(facts, thing, 'drops').at(-1);
	if (!maker) return {title, ...unknown(facts, thing, remover)};
	const app = appOf(maker.key);
	const made = `${changeText(maker)} makes it (${maker.path}:${maker.line}).`;
	const found = {title, nodes: [maker.key], places: [maker, ...(remover ? [remover] : [])].map(placeOf)};
	if (
		applying !== null &&
		facts.project.nodes.has(applying) &&
		applying !== maker.key &&
		!runsAfter(facts, applying, maker.key)
	) {
		return {...found, nodes: [applying, maker.key], ...tooEarly(facts, applying, maker, made)};
	}
	const gone = remover && remover.key !== maker.key && runsAfter(facts, remover.key, maker.key);
	return {
		...found,
		cause: [
			made,
			...(gone
				? [
						`${changeText(remover)} takes it away again (${remover.path}:${remover.line}): whatever still asks for it is older than that.`,
					]
				: []),
			gone ? '' : 'Either that migration is not applied here, or it was faked, or the database was put back to an earlier copy.',
		].filter(Boolean),
		ways: [
			{when: `when showmigrations lists ${maker.key} as [ ]`, steps: [run(`${manage} migrate`, 'applies it')]},
			{when: `when it lists it as [X]: it was recorded and never run`, steps: again(facts, maker)},
		],
		notes: [
			`${manage} showmigrations ${app} says which of the two it is.`,
			'When migrate or makemigrations itself ends with this error, code asks the database while it is imported (a query in urls.py, forms.py, models.py, or an AppConfig.ready): the first frame of your own in the traceback is the place.',
		],
	};
}

/** Forget the record of one migration, run it, and record again what came after it. */
function again(facts: Facts, {key}: SchemaChange): Way['steps'] {
	const {manage, graph} = facts;
	const app = appOf(key);
	const leaf = graph.leafNodes(app).find(other => other === key || runsAfter(facts, other, key)) ?? key;
	return [
		run(`${manage} migrate --fake ${app} ${before(facts, key)}`, 'forgets the record, and touches nothing else'),
		run(`${manage} migrate ${app} ${nameOf(key)}`, 'runs it'),
		...(leaf === key
			? []
			: [
					run(
						`${manage} migrate --fake ${app} ${nameOf(leaf)}`,
						'if what came after it was really run; else migrate without --fake',
					),
				]),
		run(`${manage} migrate`, 'applies the rest'),
	];
}

function tooEarly(facts: Facts, applying: string, maker: SchemaChange, made: string): Pick<Draft, 'cause' | 'ways' | 'places'> {
	const list = dependencyList(facts, applying);
	const pair = `('${appOf(maker.key)}', '${nameOf(maker.key)}'),`;
	return {
		cause: [made, `${applying} was running, and nothing says that it comes after ${maker.key}.`],
		places: [...(list ? [list] : []), placeOf(maker)],
		ways: [
			{
				when: 'as a rule: say so',
				steps: [
					...(list
						? [{kind: 'edit', ...list, before: null, after: pair, why: `in the dependencies of ${applying}`} as const]
						: []),
					run(`${facts.manage} migrate`, 'applies both, in this order'),
				],
			},
		],
	};
}

function unknown(
	facts: Facts,
	{what, name, table}: Thing,
	remover: SchemaChange | undefined,
): Pick<Draft, 'cause' | 'ways' | 'here'> {
	const {manage} = facts;
	const relation = what === 'table' ? name : (table ?? '');
	const contrib =
		relation === 'django_content_type'
			? 'contenttypes'
			: Object.keys(CONTRIB).find(app => relation.startsWith(`${app}_`) || relation === `django_${app.replace(/s$/, '')}`);
	if (relation === 'django_migrations' || contrib) {
		return {
			cause: [
				contrib
					? `Django's own app ${contrib} makes that table; its migrations are not applied in this database.`
					: 'Nothing was ever migrated in this database: is it the one that is meant?',
			],
			ways: [{when: 'as a rule', steps: [run(`${manage} migrate`, 'makes it')]}],
		};
	}
	if (remover) {
		return {
			cause: [`${changeText(remover)} took it away (${remover.path}:${remover.line}); what asks for it is older than that.`],
			ways: [
				{
					when: 'when models.py still has it',
					steps: [run(`${manage} makemigrations --dry-run`, 'shows what models and migrations disagree about')],
				},
			],
		};
	}
	return {
		here: false,
		cause: [
			'No migration of this tree makes it: models.py has what no migration has, or the migration is on another branch or was never committed.',
		],
		ways: [
			{
				when: 'when models.py has it',
				steps: [run(`${manage} makemigrations`, 'writes the migration that is missing'), run(`${manage} migrate`, 'applies it')],
			},
		],
	};
}
