import {chmodSync, mkdirSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {composeServices} from '../../src/database/find-django.ts';
import {type Applied, type AppliedOptions, applied} from '../helpers/applied.ts';
import {SQLITE} from '../helpers/django-project.ts';
import {scenario} from '../helpers/scenario.ts';
import {validator} from '../helpers/schema.ts';
import {type Django, djangos} from '../referee/django.ts';

/** A story with the branch applied; nothing is renumbered yet. Without Python nothing is judged. */
async function tell(
	t: ExecutionContext,
	options: AppliedOptions,
	body: (told: Applied, django: Django) => Promise<void>,
): Promise<void> {
	const django = (await djangos()).at(-1);
	if (django) await body(await applied(t, django, options), django);
	t.pass();
}

/** A folder with programs of these names for the PATH; each is sh. `python3` and `python` are there and have no Django. */
function programs(folder: string, scripts: Readonly<Record<string, string>>): string {
	const place = join(folder, 'programs');
	const write = (path: string, text: string) => {
		mkdirSync(dirname(path), {recursive: true});
		writeFileSync(path, `#!/bin/sh\n${text}\n`);
		chmodSync(path, 0o755);
	};
	const none = `echo "ModuleNotFoundError: No module named 'django'" >&2; exit 1`;
	for (const [name, text] of Object.entries({python3: none, python: none, ...scripts})) write(join(place, name), text);
	return `${place}:${process.env.PATH}`;
}

for (const [name, marker, words] of [
	['uv', 'uv.lock', 'run --no-sync python'],
	['poetry', 'poetry.lock', 'run python'],
	['pipenv', 'Pipfile', 'run python'],
] as const) {
	test(`found by itself: ${name}`, async t => {
		await tell(t, {}, async ({files, folder, dbWith}, {python}) => {
			files.write(marker, '');
			const count = words.split(' ').length;
			const PATH = programs(folder, {
				[name]: `test "$(echo $* | cut -d' ' -f1-${count})" = "${words}" || exit 9\nshift ${count}; exec '${python}' "$@"`,
			});
			const {output} = await dbWith({PATH}, 'status');
			t.regex(output, /^default \(sqlite, .*db\.sqlite3, Django .*\): in step with this worktree/);
		});
	});
}

test('found by itself: a service of docker compose that is running, the one that is called like a web application first', async t => {
	await tell(t, {}, async ({files, folder, dbWith}, {python}) => {
		files.write('compose.yaml', 'services:\n  db:\n    image: postgres\n  web:\n    build: .\n');
		const docker = [
			'case "$*" in',
			'"compose ps --services --status running") printf "db\\nweb\\n" ;;',
			`"compose exec -T web python manage.py "*) shift 5; exec '${python}' "$@" ;;`,
			'*) exit 9 ;;',
			'esac',
		].join('\n');
		const {output} = await dbWith({PATH: programs(folder, {docker})}, 'status');
		t.regex(output, /: in step with this worktree/);
	});
});

test('found by itself: VIRTUAL_ENV, a .venv of the worktree, a manage.py that is not at the top', async t => {
	await tell(t, {}, async ({git, files, folder, dbWith}, {python}) => {
		const PATH = programs(folder, {});
		t.regex((await dbWith({PATH, VIRTUAL_ENV: dirname(dirname(python))}, 'status')).output, /in step/);
		const none = await dbWith({PATH}, 'status');
		t.is(none.exitCode, 1);
		t.regex(
			none.stderr,
			/the project's Django does not answer[\s\S]*No module named 'django'[\s\S]*git config migration-guard\.dbCommand/,
		);
		files.script('.venv/bin/python', `exec '${python}' "$@"`);
		t.regex((await dbWith({PATH}, 'status')).output, /in step/);
		for (const name of ['manage.py', 'project', 'shop', 'db.sqlite3']) files.move(name, `backend/${name}`);
		files.remove('.venv');
		files.script('backend/venv/bin/python', `exec '${python}' "$@"`);
		await git.commit('moved');
		t.regex((await dbWith({PATH}, 'status')).output, /backend\/db\.sqlite3.*in step/);
		files.write('frontend/manage.py', '');
		const several = await dbWith({PATH}, 'status');
		t.is(several.exitCode, 1);
		t.regex(several.stderr, /several manage\.py[\s\S]*backend\/manage\.py[\s\S]*frontend\/manage\.py/);
	});
});

test('a command comes from git’s own configuration, and never by way of a file of the worktree', async t => {
	await tell(t, {}, async ({git, files, folder, dbWith, manage}) => {
		const PATH = programs(folder, {});
		files.write('team.gitconfig', `[migration-guard]\n\tdbCommand = touch ${folder}/owned\n`);
		await git.config('include.path', '../team.gitconfig');
		const ignored = await dbWith({PATH}, 'status');
		t.is(ignored.exitCode, 1);
		t.false(files.exists('../owned'));
		await git.config('migration-guard.dbCommand', manage.command);
		t.regex((await dbWith({PATH}, 'status')).output, /in step/);
		await git.config('migration-guard.dbCommand', "python 'manage.py");
		t.regex((await dbWith({PATH}, 'status')).stderr, /is no command[\s\S]*a quote is not closed/);
	});
});

test('whatever the settings print, the answer is found; an error of theirs is shown', async t => {
	const settings = ['print("{\\"ok\\": true}")', 'import sys', 'sys.stdout.write("no newline")'];
	await tell(t, {manage: {settings}}, async ({db, files}) => {
		t.regex((await db('status')).output, /in step/);
		files.write('project/settings.py', "raise RuntimeError('SECRET_KEY is missing')\n");
		const failed = await db('status');
		t.is(failed.exitCode, 1);
		t.regex(failed.stderr, /RuntimeError: SECRET_KEY is missing/);
	});
});

test('several databases: each is asked, each is repaired, one that is not there is said', async t => {
	const databases = {
		default: SQLITE,
		archive: SQLITE.replace('db.sqlite3', 'archive.sqlite3'),
		twin: SQLITE,
		gone: "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE / 'no' / 'such' / 'folder.sqlite3'}",
		broken: "{'ENGINE': 'django.db.backends.sqlite3', 'NAME': BASE / 'project'}",
	};
	await tell(t, {manage: {databases}}, async ({git, db, manage}) => {
		await manage.run('migrate', '--database', 'archive');
		await git.merge('main');
		const {stdout, exitCode} = await db('status');
		t.is(exitCode, 1);
		t.regex(
			stdout,
			/^default .*knows 1 old name[\s\S]*^archive .*knows 1 old name[\s\S]*^gone .*in step[\s\S]*^broken .*could not be asked\n {2}OperationalError/m,
		);
		t.notRegex(stdout, /^twin/m);
		const one = await db('repair', '--yes', '--database', 'archive');
		t.is(one.exitCode, 0, one.output);
		t.deepEqual(await manage.applied('shop', 'archive'), ['0001_initial', '0002_price', '0003_currency', '0004_discount']);
		t.true((await manage.applied()).includes('0003_discount'));
		t.is((await db('status', '--database', 'archive')).exitCode, 0);
		t.is((await db('status', '--database', 'nonsense')).exitCode, 2);
		const all = JSON.parse((await db('status', '--json')).stdout);
		const check = validator('db-status');
		t.true(check(all), JSON.stringify(check.errors));
		const json = JSON.parse((await db('status', '--json', '--database', 'default')).stdout);
		t.deepEqual(json.databases[0].oldNames, [{from: 'shop.0003_discount', to: 'shop.0004_discount'}]);
	});
});

test('a database that is perhaps none for development is left alone unless it is named', async t => {
	const databases = {default: SQLITE.replace("BASE / 'db.sqlite3'", "BASE.parent / 'outside.sqlite3'")};
	await tell(t, {manage: {databases}}, async ({git, db, manage}) => {
		await git.merge('main');
		const refused = await db('repair', '--yes');
		t.is(refused.exitCode, 1);
		t.regex(
			refused.stderr,
			/perhaps no database for development[\s\S]*outside\.sqlite3 is outside of this worktree[\s\S]*--not-development/,
		);
		t.is((await db('repair', '--yes', '--not-development', 'other.sqlite3')).exitCode, 1);
		t.true((await manage.applied()).includes('0003_discount'));
		const named = await db('repair', '--yes', '--not-development', 'outside.sqlite3');
		t.is(named.exitCode, 0, named.output);
	});
});

test('the hosts of a compose file are its services', async t => {
	const {files} = await scenario(t, {install: false});
	t.deepEqual(composeServices(files.root, files.root), []);
	files.write(
		'docker-compose.yml',
		'version: "3"\n# services:\nservices:\n  # the database\n  db:\n    image: postgres\n    environment:\n      web: no\n\n  "web-1":\n    build: .\nvolumes:\n  data:\n',
	);
	t.deepEqual(composeServices(files.root, join(files.root, 'backend')), ['db', 'web-1']);
});
