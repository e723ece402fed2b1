import test from 'ava';
import {explained} from '../helpers/explained.ts';
import {scenario} from '../helpers/scenario.ts';
import {outerDjangos} from '../referee/django.ts';

const column = (name: string) => `        migrations.AddField('item', '${name}', models.IntegerField(null=True)),`;

test('another app depends on what was renumbered after it was applied', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files, guard} = story;
		const at = explained(t, story, django, ['shop', 'pay']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await story.django.makemigrations('pay', '0001_initial');
		await git.commit('base');
		await git.checkout('-q', '-b', 'feature');
		await story.django.makemigrations('shop', '0003_discount');
		await story.django.makemigrations('pay', '0002_fee', {
			dependencies: [
				['pay', '0001_initial'],
				['shop', '0003_discount'],
			],
			operations: [column('fee')],
		});
		await git.commit('feature');
		await at.manage('migrate');
		await git.checkout('-q', 'main');
		await story.django.makemigrations('shop', '0003_currency');
		await git.commit('main');
		await git.checkout('-q', 'feature');
		await guard.install();
		await git.merge('-q', '--no-edit', 'main');

		const failed = await at.manage('migrate');
		t.regex(failed.output, /InconsistentMigrationHistory/);
		const answer = await at.explain(failed);
		t.is(answer.code, 'inconsistent-history');
		t.deepEqual(answer.nodes, ['pay.0002_fee', 'shop.0004_discount']);
		t.regex(answer.cause.join('\n'), /shop\.0004_discount was shop\.0003_discount before it was renumbered \(\w{9}\)/);
		const applied = files.bytes('db.sqlite3');
		t.is(answer.ways.length, 2);
		for (const way of answer.ways) {
			files.write('db.sqlite3', applied);
			await at.follow(way);
			await at.isContent();
			t.deepEqual([...(await at.applied('shop'))].sort(), ['0001_initial', '0002_price', '0003_currency', '0004_discount']);
			t.deepEqual([...(await at.columns('shop_item'))].sort(), ['currency', 'discount', 'id', 'name', 'price']);
			t.true((await at.columns('pay_item')).includes('fee'));
		}
	});
});

test('a migration was put before one that is applied, in one app and by hand', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, ['shop']);
		await git.commit('project');
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await git.commit('base');
		await git.checkout('-q', '-b', 'feature');
		await story.django.makemigrations('shop', '0003_discount', '0004_size');
		await git.commit('feature');
		await at.manage('migrate');
		await git.checkout('-q', 'main');
		await story.django.makemigrations('shop', '0003_currency', '0004_tax');
		await git.commit('main');
		await git.checkout('-q', 'feature');
		await git.merge('-q', '--no-edit', 'main');
		files.edit('shop/migrations/0003_discount.py', '0002_price', '0004_tax');
		await git.commit('one line again');

		const failed = await at.manage('migrate');
		t.regex(failed.output, /InconsistentMigrationHistory/);
		const answer = await at.explain(failed);
		t.is(answer.code, 'inconsistent-history');
		t.deepEqual(answer.nodes, ['shop.0003_discount', 'shop.0004_tax']);
		t.regex(
			answer.ways[0]!.when,
			/^when shop\.0002_price is applied, and shop\.0003_discount works without shop\.0003_currency and shop\.0004_tax/,
		);
		t.is(answer.ways.length, 1);
		await at.follow(answer.ways[0]);
		await at.isContent();
		t.is(await git.status(), '');
		t.deepEqual([...(await at.columns('shop_item'))].sort(), ['currency', 'discount', 'id', 'name', 'price', 'size', 'tax']);
	});
});

const ADMIN = `
import django
AUTH_USER_MODEL = 'auth.User'
MIDDLEWARE = [
    'django.contrib.sessions.middleware.SessionMiddleware',
    'django.contrib.auth.middleware.AuthenticationMiddleware',
    'django.contrib.messages.middleware.MessageMiddleware',
]
TEMPLATES = [{
    'BACKEND': 'django.template.backends.django.DjangoTemplates',
    'APP_DIRS': True,
    'OPTIONS': {'context_processors': [
        'django.template.context_processors.request',
        'django.contrib.auth.context_processors.auth',
        'django.contrib.messages.context_processors.messages',
    ]},
}]
`;
const CONTRIB = ['contenttypes', 'auth', 'admin', 'sessions', 'messages'].map(app => `django.contrib.${app}`);

test('AUTH_USER_MODEL was changed after the first migrate', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {git, files} = story;
		const at = explained(t, story, django, [...CONTRIB, 'people']);
		const settings = files.read('project/settings.py');
		files.write('project/settings.py', settings + ADMIN);
		story.django.startapp('people');
		files.write(
			'people/models.py',
			'from django.contrib.auth.models import AbstractUser\n\n\nclass Person(AbstractUser):\n    pass\n',
		);
		files.write('project/settings.py', (settings + ADMIN).replace(", 'people'", ''));
		await git.commit('base');
		await at.isContent();
		files.write('project/settings.py', (settings + ADMIN).replace('auth.User', 'people.Person'));
		t.is((await at.manage('makemigrations', 'people')).exitCode, 0);
		await git.commit('own users');
		const failed = await at.manage('migrate');
		const answer = await at.explain(failed);
		t.is(answer.code, 'inconsistent-history', failed.output);
		t.deepEqual(answer.nodes, ['admin.0001_initial', 'people.0001_initial']);
		t.regex(answer.cause.join('\n'), /people is the app of AUTH_USER_MODEL: the setting was changed/);
		files.remove('db.sqlite3');
		await at.follow(answer.ways[0]);
		await at.isContent();
	});
});
