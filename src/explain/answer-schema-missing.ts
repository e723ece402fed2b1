import {type Draft, run, type Way} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';

type SchemaMissing = Extract<Diagnosis, {kind: 'schema-missing'}>;

/** MigrationSchemaMissing: why the table of applied migrations could not be made. The reason in the brackets is the database's. */
export function explainSchemaMissing({reason}: SchemaMissing, {manage}: Facts): Draft {
	const common = {
		here: false,
		notes: ['This is about the database and its rights; no migration of the repository is the cause.'],
	};
	const again = (why: string): Way['steps'] => [run(`${manage} migrate`, why)];
	const said = `The database said: ${reason.replace(/ (?:DETAIL|HINT): .*$/, '')}.`;
	if (/already exists|already an index|duplicate key value/.test(reason)) {
		return {
			...common,
			title:
				'Django looked for its table django_migrations, did not see it, and then could not make it because it is there, or something else of that name',
			cause: [
				said,
				'Two runs of migrate began at one time on a new database, and the other one was faster: then the table is complete, and nothing is wrong.',
				'Or something that is no table has the name: a view, an index, a sequence, a type. Django looks for tables only.',
			],
			ways: [
				{when: 'after two runs at one time', steps: again('once more, alone')},
				{
					when: 'when it comes again (PostgreSQL)',
					steps: [
						run(
							`${manage} dbshell -- -c "SHOW search_path" -c "\\d *.django_migrations"`,
							'shows what has the name, and in which schema; rename or drop that',
						),
					],
				},
			],
			notes: [
				...common.notes,
				'migrate --run-syncdb and migrate --fake-initial do nothing against it: the table is made before either is looked at.',
			],
		};
	}
	if (/permission denied/.test(reason)) {
		return {
			...common,
			title: 'the database user may not make tables',
			cause: [said, 'Since PostgreSQL 15 only the owner of a database may make tables in its schema public.'],
			ways: [
				{
					when: 'with PostgreSQL, as its owner or superuser',
					steps: [
						run(
							'psql -d DATABASE -c "GRANT USAGE, CREATE ON SCHEMA public TO USER"',
							'with the NAME and the USER of settings.DATABASES',
						),
						...again('as before'),
					],
				},
			],
		};
	}
	if (/access denied|denied to user|insufficient privilege/i.test(reason)) {
		return {
			...common,
			title: 'the database user may not make tables',
			cause: [said],
			ways: [{when: 'as a rule', steps: again('after the user was given the right to make tables in this database')}],
		};
	}
	if (/no schema has been selected/.test(reason)) {
		return {
			...common,
			title: 'the search_path of the database user leads to no schema that exists',
			cause: [said],
			ways: [
				{
					when: 'with PostgreSQL',
					steps: [
						run(
							'psql -d DATABASE -c "CREATE SCHEMA IF NOT EXISTS public AUTHORIZATION USER"',
							'or whatever schema settings.DATABASES sets in its OPTIONS',
						),
						...again('as before'),
					],
				},
			],
		};
	}
	return {
		...common,
		title: 'Django could not make its table django_migrations',
		cause: [
			said,
			...(/readonly|read-only|unable to open/i.test(reason)
				? [
						'The file or the server does not allow writing: the file belongs to another user, lies on a read-only mount, or this is a replica.',
					]
				: []),
		],
		ways: [{when: 'when it can be written to', steps: again('as before')}],
	};
}
