/*
 * `npm run demo` and `npm run bench`: run a TypeScript program of this project, on a fresh clone too. Plain JavaScript,
 * because it runs before anything is installed.
 *
 *     node scripts/run.mjs FILE [ARGUMENT…]
 */
import {spawnSync} from 'node:child_process';
import {existsSync} from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.join(import.meta.dirname, '..');
const [program = '', ...args] = process.argv.slice(2);

if (!existsSync(path.join(root, 'node_modules'))) {
	process.stderr.write('installing the development tools once: npm ci\n');
	const shell = process.platform === 'win32';
	// What npm says goes to stderr: stdout is the program's.
	const {status} = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {cwd: root, stdio: ['ignore', 2, 2], shell});
	if (status !== 0) process.exit(1);
}
const {status} = spawnSync(process.execPath, ['--import=tsx', path.join(root, program), ...args], {
	stdio: 'inherit',
	// Else tsx is looked for in the directory the user is in.
	cwd: root,
	env: {...process.env, MIGRATION_GUARD_STARTED_IN: process.env.INIT_CWD ?? process.cwd()},
});
process.exit(status ?? 1);
