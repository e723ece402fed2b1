import {join} from 'node:path';
import test from 'ava';
import {addField} from '../helpers/django.ts';
import {cloned, proposed, proposeMerge, type Site} from '../helpers/proposed.ts';

interface Told {
	readonly code: string;
	readonly severity: string;
	readonly title: string;
	readonly fix: string;
	readonly places: readonly {readonly path: string; readonly line: number}[];
}

async function judged({guard}: Pick<Site, 'guard'>, ...args: readonly string[]) {
	const {exitCode, stdout, stderr} = await guard.run('check', '--against', 'origin/main', '--json', ...args);
	const {findings, against} = JSON.parse(stdout || '{}') as {findings: Told[]; against: Record<string, unknown>};
	return {exitCode, stderr, findings, against, told: findings?.map(({code, severity}) => `${code} ${severity}`)};
}

const FORK = {code: 'MG203', severity: 'error'};
const TITLE = 'merged into origin/main this forks shop: shop.0003_discount does not come after shop.0003_currency';

test('a branch that would fork mainline is red, and what to do about it makes it green', async t => {
	const story = await proposed(t);
	const {git, guard} = story;
	const {exitCode, findings, against} = await judged(story);
	t.is(exitCode, 1);
	t.is(findings.length, 1);
	t.like(findings[0], {...FORK, title: TITLE, places: [{path: 'shop/migrations/0003_discount.py', line: 6}]});
	t.regex(findings[0]!.fix, /^git merge origin\/main.*shop\.0003_discount -> shop\.0004_discount/);
	t.like(against, {ref: 'origin/main', seen: 'history', commit: await git.oid('origin/main'), incoming: await git.oid()});
	t.is(await git.status(), '');

	await guard.install();
	await git.merge('-q', 'origin/main');
	t.deepEqual((await judged(story)).told, []);
	const text = await guard.run('check', '--against', 'origin/main');
	t.is(text.stdout, 'HEAD, merged into origin/main, is linear: 4 migrations in 1 app.');
});

test('a branch that is up to date, or adds elsewhere, is green', async t => {
	const story = await proposed(t, {incoming: []});
	const {git, django} = story;
	t.deepEqual((await judged(story)).told, []);
	await django.makemigrations('pay', '0001_initial');
	await git.commit('elsewhere');
	t.deepEqual((await judged(story)).told, []);
});

test('the configuration is that of the mainline', async t => {
	const story = await proposed(t);
	const {git, files} = story;
	const rules = (content: unknown) => files.write('.migrationguardrc.json', JSON.stringify(content));
	rules({forks: 'off', ignore: {MG203: {shop: 'I know better'}}});
	await git.commit('feature: look away');
	t.deepEqual((await judged(story)).told, ['MG203 error']);
	await git.checkout('-q', 'origin/main');
	for (const [content, code, told] of [
		[{forks: 'warn'}, 0, ['MG203 notice']],
		[{forks: 'off'}, 0, []],
		[{ignore: {MG203: {shop: 'the action renumbers'}}}, 0, []],
	] as const) {
		rules(content);
		await git.commit(JSON.stringify(content));
		await git.push('-q', 'origin', 'HEAD:main');
		const found = await judged(story, 'feature');
		t.deepEqual([found.exitCode, found.told], [code, told as readonly string[] as string[]]);
	}
	// A link in the place of a file is no configuration.
	files.remove('.migrationguardrc.json');
	await git(
		'update-index',
		'--add',
		'--cacheinfo',
		`120000,${await git.text('rev-parse', 'HEAD:shop/models.py')},.migrationguardrc`,
	);
	await git('update-index', '--remove', '.migrationguardrc.json');
	await git('commit', '-q', '-m', 'a link');
	await git.push('-q', 'origin', 'HEAD:main');
	t.deepEqual((await judged(story, 'feature')).told, ['MG203 error']);
	await git.push('-q', 'origin', 'HEAD~1:main', '--force');
	rules({forks: 'perhaps'});
	await git('reset', '-q', '--soft', 'HEAD~1');
	await git.commit('nonsense');
	await git.push('-q', 'origin', 'HEAD:main');
	const nonsense = await judged(story, 'feature');
	t.is(nonsense.exitCode, 2);
	t.regex(nonsense.stderr, /\.migrationguardrc\.json: forks/);
});

