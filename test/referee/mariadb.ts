import {type ChildProcess, spawn} from 'node:child_process';
import {existsSync} from 'node:fs';
import {mkdir, mkdtemp, readdir, rename, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import type {Django} from './django.ts';

/** A MariaDB server of our own, and how Django reaches it. */
export interface Mariadb {
	/** Django's DATABASES entry, as JSON. */
	readonly database: string;
	readonly env: Readonly<Record<string, string>>;
	/** A line for the settings: Django wants mysqlclient, PyMySQL stands in for it. */
	readonly settings: string;
	stop(): Promise<void>;
}

const DRIVER = fileURLToPath(new URL('../../.venvs/pymysql/', import.meta.url));
const KEPT = fileURLToPath(new URL('../../.cache/mariadb/', import.meta.url));
/** The server, and the libraries that a slim Debian lacks. */
const PACKAGES = ['mariadb-server-core', 'libaio1', 'liburing2', 'libsnappy1v5', 'liblz4-1'];
const SETTINGS = "__import__('pymysql').version_info = (2, 2, 4, 'final', 0); __import__('pymysql').install_as_MySQLdb()";

/** Start a server from Debian's packages (unpacked, not installed) in a temporary folder, on a socket. A string says why there is none. */
export async function startMariadb(django: Django): Promise<Mariadb | string> {
	const root = existsSync('/usr/sbin/mariadbd') ? '/' : await unpacked();
	if (root === null) return 'the packages of MariaDB could not be had';
	const pip = [
		'-m',
		'pip',
		'install',
		'--quiet',
		'--disable-pip-version-check',
		'--retries',
		'1',
		'--timeout',
		'20',
		'--target',
		DRIVER,
	];
	if (!existsSync(DRIVER) && (await execa(django.python, [...pip, 'pymysql'], {reject: false})).exitCode !== 0)
		return 'PyMySQL could not be installed';
	const folder = await mkdtemp(path.join(tmpdir(), 'migration-guard-mariadb-'));
	const data = path.join(folder, 'data');
	await mkdir(path.join(data, 'app'), {recursive: true});
	const socket = path.join(folder, 'socket');
	const libraries = ['usr/lib', 'lib'].map(each =>
		path.join(root, each, `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`),
	);
	const args = [
		'--no-defaults',
		'--skip-grant-tables',
		'--skip-networking',
		'--character-set-server=utf8mb4',
		'--innodb-flush-log-at-trx-commit=0',
		`--datadir=${data}`,
		`--socket=${socket}`,
		`--lc-messages-dir=${path.join(root, 'usr/share/mysql')}`,
		...(process.getuid?.() === 0 ? ['--user=root'] : []),
	];
	const server = spawn(path.join(root, 'usr/sbin/mariadbd'), args, {
		stdio: 'ignore',
		env: {...process.env, LD_LIBRARY_PATH: libraries.join(':')},
	});
	const stop = async () => {
		await ended(server);
		await rm(folder, {recursive: true, force: true});
	};
	for (let count = 0; !existsSync(socket); count++) {
		if (server.exitCode !== null || count === 600) {
			await stop();
			return 'MariaDB does not start here';
		}
		await setTimeout(50);
	}
	const database = {ENGINE: 'django.db.backends.mysql', NAME: 'app', USER: 'root', OPTIONS: {unix_socket: socket}};
	return {database: JSON.stringify(database), env: {PYTHONPATH: DRIVER}, settings: SETTINGS, stop};
}

async function ended(server: ChildProcess): Promise<void> {
	if (server.exitCode !== null) return;
	const end = new Promise(resolve => server.once('exit', resolve));
	server.kill('SIGKILL');
	await end;
}

/** Several test processes may do this at once: each unpacks its own, and the first to finish gives it the name. */
async function unpacked(): Promise<string | null> {
	if (existsSync(KEPT)) return KEPT;
	const building = `${KEPT.replace(/\/$/, '')}-building-${process.pid}`;
	await mkdir(building, {recursive: true});
	const apt = (...args: readonly string[]) => execa('apt-get', args, {cwd: building, reject: false});
	let got = await apt('download', ...PACKAGES);
	if (got.exitCode !== 0) {
		// A machine that never asked the archive for its lists: they are fetched beside, which needs no rights.
		const own = ['-o', 'Dir::State::Lists=./lists', '-o', 'Dir::Cache=./cache'];
		await mkdir(path.join(building, 'lists/partial'), {recursive: true});
		await mkdir(path.join(building, 'cache/archives/partial'), {recursive: true});
		await apt(...own, 'update');
		got = await apt(...own, 'download', ...PACKAGES);
		for (const folder of ['lists', 'cache']) await rm(path.join(building, folder), {recursive: true, force: true});
	}
	const archives = (await readdir(building)).filter(name => name.endsWith('.deb'));
	for (const archive of archives) await execa('dpkg-deb', ['-x', archive, '.'], {cwd: building, reject: false});
	if (got.exitCode === 0 && archives.length === PACKAGES.length) await rename(building, KEPT).catch(() => {});
	await rm(building, {recursive: true, force: true});
	return existsSync(KEPT) ? KEPT : null;
}
