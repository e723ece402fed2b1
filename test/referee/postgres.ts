import {existsSync, readdirSync} from 'node:fs';
import {chown, mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import type {Django} from './django.ts';

/** A PostgreSQL server of our own, and how Django reaches it. */
export interface Postgres {
	/** Django's DATABASES entry, as JSON. */
	readonly database: string;
	readonly env: Readonly<Record<string, string>>;
	stop(): Promise<void>;
}

const DRIVER = fileURLToPath(new URL('../../.venvs/psycopg/', import.meta.url));
const SERVERS = '/usr/lib/postgresql';

/** Start a server from Debian's packages in a temporary folder, on a socket. A string says why there is none. */
export async function startPostgres(django: Django): Promise<Postgres | string> {
	const [version] = existsSync(SERVERS) ? readdirSync(SERVERS).sort((a, b) => Number(b) - Number(a)) : [];
	if (version === undefined) return 'no PostgreSQL of Debian is installed here';
	const bin = (name: string) => path.join(SERVERS, version, 'bin', name);
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
	if (!existsSync(DRIVER) && (await execa(django.python, [...pip, 'psycopg2-binary'], {reject: false})).exitCode !== 0) {
		return 'psycopg2 could not be installed';
	}
	const folder = await mkdtemp(path.join(tmpdir(), 'migration-guard-postgres-'));
	const owner = await unprivileged();
	if (owner) await chown(folder, owner.uid, owner.gid);
	const options = {cwd: folder, reject: false, stdio: 'ignore', ...owner} as const;
	const data = path.join(folder, 'data');
	await execa(bin('initdb'), ['-D', data, '-A', 'trust', '-U', 'postgres', '-E', 'UTF8', '--no-sync'], options);
	const server = `-k ${folder} -c listen_addresses='' -c fsync=off`;
	const {exitCode} = await execa(
		bin('pg_ctl'),
		['-D', data, '-o', server, '-l', path.join(folder, 'log'), '-w', 'start'],
		options,
	);
	const stop = async () => {
		await execa(bin('pg_ctl'), ['-D', data, '-m', 'immediate', '-w', 'stop'], options);
		await rm(folder, {recursive: true, force: true});
	};
	if (exitCode !== 0) {
		await stop();
		return 'PostgreSQL does not start here';
	}
	const database = {ENGINE: 'django.db.backends.postgresql', NAME: 'postgres', USER: 'postgres', HOST: folder};
	return {database: JSON.stringify(database), env: {PYTHONPATH: DRIVER}, stop};
}

/** The server refuses to run as root. */
async function unprivileged(): Promise<{uid: number; gid: number} | null> {
	if (process.getuid?.() !== 0) return null;
	const ids = await Promise.all(['-u', '-g'].map(flag => execa('id', [flag, 'postgres'], {reject: false})));
	const [uid = 65534, gid = 65534] = ids.map(({exitCode, stdout}) => (exitCode === 0 ? Number(stdout) : 65534));
	return {uid, gid};
}
