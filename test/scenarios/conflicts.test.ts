import test from 'ava';
import {forked} from '../helpers/forked.ts';

const migration = (operation: string) =>
	`from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [("shop", "0002_price")]\n    operations = [\n        ${operation},\n    ]\n`;

test('conflicts says what Django would do with both sides, and exits with 1', async t => {
	const {git, guard, files} = await forked(t, {install: false});
	files.write('shop/migrations/0003_currency.py', migration(`migrations.RemoveField("item", "name")`));
	await git.commit('main: no name');
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_discount.py', migration(`migrations.AlterField("item", "name", models.TextField())`));
	await git.commit('feature: longer names');

	const found = await guard.run('conflicts');
	t.is(found.exitCode, 1);
	t.regex(
		found.stdout,
		/^CONFLICT\n {2}mainline {2}RemoveField item\.name in shop\.0003_currency \(shop\/migrations\/0003_currency\.py:7\)\n/,
	);
	t.regex(found.stdout, /FieldDoesNotExist: \w+ has no field named 'name'/);
	t.regex(found.stdout, /1 migration of main and 1 migration of HEAD: 1 conflict\.$/);

	const document = JSON.parse((await guard.run('conflicts', 'main', 'feature', '--json')).stdout);
	t.like(document, {version: 1, mainline: 'main', verdicts: [{verdict: 'conflict', reason: 'fails', incoming: {line: 7}}]});
});

test('conflicts is content with what commutes, and with one side only', async t => {
	const {guard} = await forked(t, {install: false});
	t.like(await guard.run('conflicts', 'main', 'feature'), {
		exitCode: 0,
		stdout: '1 migration of main and 1 migration of feature commute.',
	});
	t.regex((await guard.run('conflicts', 'main', 'main')).stdout, /nothing to compare/);
	t.is((await guard.run('conflicts', 'nowhere')).exitCode, 2);
});

test('conflicts says what is accepted, and does not fail for it', async t => {
	const {git, guard, files} = await forked(t, {
		install: false,
		base: ({files: base}) =>
			void base.write('.migrationguardrc', 'ignore:\n  MG201:\n    shop.0003_nameless...shop.0003_longer: nobody has it\n'),
	});
	files.write('shop/migrations/0003_nameless.py', migration(`migrations.RemoveField("item", "name")`));
	await git.commit('main: no name');
	await git.checkout('-q', 'feature');
	files.write('shop/migrations/0003_longer.py', migration(`migrations.AlterField("item", "name", models.TextField())`));
	await git.commit('feature: longer names');
	const found = await guard.run('conflicts', 'main', 'feature');
	t.is(found.exitCode, 0);
	t.regex(found.stdout, /^accepted: shop\.0003_nameless\.\.\.shop\.0003_longer: nobody has it\n.*, but for what is accepted\.$/);
	const document = JSON.parse((await guard.run('conflicts', 'main', 'feature', '--json')).stdout);
	t.like(document, {verdicts: [], accepted: [{code: 'MG201', because: 'nobody has it'}]});
});

test('a squash on one side of what the other added is no meeting', async t => {
	const {git, guard, files} = await forked(t, {install: false});
	const squashOf = (replaces: string) =>
		migration(`migrations.AddField("item", "discount", models.TextField(default=""))`).replace(
			'[("shop", "0002_price")]',
			`[("shop", "0001_initial")]\n    replaces = [${replaces}]`,
		);
	files.write('shop/migrations/0002_squashed.py', squashOf('("shop", "0002_price"), ("shop", "0003_discount")'));
	await git.commit('main: squashed');
	t.regex((await guard.run('conflicts', 'main', 'feature')).stdout, /commute\.$/);
	await git('rm', '-q', 'shop/migrations/0002_price.py');
	files.write('shop/migrations/0002_squashed.py', squashOf('("shop", "0002_price")'));
	await git.commit('main: a squash of what is gone');
	t.regex((await guard.run('conflicts', 'main', 'feature')).stdout, /commute\.$/);
	files.write('shop/migrations/0002_squashed.py', squashOf(''));
	await git.commit('main: squashed');
	t.regex((await guard.run('conflicts', 'main', 'feature')).stdout, /1 conflict\.$/);
});

test('what lies between two apps is known: a field of a grandparent and one of its grandchild', async t => {
	const {git, guard, files} = await forked(t, {
		install: false,
		base: ({files: base}) => {
			const model = (name: string, app: string, parent: string) => {
				const above = parent === '' ? ['', ''] : [`('${parent.split('.')[0]}', '0001_initial')`, `, bases=('${parent}',)`];
				const key =
					parent === ''
						? `('id', models.BigAutoField(primary_key=True))`
						: `('${parent.split('.')[1]}_ptr', models.OneToOneField('${parent}', models.CASCADE, parent_link=True, primary_key=True))`;
				base.write(`${app}/__init__.py`, '');
				base.write(`${app}/migrations/__init__.py`, '');
				base.write(
					`${app}/migrations/0001_initial.py`,
					`from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [${above[0]}]\n    operations = [migrations.CreateModel('${name}', [${key}]${above[1]})]\n`,
				);
			};
			model('Top', 'upper', '');
			model('Mid', 'middle', 'upper.top');
			model('Low', 'lower', 'middle.mid');
		},
	});
	const added = (app: string, model: string) =>
		files.write(
			`${app}/migrations/0002_x.py`,
			`from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n    dependencies = [('${app}', '0001_initial')]\n    operations = [migrations.AddField('${model}', 'x', models.IntegerField(null=True))]\n`,
		);
	added('upper', 'Top');
	await git.commit('main: Top.x');
	await git.checkout('-q', 'feature');
	added('lower', 'Low');
	await git.commit('feature: Low.x');
	const found = await guard.run('conflicts', 'main', 'feature');
	t.is(found.exitCode, 1);
	t.regex(found.stdout, /FieldError: Local field 'x' in class 'Low' clashes with field of the same name from base class 'Top'/);
});
