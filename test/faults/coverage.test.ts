import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {PROJECT} from '../helpers/product.ts';

/** Every file of the source that writes, and where its faults are brought about. A file that is not here has none yet. */
const WRITERS: Readonly<Record<string, string>> = {
	'commands/action.ts': "the runner's files for summary, outputs and SARIF: test/cli/action.test.ts",
	'commands/daemon.ts': 'install-service --write: test/watch/service.test.ts',
	'database/back.ts': 'a folder of its own for compiled Python, deleted again',
	'database/repair-journal.ts': 'a repair that was interrupted: test/database/interrupted.test.ts',
	'database/repair.ts': 'a folder for copies; without one nothing is copied',
	'doors/cache.ts': 'matrix: hooks and fix keep what they read',
	'doors/markers.ts': 'fix --markers: test/scenarios/add-add.test.ts',
	'doors/prepared.ts': 'worked out again without it: test/scenarios/merge-prepared.test.ts',
	'doors/recall.ts': 'the answer is given all the same: test/scenarios/check-again.test.ts',
	'doors/replace-file.ts': 'the file stays as it was: test/scenarios/max-migration-faults.test.ts',
	'gates/tip-cache.ts': 'never fails: without it the open branches are read again',
	'git/meanwhile.ts': 'without a temporary file all is read as ever: test/scenarios/check-again.test.ts',
	'git/merge.ts': 'matrix: a file of its own in the temporary folder',
	'git/sign.ts': 'a folder of its own, deleted again; a failure is a refusal: test/scenarios/signed.test.ts',
	'install/changes.ts': 'install and uninstall: test/install',
	'watch/log.ts': 'a log that cannot be written is done without: test/watch/life.test.ts',
	'watch/quarantine.ts': 'what cannot be made is said as not looked at: test/watch/life.test.ts',
	'watch/run.ts': 'what was left behind by a killed daemon: test/watch/life.test.ts',
	'watch/spawn.ts': 'daemon start: test/watch/life.test.ts',
	'worktree/holder.ts': 'matrix; test/worktree/lock.test.ts',
	'worktree/journal.ts': 'matrix',
	'worktree/roll-back.ts': 'matrix; test/worktree/recover.test.ts',
	'worktree/side-state.ts': 'matrix; test/worktree/undo.test.ts',
	'worktree/state.ts': 'matrix; for the merge driver test/scenarios/driver-killed.test.ts',
};

const WRITING =
	/\b((?:append|chmod|copy|cp|fsync|fchmod|ftruncate|link|mkdir|mkdtemp|rename|rm|symlink|truncate|unlink|utimes|write)\w*Sync)\b/g;

const sources = new Map(
	readdirSync(join(PROJECT, 'src'), {recursive: true, encoding: 'utf8'})
		.filter(name => name.endsWith('.ts'))
		.map(name => [name.replaceAll('\\', '/'), readFileSync(join(PROJECT, 'src', name), 'utf8')]),
);

test('every file that writes is listed, with where it is made to fail', t => {
	t.true(sources.size > 100, 'the sources were looked at');
	const writers = [...sources].filter(([, text]) => text.search(WRITING) >= 0 || /\bopenSync\b/.test(text)).map(([name]) => name);
	t.deepEqual(writers.sort(), Object.keys(WRITERS).sort());
});

test('every way of writing that is used can be made to fail', t => {
	const failing = readFileSync(join(PROJECT, 'test/faults/fail-writes.cjs'), 'utf8');
	const used = new Set([...sources.values()].flatMap(text => [...text.matchAll(WRITING)].map(([name]) => name)));
	// An installation is not done by the doors of the matrix.
	const missing = [...used].filter(name => name !== 'symlinkSync' && !failing.includes(`'${name}'`));
	t.deepEqual(missing, []);
	t.true(used.size > 5);
});

test('files are written at once and by name: nothing that the faults would not see', t => {
	for (const [name, text] of sources) t.notRegex(text, /fs\/promises|createWriteStream|from 'fs'/, name);
});

test('what the doors start is git, in one file, and is met by the stand-in for git; the project is started where somebody typed it; the daemon starts itself and a fetch', t => {
	const starters = [...sources].filter(([, text]) => /child_process|execa|\bspawn\(/.test(text)).map(([name]) => name);
	t.deepEqual(starters.sort(), ['database/run.ts', 'git/meanwhile.ts', 'git/run.ts', 'watch/spawn.ts']);
	t.regex(sources.get('git/run.ts')!, /spawnSync\('git'/);
	t.is(sources.get('git/run.ts')!.match(/spawnSync\(/g)?.length, 1);
	// A look that is read ahead of its time: no door does that.
	t.deepEqual(new Set(sources.get('git/meanwhile.ts')!.match(/spawn\([^,]*/g)), new Set(["spawn('git'"]));
});
