import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {mended, type Patient, patient} from '../helpers/patient.ts';
import {configure} from '../helpers/scenario.ts';

const SINGLE_BRANCH =
	/^branch=\$\(git ls-remote --symref origin HEAD \| sed .*\) && \[ -n "\$branch" \] && git remote set-branches --add origin "\$branch" && git fetch origin && git remote set-head origin "\$branch"$/;

/** A clone of `feature` alone; main is at origin, and not here. */
async function cloned(t: ExecutionContext, branch = 'main'): Promise<Patient> {
	const story = await patient(t, {published: true, install: false});
	await story.git.push('-q', 'origin', 'feature', `main:${branch}`);
	const origin = join(story.folder, 'origin.git');
	if (branch !== 'main') {
		await story.git('-C', origin, 'symbolic-ref', 'HEAD', `refs/heads/${branch}`);
		await story.git.push('-q', 'origin', ':main');
	}
	await story.git('clone', '-q', '--single-branch', '-b', 'feature', origin, '../clone');
	await configure(story.at('clone').git);
	await story.at('clone').guard.install();
	return story;
}

interface Notice {
	readonly code: string;
	readonly what: string;
	readonly why: string;
	readonly choose: string;
}

async function notices(story: Patient): Promise<readonly Notice[]> {
	return JSON.parse((await story.sh('migration-guard doctor --json')).stdout).notices;
}

for (const branch of ['main', 'trunk']) {
	test(`a clone of a single branch: ${branch} is fetched, now and later`, async t => {
		const story = await cloned(t, branch);
		await mended(t, story, 'mainline', SINGLE_BRANCH, 'clone');
		const before = await story.at('clone').git.oid(`origin/${branch}`);
		await story.git.commit('more', '--allow-empty');
		await story.git.push('-q', 'origin', `main:${branch}`);
		await story.at('clone').git.fetch('-q');
		t.not(await story.at('clone').git.oid(`origin/${branch}`), before);
	});
}

test('a clone of a single branch, and the configuration names main', async t => {
	const story = await cloned(t);
	story.at('clone').files.write('.migrationguardrc', 'mainline: origin/main\n');
	await mended(t, story, 'mainline', /^git remote set-branches --add origin main && git fetch origin$/, 'clone');
});

test('a remote that was never fetched', async t => {
	const story = await patient(t, {published: true, install: false});
	await story.git('init', '-q', '../fresh');
	const {git, guard} = story.at('fresh');
	await configure(git);
	await git('checkout', '-q', '-b', 'topic');
	await git.commit('first', '--allow-empty');
	await git('remote', 'add', 'origin', join(story.folder, 'origin.git'));
	await guard.install();
	await mended(t, story, 'mainline', /^git fetch origin && git remote set-head origin --auto$/, 'fresh');
});

const TYPOS = [
	['.migrationguardrc', 'mainline: orgin/main\n', 'mainline: ["origin/main"], in .migrationguardrc'],
	['.migrationguardrc.json', '{"mainline": ["origin/mian"]}', '"mainline": ["origin/main"], in .migrationguardrc.json'],
	['.migrationguardrc.yml', 'mainline: [mian, feature]', 'mainline: ["main", "feature"], in .migrationguardrc.yml'],
	['package.json', '{"migrationguard": {"mainline": "upstream/main"}}', '"mainline": ["origin/main"], in package.json'],
	['pyproject.toml', '[tool.migration-guard]\nmainline = "origin/mainn"\n', 'mainline = ["origin/main"], in pyproject.toml'],
] as const;

test('a name that is mistyped: the nearest that is a ref here', async t => {
	for (const [file, text, mend] of TYPOS) {
		const story = await patient(t, {published: true});
		story.files.write(file, text);
		t.deepEqual([...(await story.doctor())], [['mainline', mend]], file);
	}
});

test('a name that a fetch may bring is no typo, however near others are', async t => {
	const story = await patient(t, {published: true});
	await story.git.push('-q', 'origin', 'main:release-1', 'main:release-2');
	await story.git('update-ref', '-d', 'refs/remotes/origin/release-2');
	story.files.write('.migrationguardrc', 'mainline: origin/release-2\n');
	await mended(t, story, 'mainline', /^git fetch origin release-2:refs\/remotes\/origin\/release-2$/);
});

test('another remote that has a main: a notice, until the configuration says which', async t => {
	const story = await patient(t, {published: true});
	const {git, files, folder} = story;
	t.deepEqual(await notices(story), []);
	await git('clone', '-q', '--bare', join(folder, 'origin.git'), join(folder, 'other.git'));
	await git('remote', 'add', 'company', join(folder, 'other.git'));
	await git.fetch('-q', 'company');
	t.deepEqual([...(await story.doctor()).keys()], []);
	t.deepEqual(await notices(story), [
		{
			code: 'other-mainline',
			what: 'origin/main is taken for mainline, and company/main is there, too',
			why: 'only what is in origin/main counts as published',
			choose:
				'mainline: ["company/main"], in .migrationguardrc; with ["origin/main"] it stays as it is, and this is not said again',
		},
	]);
	const {stdout} = await story.sh('migration-guard doctor');
	t.regex(stdout, /\n• origin\/main is taken .*\n {4}why: {4}only .*\n {4}choose: mainline: .*\n\nEverything is in place\.$/);
	files.write('.migrationguardrc', 'mainline: ["company/main"]\n');
	t.deepEqual(await notices(story), []);
	t.deepEqual([...(await story.doctor()).keys()], []);
});

test('origin is a fork: upstream is taken, and that is said', async t => {
	const story = await patient(t, {published: true});
	const {git, folder} = story;
	await git('remote', 'add', 'upstream', join(folder, 'origin.git'));
	await git.fetch('-q', 'upstream');
	const [notice] = await notices(story);
	t.is(notice?.what, 'upstream/main is taken for mainline, and origin/main is there, too');
	t.regex(notice?.choose ?? '', /^mainline: \["origin\/main"\], in \.migrationguardrc; with \["upstream\/main"\]/);
});

test('two remotes and none of them is called origin: which of them has to be said', async t => {
	const story = await patient(t, {published: true});
	const {git, folder} = story;
	await git('remote', 'rename', 'origin', 'alice');
	await git('remote', 'add', 'bob', join(folder, 'origin.git'));
	await git.fetch('-q', 'bob');
	const [notice] = await notices(story);
	t.is(notice?.what, 'the local main is taken for mainline, and alice/main and bob/main are there, too');
	await git.checkout('-q', 'feature');
	await git.branch('-q', '-D', 'main');
	t.deepEqual([...(await story.doctor())], [['mainline', 'mainline: ["alice/main"], in .migrationguardrc']]);
});
