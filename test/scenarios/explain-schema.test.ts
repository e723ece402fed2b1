import test from 'ava';
import type {Way} from '../../src/explain/answer.ts';
import {run, transcript} from '../helpers/command.ts';
import {explained} from '../helpers/explained.ts';
import {scenario} from '../helpers/scenario.ts';
import {djangos, outerDjangos} from '../referee/django.ts';
import {startPostgres} from '../referee/postgres.ts';

const FILE = "'NAME': BASE_DIR / 'db.sqlite3'";
const READ_ONLY = "'NAME': f'file:{BASE_DIR}/db.sqlite3?mode=ro'";

test('a database file that is only read, and a folder that holds no journal', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {files} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		files.write('db.sqlite3', '');
		// Permissions do not bind root: SQLite's own words for the same.
		files.edit('project/settings.py', FILE, READ_ONLY);
		const readOnly = await at.explain(await at.manage('migrate'));
		t.is(readOnly.code, 'schema-missing');
		t.deepEqual(readOnly.cause, [
			'The database said: attempt to write a readonly database.',
			'The file or the server does not allow writing: the file belongs to another user, lies on a read-only mount, or this is a replica.',
		]);
		files.edit('project/settings.py', READ_ONLY, FILE);
		await at.follow(readOnly.ways[0]);
		await at.isContent();

		files.write('db.sqlite3', '');
		files.write('db.sqlite3-journal/taken', '');
		const folder = await at.explain(await at.manage('migrate'));
		t.is(folder.code, 'schema-missing');
		t.regex(folder.cause.join('\n'), /unable to open database file\.\nThe file or the server does not allow writing/);
		files.remove('db.sqlite3-journal');
		await at.follow(folder.ways[0]);
		await at.isContent();
	});
});

test('something that is no table has the name of the table', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {files} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		const sql = (text: string) => at.python(`from django.db import connection; connection.cursor().execute('${text}')`);
		await sql('CREATE TABLE other (a)');
		for (const [kind, make] of [
			['VIEW', 'CREATE VIEW django_migrations AS SELECT a FROM other'],
			['INDEX', 'CREATE INDEX django_migrations ON other (a)'],
		]) {
			await sql(make!);
			const answer = await at.explain(await at.manage('migrate'));
			t.is(answer.code, 'schema-missing');
			t.regex(answer.title, /because it is there, or something else of that name/, answer.said);
			await sql(`DROP ${kind} django_migrations`);
		}
		await at.isContent();
		files.remove('db.sqlite3');
	});
});

/** Another session makes the table and ends its transaction when this one waits for it. */
const race = (host: string) =>
	[
		'import psycopg2, threading',
		'from django.core.management import call_command',
		`other = psycopg2.connect(host='${host}', user='app', dbname='postgres')`,
		"other.cursor().execute('CREATE TABLE django_migrations (id bigint PRIMARY KEY, app text, name text, applied timestamptz)')",
		`watch = psycopg2.connect(host='${host}', user='postgres', dbname='postgres')`,
		'watch.autocommit = True',
		'cursor = watch.cursor()',
		'waits = lambda: (cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = \'Lock\'"), cursor.fetchone()[0])[1]',
		'threading.Thread(target=lambda: (list(iter(waits, 1)), other.commit())).start()',
		"call_command('migrate')",
	].join('; ');

test('PostgreSQL: no right to make tables, no schema, a name that is taken, and two at one time', async t => {
	const django = (await djangos()).find(({version}) => version.startsWith('5.'));
	const server = django ? await startPostgres(django) : 'no Django could be installed here';
	if (!django || typeof server === 'string') {
		if (process.env.CI === 'true') t.fail(`no PostgreSQL: ${server}`);
		t.log(`not judged: ${server}`);
		t.pass();
		return;
	}
	try {
		const story = await scenario(t, {install: false});
		const {files} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial');
		const {HOST: host, ...rest} = JSON.parse(server.database);
		const entry = JSON.stringify({...rest, HOST: host, USER: 'app'});
		files.write(
			'project/settings.py',
			`import sys\n\nsys.path.append('${server.env.PYTHONPATH}')\n${files.read('project/settings.py')}DATABASES = {'default': ${entry}}\n`,
		);
		const sh = async (line: string) => {
			const command = line
				.replace('DATABASE', 'postgres')
				.replace('USER', 'app')
				.replace(/^python/, `'${django.python}' -W ignore`);
			const env = {
				PATH: process.env.PATH ?? '',
				HOME: story.folder,
				PGHOST: host,
				PGUSER: 'postgres',
				PYTHONDONTWRITEBYTECODE: '1',
			};
			const result = await run('sh', ['-c', command], {cwd: files.root, env});
			t.is(result.exitCode, 0, transcript(result));
			return result.stdout;
		};
		const follow = async (way: Way | undefined) => {
			let printed = '';
			for (const step of way!.steps) printed += step.kind === 'run' ? await sh(step.command) : '';
			return printed;
		};
		const sql = (...lines: readonly string[]) => sh(`psql -q -d DATABASE ${lines.map(line => `-c '${line}'`).join(' ')}`);
		const anew = () => sql('DROP SCHEMA public CASCADE', 'CREATE SCHEMA public AUTHORIZATION app');

		await sql('CREATE ROLE app LOGIN', 'REVOKE CREATE ON SCHEMA public FROM PUBLIC');
		const denied = await at.explain(await at.manage('migrate'));
		t.is(denied.code, 'schema-missing');
		t.deepEqual(denied.cause, [
			'The database said: permission denied for schema public.',
			'Since PostgreSQL 15 only the owner of a database may make tables in its schema public.',
		]);
		await follow(denied.ways[0]);
		await at.isContent();

		await sql('DROP SCHEMA public CASCADE');
		const nowhere = await at.explain(await at.manage('migrate'));
		t.deepEqual(nowhere.cause, ['The database said: no schema has been selected to create in.']);
		await follow(nowhere.ways[0]);
		await at.isContent();

		await anew();
		await sql('CREATE SEQUENCE django_migrations');
		const taken = await at.explain(await at.manage('migrate'));
		t.regex(taken.title, /because it is there, or something else of that name/);
		t.regex(await follow(taken.ways[1]), /Sequence "public\.django_migrations"/);
		await sql('DROP SEQUENCE django_migrations');
		await at.isContent();

		await anew();
		const second = await at.python(race(host));
		t.regex(second.output, /MigrationSchemaMissing.*duplicate key value violates unique constraint/);
		const slower = await at.explain(second);
		t.regex(slower.title, /because it is there, or something else of that name/);
		t.deepEqual(
			slower.cause[0],
			'The database said: duplicate key value violates unique constraint "pg_type_typname_nsp_index".',
		);
		await sql('ALTER TABLE django_migrations ALTER id ADD GENERATED BY DEFAULT AS IDENTITY');
		await follow(slower.ways[0]);
		await at.isContent();
	} finally {
		await server.stop();
	}
});