test('of a merge that the forge made the branch is judged, whether mainline went on or not', async t => {
	const story = await proposed(t);
	const {git, django} = story;
	await proposeMerge(story);
	const clone = await cloned(story, 'refs/pull/1/merge');
	await clone.git.fetch('-q', 'origin', '+refs/heads/main:refs/remotes/origin/main');
	const first = await judged(clone);
	t.deepEqual(
		first.findings.map(({title}) => title),
		[TITLE],
	);
	t.is(first.against.incoming, await git.oid('feature'));

	await git.checkout('-q', '--detach', 'origin/main');
	await django.makemigrations('shop', '0004_vat');
	await git.commit('main: more');
	await git.push('-q', 'origin', 'HEAD:main');
	await clone.git.fetch('-q', 'origin', '+refs/heads/main:refs/remotes/origin/main');
	t.deepEqual(
		(await judged(clone)).findings.map(({title}) => title),
		[TITLE.replace('0003_currency', '0004_vat')],
	);
});

test('a merge that a hook made linear is judged as it stands', async t => {
	const story = await proposed(t, {install: true});
	const {git} = story;
	await git.checkout('-q', '--detach', 'origin/main');
	await git.merge('-q', '--no-edit', 'feature');
	const {exitCode, told, against} = await judged(story);
	t.deepEqual([exitCode, told], [0, []]);
	t.is(against.incoming, await git.oid());
});

test('in a queue of merges each is judged against the one before', async t => {
	const story = await proposed(t, {mainline: ['0003_currency'], incoming: []});
	const {git, django, guard} = story;
	const entries = [];
	for (const name of ['0004_one', '0004_two']) {
		await git.checkout('-q', '-b', name, 'origin/main');
		await django.makemigrations('shop', name);
		await git.commit(name);
	}
	await git.checkout('-q', '--detach', 'origin/main');
	for (const name of ['0004_one', '0004_two']) {
		await git.merge('-q', '--no-ff', '--no-edit', name);
		entries.push(await git.oid());
	}
	await git.checkout('-q', entries[0]!);
	t.deepEqual((await judged(story)).told, []);
	await git.checkout('-q', entries[1]!);
	const {exitCode, stdout} = await guard.run('check', '--against', entries[0]!, '--json');
	t.is(exitCode, 1);
	t.regex(stdout, /shop\.0004_two does not come after shop\.0004_one/);
	// Against mainline as it still is, the queue as a whole is forked.
	t.deepEqual((await judged(story)).told, ['MG001 error', 'MG101 notice']);
});

test('work that does not go together', async t => {
	const alter = (length: number) => [
		`        migrations.AlterField(model_name='item', name='name', field=models.CharField(max_length=${length})),`,
	];
	const story = await proposed(t, {mainline: [], incoming: []});
	const {git, django, files} = story;
	await django.makemigrations('shop', '0003_long', {operations: alter(100)});
	await git.commit('feature');
	await git.checkout('-q', '--detach', 'origin/main');
	await django.makemigrations('shop', '0003_short', {operations: alter(20)});
	await git.commit('main');
	await git.push('-q', 'origin', 'HEAD:main');
	const {told, findings} = await judged(story, 'feature');
	t.deepEqual(told, ['MG203 error', 'MG201 error']);
	t.deepEqual(
		findings[1]!.places.map(({path}) => path),
		['shop/migrations/0003_long.py', 'shop/migrations/0003_short.py'],
	);
	files.write('.migrationguardrc.json', JSON.stringify({forks: 'off', conflicts: 'warn'}));
	await git.commit('main: warn');
	await git.push('-q', 'origin', 'HEAD:main');
	t.deepEqual((await judged(story, 'feature')).told, ['MG201 notice']);
});

test('what mainline has already does not make a branch red', async t => {
	const story = await proposed(t, {
		base: async ({django}) => {
			await django.makemigrations('pay', '0001_initial');
			for (const name of ['0002_x', '0002_y'])
				await django.makemigrations('pay', name, {dependencies: [['pay', '0001_initial']]});
		},
		incoming: [],
	});
	const {exitCode, findings} = await judged(story);
	t.is(exitCode, 0);
	t.deepEqual(findings.map(({code, severity, title}) => [code, severity, title]).slice(0, 1), [
		['MG001', 'notice', 'pay has 2 leaf migrations: pay.0002_x, pay.0002_y (origin/main has it already)'],
	]);
});

