import test from 'ava';
import {run} from '../helpers/command.ts';
import {explained} from '../helpers/explained.ts';
import {scenario} from '../helpers/scenario.ts';
import {outerDjangos} from '../referee/django.ts';

const lines = (...operations: readonly string[]) => operations.map(each => `        ${each},`);
const sql = (text: string) => `from django.db import connection; connection.cursor().execute('${text}')`;

test('model-not-installed: a missing model is a ValueError, or nothing', async t => {
	await outerDjangos(t, async django => {
		for (const user of ['accounts', 'users']) {
			const story = await scenario(t, {install: false});
			const at = explained(t, story, django, [user, 'profiles']);
			await story.django.makemigrations('profiles', '0001_initial');
			await story.django.makemigrations(user, '0001_initial');
			await story.django.makemigrations(user, '0002_profile', {
				dependencies: [[user, '0001_initial']],
				operations: lines(
					"migrations.AddField('item', 'profile', models.ForeignKey('profiles.Item', models.CASCADE, null=True))",
				),
			});
			const invented = `NodeNotFoundError: Migration ${user}.0002_profile references model 'profiles.Item' from app 'profiles', which is not installed`;
			const [way] = (await at.hearsay('model-not-installed', invented)).ways;
			const found = await story.guard.run(...(way!.steps[0] as {command: string}).command.split(' ').slice(1));
			const {output, exitCode} = await at.manage('migrate');
			// profiles comes before users by its name alone, and not before accounts.
			t.is(exitCode === 0, user === 'users', output);
			t.regex(
				found.output,
				user === 'users' ? /^MG104 notice: users\.0002_profile refers to profiles\.item/ : /^MG011 accounts\.0002_profile/,
			);
			if (user === 'users') continue;
			t.regex(output, /ValueError: Related model 'profiles\.item' cannot be resolved$/);
			await at.manage('migrate', 'accounts', '--fake');
			t.regex(
				(await at.manage('migrate')).output,
				/ValueError: The field accounts\.Item\.profile was declared with a lazy reference to/,
			);
			story.files.edit('accounts/migrations/0002_profile.py', "('accounts', '0001_initial')", "('profiles', '0009_none')");
			t.regex(
				(await at.manage('migrate')).output,
				/NodeNotFoundError: Migration accounts\.0002_profile dependencies reference nonexistent parent node \('profiles', '0009_none'\)$/,
			);
		}
	});
});

test('fake-initial: it looks for the tables, and runs what has none', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {files} = story;
		const at = explained(t, story, django, ['shop']);
		const answer = await at.hearsay('fake-initial', 'python manage.py migrate shop 0001 --fake-initial');
		const fake = () => at.manage('migrate', 'shop', '0001', '--fake-initial');
		await story.django.makemigrations('shop', '0001_initial');
		t.is((await fake()).exitCode, 0);
		t.deepEqual(await at.columns('shop_item'), ['id', 'name'], 'it was run');

		files.remove('db.sqlite3');
		await at.python(sql('CREATE TABLE shop_item (other integer)'));
		t.regex((await fake()).output, /Applying shop\.0001_initial\.\.\. FAKED/);
		t.deepEqual(await at.columns('shop_item'), ['other'], 'only names are looked at');

		for (const more of [
			"migrations.CreateModel('Other', [('id', models.BigAutoField(primary_key=True))])",
			"migrations.AddField('item', 'late', models.IntegerField(null=True))",
		]) {
			const create = "migrations.CreateModel('Item', [('id', models.BigAutoField(primary_key=True))])";
			files.remove('shop/migrations/0001_initial.py');
			await story.django.makemigrations('shop', '0001_initial', {dependencies: [], operations: lines(create, more)});
			await at.python(sql('DELETE FROM django_migrations'));
			t.regex((await fake()).output, /table "shop_item" already exists$/, more);
			await at.follow(answer.ways[0]);
		}
	});
});

