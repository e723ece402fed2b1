import {existsSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {EVENTS} from '../../src/install/layout.ts';
import {addField} from '../helpers/django.ts';
import {type ForkOptions, forked} from '../helpers/forked.ts';
import type {Scenario} from '../helpers/scenario.ts';

/** The picture of the README, mainline published, and `feature` checked out. */
async function published(t: ExecutionContext, options: ForkOptions = {}): Promise<Scenario> {
	const story = await forked(t, {published: true, start: new Date(Date.now() - 3_600_000), ...options});
	await story.git.checkout('-q', 'feature');
	return story;
}

/** A branch of somebody else's, pushed to origin and known here. */
async function colleague({git, django}: Scenario, branch: string, from: string, ...names: readonly string[]): Promise<void> {
	const before = await git.text('rev-parse', '--abbrev-ref', 'HEAD');
	await git.checkout('-q', '-b', branch, from);
	for (const name of names) {
		await django.makemigrations('shop', name);
		await git.with({GIT_AUTHOR_NAME: 'Grace Hopper'}).commit(`${branch}: ${name}`);
	}
	await git.push('-q', '--no-verify', 'origin', branch);
	await git.checkout('-q', before);
	await git.branch('-q', '-D', branch);
}

/** Without a look at the clock: a busy machine must not change the story. */
const PATIENT = {MIGRATION_GUARD_PATIENCE: '600000'};

async function refused(t: ExecutionContext, {git}: Scenario, ...args: readonly string[]): Promise<string> {
	const push = await git.attempt('push', ...args);
	t.not(push.exitCode, 0, push.output);
	t.regex(push.stderr, /^migration-guard: nothing was pushed; to push all the same: git push --no-verify$/m);
	return push.stderr;
}

async function fork({git, django}: Scenario): Promise<void> {
	await django.makemigrations('shop', '0003_one', {dependencies: [['shop', '0002_price']]});
	await git.commit('a second leaf');
}

test('a push without migrations or models says nothing and starts nothing', async t => {
	const {git, files} = await published(t, {incoming: []});
	files.write('notes.txt', 'notes\n');
	await git.commit('notes');
	const push = await git.push('-u', 'origin', 'feature');
	t.notRegex(push.output, /^migration-guard:/m);
});

test('what mainline gained meanwhile, before and after', async t => {
	const {git} = await published(t, {mainline: ['0003_currency', '0004_tax']});
	const {stderr} = await git.with(PATIENT).push('origin', 'feature');
	t.regex(stderr, /^migration-guard: origin\/main has new migrations where feature adds some: shop has 2 more, up to 0004_tax$/m);
	t.regex(stderr, /^ {2}shop\.0003_discount -> 0005_discount$/m);
	t.notRegex(stderr, /days old|not examined/);
});

test('a fork that the push adds is refused, and with --no-verify or MIGRATION_GUARD=0 it is not', async t => {
	const story = await published(t);
	await fork(story);
	const said = await refused(t, story, 'origin', 'feature');
	t.regex(said, /^migration-guard: shop has 2 leaf migrations: shop\.0003_discount, shop\.0003_one$/m);
	t.regex(said, /^ {2}next: migration-guard fix$/m);
	const {git} = story;
	t.is((await git.attempt('push', '--no-verify', 'origin', 'feature:one')).exitCode, 0);
	t.is((await git.with({MIGRATION_GUARD: '0'}).attempt('push', 'origin', 'feature:two')).exitCode, 0);
});

test('a fork that mainline has already, or this branch on the remote, is a warning', async t => {
	const story = await published(t, {incoming: []});
	const {git, django, files} = story;
	await fork(story);
	await git.push('-q', '--no-verify', 'origin', 'feature');
	await django.makemigrations('blog', '0001_initial');
	await git.commit('blog');
	const push = await git.push('origin', 'feature');
	t.regex(push.stderr, /shop has 2 leaf|0003/);
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0003_other', {dependencies: [['shop', '0002_price']]});
	await git.commit('main is forked');
	await git.push('-q', '--no-verify', 'origin', 'main');
	await git.checkout('-q', '-b', 'later');
	files.write('shop/models.py', '# models\n');
	await django.makemigrations('blog', '0001_initial');
	await git.commit('later');
	const {stderr} = await git.push('origin', 'later');
	t.regex(stderr, /^migration-guard: shop has 2 leaf .*; that was so before, this push does not add it$/m);
	await django.makemigrations('shop', '0003_third', {dependencies: [['shop', '0002_price']]});
	await git.commit('a third leaf');
	await refused(t, story, 'origin', 'later');
});

test('prePush: warn says it and lets it pass', async t => {
	const story = await published(t);
	story.files.write('.migrationguardrc', 'prePush: warn\n');
	await fork(story);
	const push = await story.git.push('origin', 'feature');
	t.regex(push.stderr, /^migration-guard: shop has 2 leaf migrations/m);
	t.notRegex(push.stderr, /nothing was pushed/);
});

test('a dependency that was never committed: the file lies here', async t => {
	const story = await published(t);
	const {git, django, files} = story;
	await django.makemigrations('shop', '0004_forgotten', '0005_later');
	await git.add('shop/migrations/0005_later.py');
	await git('commit', '-q', '-m', 'half of it');
	const said = await refused(t, story, 'origin', 'feature');
	t.regex(said, /^migration-guard: shop\.0005_later depends on shop\.0004_forgotten, which does not exist$/m);
	t.regex(said, /^ {2}shop\/migrations\/0004_forgotten\.py lies here, and is not in the commit$/m);
	t.regex(said, /^ {2}next: git add shop\/migrations\/0004_forgotten\.py, and commit it$/m);
	t.true(files.exists('shop/migrations/0004_forgotten.py'));
});

test('models without their migration', async t => {
	const story = await published(t, {incoming: []});
	const {git, django, files} = story;
	await django.makemigrations('shop', '0003_color');
	files.edit('shop/models.py', 'max_length=50', 'max_length=60');
	await git.add('shop/models.py');
	await git('commit', '-q', '-m', 'only the models');
	const {stderr} = await git.push('origin', 'feature');
	t.regex(stderr, /^migration-guard: shop\/migrations\/0003_color\.py is not in the commit that is pushed$/m);
	t.regex(stderr, /why: shop\/models\.py changed with it/);
	// Another branch is pushed than the one that is checked out: what lies here says nothing of it.
	await git.branch('other', 'feature~1');
	t.notRegex((await git.push('origin', 'other')).stderr, /0003_color/);
});

test('a carry is refused', async t => {
	const story = await published(t, {incoming: ['0003_currency']});
	const {git} = story;
	// Only the driver: no hook takes the carry apart.
	const silent = EVENTS.flatMap(event => ['-c', `hook.migration-guard-${event}.enabled=false`]);
	await git('-c', 'core.hooksPath=/dev/null', ...silent, 'merge', '-q', '--no-edit', 'main');
	const said = await refused(t, story, 'origin', 'feature');
	t.regex(said, /holds two migrations of one name/);
});

test('edited and deleted published migrations are told, once', async t => {
	const story = await published(t, {
		incoming: [],
		base: ({django}) => django.makemigrations('blog', '0001_initial', '0002_more'),
	});
	const {git, files} = story;
	files.edit('shop/migrations/0002_price.py', 'IntegerField', 'BigIntegerField');
	files.remove('blog/migrations/0002_more.py');
	await git.commit('rewrite the past');
	const {stderr} = await git.push('origin', 'feature');
	t.regex(stderr, /^migration-guard: shop\.0002_price is published on origin\/main, and this push has it edited$/m);
	t.regex(stderr, /^migration-guard: blog\.0002_more is published on origin\/main, and this push has it deleted$/m);
	files.edit('shop/models.py', 'max_length=50', 'max_length=60');
	await git.commit('models');
	t.notRegex((await git.push('origin', 'feature')).stderr, /is published/);
});

test('other open branches: who, how old, and whether they commute', async t => {
	const story = await published(t);
	await colleague(story, 'grace', 'main~1', '0003_color');
	await colleague(story, 'far', 'main');
	const {git, django} = story;
	await git.checkout('-q', '-b', 'same', 'main~1');
	await django.makemigrations('shop', '0003_discount_too', {operations: [addField('discount')]});
	await git.commit('the same field');
	await git.push('-q', '--no-verify', 'origin', 'same');
	await git.checkout('-q', 'feature');
	const hurried = await git.with({MIGRATION_GUARD_PATIENCE: '0'}).push('origin', 'feature:hurried');
	t.regex(hurried.stderr, /^ {2}origin\/grace \(Grace Hopper, less than a day\): shop\.0003_color; not compared$/m);
	t.regex(hurried.stderr, /^migration-guard: not examined: 2 of the colliding branches were not compared/m);
	const {stderr} = await git.with(PATIENT).push('origin', 'feature');
	t.regex(stderr, /^migration-guard: 2 other open branches add to shop, too; whichever is merged second is renumbered$/m);
	t.regex(stderr, /^ {2}origin\/grace \(Grace Hopper, less than a day\): shop\.0003_color; they commute$/m);
	t.regex(stderr, /^ {2}origin\/same \(Ada Lovelace, less than a day\): shop\.0003_discount_too; CONFLICT: .+$/m);
	t.true(stderr.indexOf('origin/same') < stderr.indexOf('origin/grace'));
});

test('a branch that stands on this one, a copy of it, and one that was squashed into mainline do not collide', async t => {
	const story = await published(t);
	const {git, django} = story;
	await git.push('-q', '--no-verify', 'origin', 'feature:refs/heads/below');
	await git.push('-q', '--no-verify', 'origin', 'feature:refs/heads/squashed');
	await git.checkout('-q', '-b', 'copy', 'main');
	await git('cherry-pick', 'feature');
	await git.push('-q', '--no-verify', 'origin', 'copy');
	await git.checkout('-q', 'feature');
	await django.makemigrations('shop', '0004_more');
	await git.commit('more');
	const push = await git.push('origin', 'feature');
	t.notRegex(push.stderr, /other open branch/);
});

test('the first push of a repository says nothing', async t => {
	const {git} = await published(t, {published: false});
	await git('init', '-q', '--bare', '../first.git');
	await git('remote', 'add', 'origin', '../first.git');
	t.notRegex((await git.push('origin', 'main')).stderr, /^migration-guard:/m);
});

test('what the next merge would stop for', async t => {
	const story = await published(t, {incoming: []});
	const {git, django} = story;
	await django.makemigrations('shop', '0003_money', {operations: [addField('currency')]});
	await git.commit('the same field');
	const {stderr} = await git.with(PATIENT).push('origin', 'feature');
	t.regex(stderr, /^migration-guard: feature and origin\/main do not go together: 1 conflict$/m);
	t.regex(stderr, /^ {2}conflict: shop\.0003_currency and shop\.0003_money: .+$/m);
	story.files.write('.migrationguardrc', 'conflicts: off\n');
	t.notRegex((await git.with(PATIENT).push('origin', 'feature:off')).stderr, /do not go together|CONFLICT/);
});

test('a branch that waits for more than a week', async t => {
	const story = await published(t, {start: new Date(Date.now() - 20 * 24 * 3_600_000), mainline: ['0003_currency', '0004_tax']});
	const {stderr} = await story.git.push('origin', 'feature');
	t.regex(
		stderr,
		/^migration-guard: the oldest migration of feature is 19 days old; mainline has moved on meanwhile: shop by 2 migrations, to 0004_tax; /m,
	);
	story.files.write('.migrationguardrc', 'staleAfter: 30d\n');
	t.notRegex((await story.git.push('origin', 'feature:again')).stderr, /days old/);
});

test('one open branch for an app, where the team wants it', async t => {
	const story = await published(t);
	const {git, files} = story;
	await colleague(story, 'younger', 'main~1', '0003_color');
	files.write('.migrationguardrc', 'singleOwner: stop\n');
	const first = await git.push('origin', 'feature');
	t.regex(first.stderr, /origin\/younger touches the migrations of shop, too; feature came first/);
	await git.checkout('-q', '-b', 'third', 'main~1');
	await story.django.makemigrations('shop', '0003_third');
	await git.commit('third');
	const said = await refused(t, story, 'origin', 'third');
	t.regex(said, /^migration-guard: origin\/feature touches the migrations of shop already, and one open branch at a time may/m);
	t.regex(said, /next: wait until origin\/feature is merged/);
});

test('several refs, a tag, a deletion, a force push', async t => {
	const story = await published(t);
	const {git} = story;
	await git.push('-q', '--no-verify', 'origin', 'feature', 'feature:gone');
	await git.checkout('-q', '-b', 'broken');
	await fork(story);
	const said = await refused(t, story, '--force', 'origin', 'broken', 'main~1:feature', ':gone');
	t.regex(said, /shop has 2 leaf migrations/);
	await git('tag', 'v1', 'broken');
	const tag = await git.push('origin', 'v1', ':gone');
	t.notRegex(tag.stderr, /^migration-guard:/m);
	const forced = await git.push('--force', 'origin', 'main~1:feature');
	t.notRegex(forced.stderr, /nothing was pushed/);
});

test('mainline itself: what is pushed to it is judged, and no branch is named', async t => {
	const story = await published(t);
	await colleague(story, 'grace', 'main~1', '0003_color');
	const {git, django} = story;
	await git.checkout('-q', 'main');
	await django.makemigrations('shop', '0004_tax');
	await git.commit('tax');
	t.notRegex((await git.push('origin', 'main')).stderr, /^migration-guard:/m);
	await django.makemigrations('shop', '0004_other', {dependencies: [['shop', '0003_currency']]});
	await git.commit('forked');
	await refused(t, story, 'origin', 'main');
});

test('another remote than mainline’s, a remote without a name, and no remote mainline at all', async t => {
	const story = await published(t);
	const {git, folder} = story;
	await git('init', '-q', '--bare', join(folder, 'fork.git'));
	await git('remote', 'add', 'fork', join(folder, 'fork.git'));
	t.regex((await git.push('fork', 'feature')).stderr, /origin\/main has new migrations where feature adds some/);
	t.regex((await git.push(join(folder, 'fork.git'), 'feature:x')).stderr, /origin\/main has new migrations/);
	await git('remote', 'remove', 'origin');
	await fork(story);
	const said = await refused(t, story, 'fork', 'feature:other');
	t.regex(said, /shop has 2 leaf migrations/);
	t.regex(said, /not examined: no remote mainline is known here/);
});

test('a shallow clone says what it cannot see', async t => {
	const story = await published(t, {mainline: ['0003_currency', '0004_tax']});
	const {git, folder, at} = story;
	await git.push('-q', '--no-verify', 'origin', 'feature');
	await git('clone', '-q', '--depth=1', '--no-single-branch', `file://${join(folder, 'origin.git')}`, join(folder, 'shallow'));
	const shallow = at('shallow');
	await shallow.git.config('user.name', 'Ada');
	await shallow.git.config('user.email', 'ada@example.org');
	await shallow.guard.install();
	await shallow.git.checkout('-q', 'feature');
	await shallow.django.makemigrations('shop', '0004_more');
	await shallow.git.commit('more');
	const {stderr} = await shallow.git.push('origin', 'feature');
	t.regex(stderr, /not examined: this clone is shallow and does not reach to where feature left mainline: git fetch --unshallow/);
});

test('a hook that reads what git says, as git-lfs does, still gets it, and so do we', async t => {
	const story = await published(t, {install: false});
	const {git, files, guard, folder} = story;
	const seen = join(folder, 'seen');
	files.script('.git/hooks/pre-push', `cat > '${seen}'; echo "lfs $1" >&2`);
	await guard.install();
	const push = await git.push('origin', 'feature');
	t.regex(push.stderr, /^lfs origin$/m);
	t.regex(push.stderr, /shop\.0003_discount -> 0004_discount/);
	t.is(readFileSync(seen, 'utf8'), `refs/heads/feature ${await git.oid('feature')} refs/heads/feature ${'0'.repeat(40)}\n`);
	const saved = '.git/migration-guard-saved/pre-push';
	files.script(files.exists(saved) ? saved : '.git/hooks/pre-push', 'exit 3');
	t.not((await git.attempt('push', 'origin', 'feature:other')).exitCode, 0);
	t.true(existsSync(seen));
});

test('our own failure stops no push', async t => {
	const {git, files} = await published(t);
	files.write('.migrationguardrc', 'prePush: whatever\n');
	const push = await git.push('origin', 'feature');
	t.regex(push.stderr, /^migration-guard: pre-push failed, so nothing was examined: .*prePush/m);
});
