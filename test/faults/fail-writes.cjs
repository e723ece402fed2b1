/*
 * Loaded into the program by NODE_OPTIONS: counts its writes to the file system, and lets the n-th fail or be the last thing it does.
 * FAULT_WRITE: n:kill, n:ENOSPC, n:EROFS …; n:torn writes a quarter of the bytes before the disk is full. FAULT_LOG: one line for each write,
 * so that a test can prove that it happened.
 */
const fs = require('node:fs');
const {syncBuiltinESMExports} = require('node:module');

const [wanted = '', how = ''] = (process.env.FAULT_WRITE ?? '').split(':');
const log = process.env.FAULT_LOG;
const {openSync, writeSync, closeSync} = fs;
let count = 0;
// Some of them are made of others.
let inside = false;

const writes = ['appendFileSync', 'chmodSync', 'copyFileSync', 'fsyncSync',
	'linkSync', 'mkdirSync', 'mkdtempSync', 'renameSync', 'rmSync', 'rmdirSync', 'unlinkSync', 'utimesSync', 'writeFileSync', 'writeSync'];
const isOpenToWrite = flags => typeof flags === 'string' && /[wa+]/.test(flags);

function note(line) {
	const file = openSync(log, 'a');
	writeSync(file, `${line}\n`);
	closeSync(file);
}

function fault(name, path, torn) {
	count++;
	note(`${count} ${name} ${typeof path === 'string' ? path : ''}`);
	if (count !== Number(wanted)) return;
	note('fired');
	if (how === 'kill') process.kill(process.pid, 'SIGKILL');
	if (how === 'torn') torn();
	const code = how === 'torn' ? 'ENOSPC' : how;
	throw Object.assign(new Error(`${code}: injected, ${name} '${path}'`), {code});
}

/** What is there when a disk gets full in the middle: the first quarter of the data, or an empty file. */
function part(name, real, [target, data, ...rest]) {
	if (/^(write|appendFile)/.test(name)) real(target, data.slice(0, data.length >> 2), ...(name === 'writeSync' ? [] : rest));
	else if (name === 'openSync') closeSync(real(target, data));
}

function around(name, isWrite) {
	const real = fs[name];
	fs[name] = (...args) => {
		if (inside || !isWrite(args)) return real(...args);
		inside = true;
		try {
			fault(name, args[0], () => part(name, real, args));
			return real(...args);
		} finally {
			inside = false;
		}
	};
}

// The program alone, and not what else is started with this environment (npm, a hook manager).
if (log && process.argv.some(argument => argument.endsWith('cli.cjs'))) {
	for (const name of writes) around(name, () => true);
	around('openSync', ([, flags]) => isOpenToWrite(flags));
	syncBuiltinESMExports();
}
