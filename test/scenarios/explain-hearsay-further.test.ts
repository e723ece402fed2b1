import test from 'ava';
import {run} from '../helpers/command.ts';
import {explained} from '../helpers/explained.ts';
import {forked} from '../helpers/forked.ts';
import {scenario} from '../helpers/scenario.ts';
import {outerDjangos} from '../referee/django.ts';

test('lazy-reference-cycle: strings in models, and the circle of the migrations stays', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {files} = story;
		const at = explained(t, story, django, ['shop', 'pay']);
		for (const [app, other] of [
			['shop', 'pay'],
			['pay', 'shop'],
		] as const) {
			story.django.startapp(app);
			files.write(
				`${app}/models.py`,
				`from django.db import models\n\n\nclass Item(models.Model):\n    other = models.ForeignKey('${other}.Item', models.CASCADE, null=True, related_name='+')\n`,
			);
		}
		const answer = await at.hearsay(
			'lazy-reference-cycle',
			'To break a circular dependency, use a lazy reference: ForeignKey("shop.Item")',
		);
		// That is how makemigrations ends it: a migration more.
		await at.manage('makemigrations');
		await at.isContent();
		t.is(files.list('shop/migrations').length + files.list('pay/migrations').length, 5);

		for (const [app, other] of [
			['shop', 'pay'],
			['pay', 'shop'],
		] as const) {
			for (const name of files.list(`${app}/migrations`)) if (/^\d/.test(name)) files.remove(`${app}/migrations/${name}`);
			await story.django.makemigrations(app, '0001_initial', {
				dependencies: [[other, '0001_initial']],
				operations: [
					`        migrations.CreateModel('Item', [('id', models.BigAutoField(primary_key=True)), ('other', models.ForeignKey('${other}.Item', models.CASCADE, null=True))]),`,
				],
			});
		}
		t.regex((await at.manage('migrate')).output, /CircularDependencyError: /);
		const [step] = answer.ways[0]!.steps;
		const {output} = await story.guard.run(...(step as {command: string}).command.split(' ').slice(1));
		t.regex(output, /^MG003 .*\n[\s\S]*(?:pay|shop)\/migrations\/0001_initial\.py/);
	});
});

test('same-number: two migrations of one number, in one line', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price', '0002_size');
		const answer = await at.hearsay('same-number', '0002_size  <- Two migrations with the same number');
		await at.isContent();
		t.deepEqual(await at.applied('shop'), ['0001_initial', '0002_price', '0002_size']);
		await at.follow(answer.ways[0]);
		// What is refused is two leaves, whatever their numbers.
		await story.django.makemigrations('shop', '0007_late', {dependencies: [['shop', '0002_price']]});
		t.regex(
			(await at.manage('migrate')).output,
			/Conflicting migrations detected; multiple leaf nodes .*0002_size, 0007_late in shop/,
		);
		t.regex((await story.guard.run('graph')).output, /0007_late {2}\(leaf\)\n.*0002_size {2}\(leaf\)/);
	});
});

const FILL = `from django.db import migrations


def fill(apps, schema_editor):
    for item in apps.get_model('shop', 'Item').objects.order_by('id'):
        item.price += 1
        item.save()
        if item.name == 'second':
            raise ValueError('half-way')


class Migration(migrations.Migration):
    atomic = False
    dependencies = [('shop', '0002_price')]
    operations = [migrations.RunPython(fill)]
`;

test('not-atomic-resumable: it begins anew with its first row, and what was done stays done', async t => {
	await outerDjangos(t, async django => {
		const story = await scenario(t, {install: false});
		const {files} = story;
		const at = explained(t, story, django, ['shop']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price');
		await at.manage('migrate');
		await at.python(
			"from django.db import connection; connection.cursor().execute(\"INSERT INTO shop_item (name, price) VALUES ('first', 0), ('second', 0), ('third', 0)\")",
		);
		const prices = async () =>
			(
				await at.python(
					"from django.db import connection; c = connection.cursor(); c.execute('SELECT price FROM shop_item ORDER BY id'); print(*(p for p, in c))",
				)
			).stdout;
		files.write('shop/migrations/0003_fill.py', FILL);
		const answer = await at.hearsay('not-atomic-resumable', `${FILL}\n# so that it is idempotent and resumable`);
		for (const expected of ['1 1 0', '2 2 0']) {
			t.regex((await at.manage('migrate')).output, /ValueError: half-way$/);
			t.is(await prices(), expected);
			t.deepEqual(await at.applied('shop'), ['0001_initial', '0002_price']);
		}
		const check = async () => {
			const [step] = answer.ways[0]!.steps;
			return (await story.guard.run(...(step as {command: string}).command.split(' ').slice(1))).output;
		};
		t.notRegex(await check(), /MG110/);
		files.edit('shop/migrations/0003_fill.py', '    atomic = False\n', '');
		t.regex((await at.manage('migrate')).output, /ValueError: half-way$/);
		t.is(await prices(), '2 2 0', 'with a transaction nothing stays');
		t.regex(await check(), /^MG110 notice: shop goes through whole tables in one transaction: 0003_fill$/m);
		// Resumable is what passes over rows that are done.
		files.edit('shop/migrations/0003_fill.py', "order_by('id')", 'filter(price=0)');
		await at.isContent();
		t.is(await prices(), '2 2 1');
	});
});

test('manage-py-left-out: Python only looks for a file of that name', async t => {
	await outerDjangos(t, async django => {
		const story = await forked(t, {install: false});
		const at = explained(t, story, django, ['shop']);
		await story.git.commit('project');
		await story.git.merge('-q', '--no-edit', 'feature');
		const answer = await at.hearsay('manage-py-left-out', "To fix them run 'python makemigrations --merge'");
		const {output} = await run(django.python, ['makemigrations', '--merge'], {cwd: story.files.root, env: {}});
		t.regex(output, /can't open file '.*makemigrations': \[Errno 2\] No such file or directory$/);
		const said = await at.manage('migrate');
		t.true(said.output.endsWith(answer.cause[0]!.replace('Django prints: ', '').replace(/\.$/, '')), said.output);
		await at.follow(answer.ways[0]);
		await at.isContent();
	});
});
