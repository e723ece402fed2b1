import {nameOf} from '../migrations/key.ts';
import {type Draft, run, type Step} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {listed, placesOf} from './look-up.ts';

type MaxMigration = Extract<Diagnosis, {kind: 'max-migration'}>;

const WHAT: Readonly<Record<string, string>> = {
	'dlm.E001': 'there is no max_migration.txt',
	'dlm.E002': 'max_migration.txt has several lines: a merge left both names in it',
	'dlm.E003': 'max_migration.txt names a migration that does not exist',
	'dlm.E004': 'max_migration.txt does not name the last migration',
};

/** django-linear-migrations' checks: the file that has to name the leaf. A fork, dlm.E005, is a fork. */
export function explainMaxMigration({code, app, names}: MaxMigration, facts: Facts): Draft {
	const {graph, project, manage} = facts;
	const folder = project.folders.find(each => each.app === app);
	const leaves = graph.leafNodes(app);
	const file = folder ? `${folder.path}/max_migration.txt` : null;
	const [leaf] = leaves;
	const write: Step[] =
		file && leaf && leaves.length === 1
			? [run(`migration-guard max-migration ${code === 'dlm.E001' ? 'create' : 'recreate'} ${app}`, `writes ${file}`)]
			: [];
	const forked = leaves.length > 1;
	return {
		title: `${app}: ${WHAT[code] ?? 'max_migration.txt is wrong'}`,
		cause: [
			...(file && leaves.length > 0
				? [`The leaf of ${app} is ${listed(leaves.map(nameOf))}${names[0] ? `; the file says ${names[0]}` : ''}.`]
				: [`This tree has no app ${app} with migrations.`]),
			...(forked ? ['With two leaves no name is right: the fork comes first.'] : []),
		],
		here: folder !== undefined,
		nodes: leaves,
		places: file && folder?.maxMigration ? [{path: file, line: 1}] : placesOf(facts, leaves),
		ways: [
			...(forked
				? [{when: 'first', steps: [run('migration-guard fix', 'makes one line of it, and writes max_migration.txt')]}]
				: []),
			...(write.length > 0 ? [{when: 'as a rule', steps: [...write, run(`${manage} check`, 'the check is content')]}] : []),
		],
	};
}
