import test from 'ava';
import {readListing} from '../../src/database/showmigrations.ts';
import {project} from '../helpers/manage.ts';
import {scenario} from '../helpers/scenario.ts';
import {eachDjango} from '../referee/django.ts';

test('a plan, among the lines of other programs', t => {
	const listing = readListing(
		[
			'\u001b[33mWARNING\u001b[0m: something',
			'web-1  | [X]  auth.0001_initial',
			'[X]  shop.0001_initial',
			'[ ]  shop.0002_add-index ... (auth.0001_initial, shop.0001_initial)\r',
		].join('\n'),
	)!;
	t.is(listing.format, 'plan');
	t.deepEqual(
		listing.migrations.map(({key, state, parents}) => [key, state, parents]),
		[
			['auth.0001_initial', 'applied', []],
			['shop.0001_initial', 'applied', []],
			['shop.0002_add-index', 'unapplied', ['auth.0001_initial', 'shop.0001_initial']],
		],
	);
});

test('what is none', t => {
	t.is(readListing('CommandError: Conflicting migrations detected'), null);
	t.is(readListing(''), null);
	t.deepEqual(readListing('(no migrations)\n'), {format: 'plan', apps: [], migrations: []});
	t.deepEqual(readListing('shop\n (no migrations)\n'), {format: 'list', apps: ['shop'], migrations: []});
});

test('what every Django prints', async t => {
	await eachDjango(t, async django => {
		const story = await scenario(t, {install: false});
		const at = project(story, django, ['shop', 'pay', 'void']);
		await story.django.makemigrations('shop', '0001_initial', '0002_price', '0003_size');
		await story.django.makemigrations('pay', '0001_initial', {dependencies: [['shop', '0002_price']], operations: []});
		story.files.write('void/__init__.py', '');
		story.files.write('void/migrations/__init__.py', '');
		t.is((await at.manage('migrate', 'shop', '0002')).exitCode, 0);
		// The replaced ones are applied, and the squash came later: [-] from Django 4.1 on.
		await story.django.makemigrations('shop', '0001_squashed_0002', {
			dependencies: [],
			replaces: [
				['shop', '0001_initial'],
				['shop', '0002_price'],
			],
		});
		const read = async (...args: readonly string[]) => {
			const {stdout} = await at.manage('showmigrations', ...args);
			const listing = readListing(stdout);
			t.truthy(listing, `${django.version} ${args.join(' ')}\n${stdout}`);
			return listing!;
		};
		const isOld = django.version.startsWith('3.');
		for (const color of ['--force-color', '--no-color']) {
			const plan = await read('--plan', color);
			t.deepEqual(
				plan.migrations.map(({key, state}) => `${key} ${state}`),
				['shop.0001_squashed_0002 applied', 'pay.0001_initial unapplied', 'shop.0003_size unapplied'],
			);
			const verbose = await read('--plan', '--verbosity', '2', color);
			t.deepEqual(
				verbose.migrations.map(({key, parents}) => [key, parents]),
				[
					['shop.0001_squashed_0002', []],
					['pay.0001_initial', ['shop.0001_squashed_0002']],
					['shop.0003_size', ['shop.0001_squashed_0002']],
				],
			);
			const list = await read(color);
			t.deepEqual(list.apps, ['pay', 'shop', 'void']);
			t.deepEqual(
				list.migrations.map(({key, state, isSquash}) => `${key} ${state} ${isSquash}`),
				[
					'pay.0001_initial unapplied false',
					`shop.0001_squashed_0002 ${isOld ? 'applied' : 'replaced'} true`,
					'shop.0003_size unapplied false',
				],
				django.version,
			);
		}
		// 3.2 breaks off at a squash there: AttributeError, 'Migration' object has no attribute 'applied'.
		if (isOld) return;
		await at.manage('migrate');
		const times = await read('--list', '--verbosity', '2');
		t.deepEqual(
			times.migrations.map(({key, state}) => `${key} ${state}`),
			['pay.0001_initial applied', 'shop.0001_squashed_0002 applied', 'shop.0003_size applied'],
		);
		// A squash has no time of its own there.
		for (const {isSquash, appliedAt} of times.migrations) {
			t.regex(appliedAt ?? 'none', isSquash ? /^none$/ : /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
		}
	});
});
