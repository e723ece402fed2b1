import {readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {scenario} from '../helpers/scenario.ts';
import {validator} from '../helpers/schema.ts';

const ERRORS = `CommandError: Conflicting migrations detected; multiple leaf nodes in the migration graph: (0003_a, 0003_b in shop).
NodeNotFoundError: Migration pay.0001_initial dependencies reference nonexistent parent node ('pay', '0009_gone')
OperationalError: duplicate column name: price
OperationalError: no such table: shop_item
manage.py migrate --run-syncdb
`;

test('what is printed is what the schemas say', async t => {
	const {git, django, guard, files, folder} = await scenario(t, {origin: true});
	const errors = join(folder, 'errors.txt');
	writeFileSync(errors, ERRORS);
	const [staging, production] = [join(folder, 'staging.txt'), join(folder, 'production.txt')];
	writeFileSync(staging, '[X]  shop.0001_initial\n[X]  shop.0002_price\n[X]  shop.0009_gone\n');
	writeFileSync(production, '[X]  shop.0001_initial\n[ ]  shop.0002_price\n');
	const commands = [
		['check'],
		['graph'],
		['order'],
		['doctor'],
		['max-migration', 'check'],
		['max-migration', 'recreate', '--dry-run'],
		['graph', 'shop'],
		['check', 'HEAD'],
		['check', '--against', 'origin/main'],
		['order', 'HEAD'],
		['branches', '--local', '--merge-order'],
		['branches'],
		['graph', '--rev', 'HEAD'],
		['explain', errors],
		['explain', errors, '--rev', 'HEAD'],
		['rollback-plan', 'shop', 'zero'],
		['drift', staging, production],
		['rollback-plan', 'shop', '0002', '--rev', 'HEAD'],
	];
	const validate = async (what: string) => {
		for (const command of commands) {
			const [name = ''] = command;
			const {stdout} = await guard.run(...command, '--json');
			const check = validator(name);
			t.true(check(JSON.parse(stdout)), `${what}: ${command.join(' ')}: ${JSON.stringify(check.errors)}\n${stdout}`);
		}
	};
	await django.makemigrations('shop', '0001_initial', '0002_price');
	await django.makemigrations('shop', '0001_squashed_0002', {
		dependencies: [],
		replaces: [
			['shop', '0001_initial'],
			['shop', '0002_price'],
		],
	});
	await git.commit('base');
	await git.push('-q', '-u', 'origin', 'main');
	await validate('a squash');

	for (const name of ['0003_a', '0003_b'])
		await django.makemigrations('shop', name, {
			dependencies: [
				['shop', '0002_price'],
				['auth', '0001_initial'],
			],
		});
	await django.makemigrations('pay', '0001_initial', {dependencies: [['pay', '0009_gone']]});
	files.write('shop/migrations/broken.py', '<<<<<<< a\nclass Migration:\n');
	files.write('loose/migrations/0001_initial.py', files.read('pay/migrations/0001_initial.py'));
	files.write('.migrationguardrc.json', JSON.stringify({ignore: {MG002: {pay: 'known'}}}));
	await git.commit('broken');
	await git.branch('aside', 'HEAD');
	await validate('everything at once');
});

test('a document of another shape is not', t => {
	for (const name of ['check', 'graph', 'order', 'branches', 'doctor', 'explain', 'max-migration'])
		t.false(validator(name)({version: 2, revision: null}));
});

test('every code is documented, and every documented one exists', t => {
	const codes = (text: string) => [...new Set(text.match(/\bMG\d{3}\b/g))].sort();
	const folder = new URL('../../src/migrations/', import.meta.url);
	const sources = readdirSync(folder).map(
		name =>
			readFileSync(new URL(name, folder), 'utf8')
				.match(/'MG\d{3}'/g)
				?.join(' ') ?? '',
	);
	const table =
		readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8')
			.match(/^\| MG\d{3}/gm)
			?.join(' ') ?? '';
	t.deepEqual(codes(table), codes(sources.join(' ')));
});