test('what only the merge would break', async t => {
	const story = await proposed(t, {mainline: [], incoming: []});
	const {git, django, files} = story;
	await django.makemigrations('pay', '0001_initial', {dependencies: [['shop', '0002_price']]});
	await git.commit('feature');
	t.deepEqual((await judged(story)).told, []);
	await git.checkout('-q', '--detach', 'origin/main');
	files.remove('shop/migrations/0002_price.py');
	await git.commit('main: gone');
	await git.push('-q', 'origin', 'HEAD:main');
	const {findings, exitCode} = await judged(story, 'feature');
	t.is(exitCode, 1);
	t.like(findings[0], {
		code: 'MG002',
		title: 'merged into origin/main: pay.0001_initial depends on shop.0002_price, which does not exist',
	});
});

test('published migrations that the branch edits or deletes, and a branch that waits for long', async t => {
	const story = await proposed(t, {mainline: [], incoming: ['0003_discount'], start: new Date('2024-01-15T09:00:00Z')});
	const {git, files, django} = story;
	files.edit('shop/migrations/0002_price.py', 'default=0', 'default=1');
	await git.commit('feature: edit');
	const {told, exitCode} = await judged(story);
	t.deepEqual([exitCode, told], [0, ['MG112 notice', 'MG205 notice']]);
	await git.checkout('-q', '--detach', 'origin/main');
	await django.makemigrations('shop', '0003_currency');
	files.write('.migrationguardrc.json', JSON.stringify({staleAfter: '0m'}));
	await git.commit('main: never stale');
	await git.push('-q', 'origin', 'HEAD:main');
	t.deepEqual((await judged(story, 'feature')).told, ['MG203 error', 'MG112 notice']);
});

test('a migration that both sides edited', async t => {
	const story = await proposed(t);
	const {git, files} = story;
	files.edit('shop/migrations/0002_price.py', 'default=0', 'default=1');
	await git.commit('feature: edit');
	await git.checkout('-q', '--detach', 'origin/main');
	files.edit('shop/migrations/0002_price.py', 'default=0', 'default=2');
	await git.commit('main: edit');
	await git.push('-q', 'origin', 'HEAD:main');
	const {exitCode, findings} = await judged(story, 'feature');
	t.is(exitCode, 1);
	const conflict = findings.find(({code}) => code === 'MG204');
	t.is(conflict?.title, 'git cannot merge shop/migrations/0002_price.py: origin/main and this branch both edited it');
});

test('one open branch at a time may touch an app', async t => {
	const story = await proposed(t, {mainline: [], incoming: []});
	const {git, django, files} = story;
	files.write('.migrationguardrc.json', JSON.stringify({singleOwner: 'stop'}));
	await git.commit('one owner');
	await git.push('-q', 'origin', 'HEAD:main');
	for (const [branch, app] of [
		['first', 'shop'],
		['second', 'shop'],
		['elsewhere', 'pay'],
	] as const) {
		await git.checkout('-q', '-b', branch, 'origin/main');
		await django.makemigrations(app, `0003_${branch}`);
		await git.commit(branch);
		await git.push('-q', 'origin', branch);
	}
	const second = await judged(story, 'second');
	t.deepEqual([second.exitCode, second.told], [1, ['MG209 error']]);
	t.is(second.findings[0]!.title, 'origin/first touches the migrations of shop already');
	const first = await judged(story, 'first');
	t.deepEqual([first.exitCode, first.told], [0, ['MG209 notice']]);
	t.deepEqual((await judged(story, 'elsewhere')).told, []);
	// A branch that is built on the other one is no rival.
	await git.checkout('-q', '-b', 'stacked', 'first');
	await django.makemigrations('shop', '0004_stacked');
	await git.commit('stacked');
	await git.push('-q', 'origin', ':second');
	t.deepEqual((await judged(story, 'stacked')).told, []);
});

test('REF that is not there is named with the line that fetches it', async t => {
	const story = await proposed(t);
	const clone = await cloned(story, 'feature', '--depth=1');
	const missing = await judged(clone);
	t.is(missing.exitCode, 2);
	const [, line = ''] = /^ {2}git (.*)$/m.exec(missing.stderr) ?? [];
	t.is(line, 'fetch --no-tags --unshallow origin +refs/heads/main:refs/remotes/origin/main');
	await clone.git(...line.split(' '));
	const {findings, against} = await judged(clone);
	t.deepEqual(
		findings.map(({title}) => title),
		[TITLE],
	);
	t.is(against.seen, 'history');
	const nothing = await clone.guard.run('check', '--against', 'origin/main', 'nowhere');
	t.is(nothing.exitCode, 2);
	t.regex(nothing.stderr, /nowhere is no commit/);
});

