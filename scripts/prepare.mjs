/*
 * npm's `prepare`: build the program from a clone. `npm install -g git+…`, and with it pre-commit's `language: node`, runs it before
 * any dependency is there: the npm inside believes that it, too, was asked for a global installation, and installs none.
 */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.join(import.meta.dirname, '..');
const env = Object.fromEntries(
	Object.entries(process.env).filter(([name]) => !/^npm_config_(global|prefix|location)$/i.test(name)),
);

if (!existsSync(path.join(root, 'node_modules/esbuild'))) {
	run('npm', ['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund'], process.platform === 'win32');
}
run(process.execPath, [path.join(root, 'scripts/build.mjs')]);

function run(/** @type {string} */ file, /** @type {readonly string[]} */ args, shell = false) {
	const {status} = spawnSync(file, args, {cwd: root, stdio: 'inherit', env, shell});
	if (status !== 0) process.exit(1);
}