test('squash-and-restart: other databases fail, lose data, or lack columns without a word', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {files, git} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await at.manage('migrate');
		await at.python(sql('INSERT INTO shop_item (name, price) VALUES (1, 3)'));
		const half = files.bytes('db.sqlite3');
		await story.django.makemigrations('shop', '0003_size');
		await at.manage('migrate');
		const whole = files.bytes('db.sqlite3');
		files.edit(
			'shop/models.py',
			'max_length=50)\n',
			'max_length=50)\n    price = models.IntegerField(default=0)\n    size = models.IntegerField(default=0)\n',
		);
		await git.commit('base');
		const restart = async (found: string, name: string) => {
			const line = `find shop/migrations -name "0*.py" ${found} -delete`;
			await run('sh', ['-c', line], {cwd: files.root, env: {PATH: process.env.PATH ?? ''}});
			t.is((await at.manage('makemigrations', 'shop', '--name', name)).exitCode, 0);
			return line;
		};
		const price = async () =>
			(await at.python('from shop.models import Item; print(Item.objects.get().price)')).output.split('\n').at(-1);

		const answer = await at.hearsay('squash-and-restart', await restart('-not -name "0001_initial.py"', 'again'));
		files.write('db.sqlite3', whole);
		t.is(await price(), '3');
		t.is((await at.manage('migrate')).exitCode, 0);
		t.is(await price(), '0', 'SQLite made the table anew');
		if (!django.version.startsWith('3.')) {
			for (const field of ['price', 'size'])
				files.edit('shop/models.py', `${field} = models.IntegerField(default=0)`, `${field} = models.IntegerField(null=True)`);
			await restart('-not -name "0001_initial.py"', 'again');
			files.write('db.sqlite3', whole);
			t.regex((await at.manage('migrate')).output, /duplicate column name: price$/);
		}
		await git.reset('-q', '--hard');
		await restart('', 'start');
		t.regex((await at.manage('migrate')).output, /table "shop_item" already exists$/);
		await git.reset('-q', '--hard');
		files.remove('shop/migrations/0001_start.py');
		await restart('', 'initial');
		files.write('db.sqlite3', half);
		t.regex((await at.manage('migrate')).output, /No migrations to apply/);
		t.false((await at.columns('shop_item')).includes('size'));
		await story.django.makemigrations('shop', '0004_branch', {dependencies: [['shop', '0003_size']]});
		t.regex((await at.manage('migrate')).output, /NodeNotFoundError: .*'0003_size'/);

		// What keeps what other databases know.
		files.remove('shop/migrations/0004_branch.py');
		await git.reset('-q', '--hard');
		const [step] = answer.ways[1]!.steps;
		const words = (step as {command: string}).command.replace('APP', 'shop').replace('NNNN', '0003').split(' ').slice(2);
		t.is((await at.manage(...words, '--no-input')).exitCode, 0);
		for (const database of [half, whole, null]) {
			database === null ? files.remove('db.sqlite3') : files.write('db.sqlite3', database);
			await at.isContent();
			t.deepEqual(await at.columns('shop_item'), ['id', 'name', 'price', 'size']);
			if (database) t.is(await price(), '3');
		}
	});
});

test('plan-shows-dependencies: only with --verbosity 2', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop', 'pay']);
		await story.django.makemigrations('pay', '0001_initial');
		await story.django.makemigrations('shop', '0001_initial');
		const answer = await at.hearsay('plan-shows-dependencies', 'See the full migration dependency graph: showmigrations --plan');
		const without = await at.manage('showmigrations', '--plan');
		story.files.edit('shop/migrations/0001_initial.py', 'dependencies = [', "dependencies = [('pay', '0001_initial')");
		t.is((await at.manage('showmigrations', '--plan')).output, without.output);
		const command = (answer.ways[0]!.steps[0] as {command: string}).command.split(' ').slice(2);
		t.regex((await at.manage(...command)).output, /shop\.0001_initial \.\.\. \(pay\.0001_initial\)/);
		t.regex((await story.guard.run('graph')).output, /0001_initial {2}\(leaf; after pay\.0001_initial\)/);
		await at.follow(answer.ways[0]);
	});
});