test('a clone without history: two trees, and what they do not tell', async t => {
	const story = await proposed(t);
	await proposeMerge(story);
	for (const revision of ['feature', 'refs/pull/1/merge']) {
		const clone = await cloned(story, revision, '--depth=1');
		await clone.git.fetch('-q', '--no-tags', '--depth=1', 'origin', '+refs/heads/main:refs/remotes/origin/main');
		const {exitCode, findings, against, told} = await judged(clone);
		t.is(exitCode, 1);
		t.deepEqual(told, ['MG203 error', 'MG207 notice'], revision);
		t.is(findings[0]!.title, TITLE);
		t.is(findings[0]!.places[0]!.path, 'shop/migrations/0003_discount.py');
		t.is(against.seen, 'trees');
		t.is(findings[1]!.title.includes('deleted shop.0003_currency, or is older'), revision === 'feature');
		t.regex(findings[1]!.fix, /--unshallow .*fetch-depth: 0/);
	}
});

test('without history: another text of a migration, and another migration of its name', async t => {
	const story = await proposed(t, {mainline: ['0003_same'], incoming: []});
	const {git, django, files} = story;
	await django.makemigrations('shop', '0003_same', {operations: [addField('weight')]});
	files.edit('shop/migrations/0002_price.py', 'default=0', 'default=1');
	await git.commit('feature');
	await git.push('-q', 'origin', 'feature');
	const clone = await cloned(story, 'feature', '--depth=1');
	await clone.git.fetch('-q', '--no-tags', '--depth=1', 'origin', '+refs/heads/main:refs/remotes/origin/main');
	const {findings, told} = await judged(clone);
	t.deepEqual(told, ['MG203 error', 'MG208 notice', 'MG207 notice']);
	t.regex(findings[0]!.fix, /shop\.0003_same -> shop\.0004_same/);
	t.is(findings[1]!.title, 'shop.0002_price reads otherwise on origin/main');
});

test('nothing of the branch is run', async t => {
	const story = await proposed(t);
	const {git, files, guard} = story;
	const attributes = '* diff=evil merge=evil filter=evil\n';
	for (const path of ['.gitattributes', 'shop/.gitattributes', 'shop/migrations/.gitattributes']) files.write(path, attributes);
	files.edit('shop/migrations/0002_price.py', 'default=0', 'default=1');
	files.write('manage.py', 'open("ran", "w")\n');
	files.write('.migrationguardrc.js', 'require("fs").writeFileSync("ran", "")\n');
	await git.commit('feature: evil');
	await git.checkout('-q', '--detach', 'origin/main');
	files.edit('shop/migrations/0002_price.py', 'default=0', 'default=2');
	await git.commit('main: edit');
	await git.push('-q', 'origin', 'HEAD:main');
	await git.checkout('-q', 'feature');
	// As on a machine whose owner has them for other projects.
	const ran = join(files.root, 'ran');
	for (const [key, command] of [
		['diff.evil.textconv', `touch '${ran}'; cat`],
		['diff.evil.command', `touch '${ran}'`],
		['diff.external', `touch '${ran}'`],
		['merge.evil.driver', `touch '${ran}'`],
		['filter.evil.clean', `touch '${ran}'; cat`],
		['filter.evil.smudge', `touch '${ran}'; cat`],
	] as const) {
		await git.config(key, command);
	}
	for (const format of ['json', 'text', 'github']) {
		const {exitCode} = await guard.run('check', '--against', 'origin/main', '--format', format);
		t.is(exitCode, 1);
	}
	t.false(files.exists('ran'));
});

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('hostile names become no command of the workflow', async t => {
	const story = await proposed(t);
	const {git, files, guard} = story;
	const name = '0003_x\n::error file=a::owned,%0A';
	files.write(`shop/migrations/${name}.py`, files.read('shop/migrations/0003_discount.py'));
	await git.commit('feature: odd');
	for (const format of ['github', 'text']) {
		const {stdout} = await guard.run('check', '--against', 'origin/main', '--format', format);
		t.true(stdout.includes('owned'));
		t.notRegex(stdout, /^::error file=a/m);
	}
});
