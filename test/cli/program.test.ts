import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtempSync, readFileSync, rmSync, statSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {build} from '../../scripts/build.mjs';
import {PROJECT, product} from '../helpers/product.ts';

test('the program and its bin say the version of package.json', async t => {
	const {version} = JSON.parse(readFileSync(join(PROJECT, 'package.json'), 'utf8'));
	const cli = await product();
	for (const file of [cli, join(PROJECT, 'bin/migration-guard.js')]) {
		t.is((await execa(process.execPath, [file, '--version'])).stdout, `migration-guard ${version}`);
	}
	const unknown = await execa(process.execPath, [cli, 'no-such-command'], {reject: false});
	t.is(unknown.exitCode, 2);
	t.is(unknown.stdout, '');
});

test('a reader that goes away is no error', async t => {
	const {exitCode, stderr} = await execa('sh', [
		'-c',
		'{ "$0" "$1" --help; echo "code $?" >&2; } | true',
		process.execPath,
		await product(),
	]);
	t.is(exitCode, 0);
	t.is(stderr, 'code 0');
});

test('Ctrl-C ends with 130', async t => {
	const child = spawn(process.execPath, ['--import=tsx', join(import.meta.dirname, 'forever.ts'), 'wait'], {
		cwd: PROJECT,
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	await once(child.stdout, 'data');
	child.kill('SIGINT');
	t.deepEqual(await once(child, 'exit'), [130, null]);
});

test('the dispatcher is small, and what git calls holds no package but the parser', async t => {
	const target = mkdtempSync(join(tmpdir(), 'migration-guard-build-'));
	t.teardown(() => rmSync(target, {recursive: true}));
	const madeFrom = await build(target);
	t.deepEqual(madeFrom['cli.cjs'], ['src/entry/cli.ts']);
	t.true(statSync(join(target, 'cli.cjs')).size < 10_240);
	t.true(statSync(join(target, 'hook.cjs')).size < 400_000);
	t.deepEqual(
		packagesOf(madeFrom['hook.cjs']).filter(name => !name.startsWith('@lezer/')),
		[],
	);
	t.deepEqual(packagesOf(madeFrom['check.cjs']), []);
	t.true(statSync(join(target, 'check.cjs')).size < 60_000);
	t.deepEqual(
		packagesOf(madeFrom['config.cjs']).filter(name => name === 'cosmiconfig'),
		['cosmiconfig'],
	);
});

function packagesOf(files: readonly string[] = []): string[] {
	return [...new Set(files.map(file => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? '').filter(Boolean))];
}
