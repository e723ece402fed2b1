/*
 * dist/cli.cjs: what git's hooks and people start. It only chooses which file to load, because loading is what a hook
 * pays for, and it must be readable by any Node: an old one found on the PATH has to fail with a sentence.
 */
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
	process.stderr.write(`migration-guard: needs Node 20.19 or newer, this is ${process.version} (${process.execPath})\n`);
	process.exitCode = 70;
} else if (process.argv[2] === 'hook' || process.argv[2] === 'merge-driver') {
	require('./hook.cjs');
} else {
	require('./main.cjs');
}
