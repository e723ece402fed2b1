import {existsSync} from 'node:fs';
import {rename, rm} from 'node:fs/promises';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {type Django, djangos} from './django.ts';

/** django-linear-migrations, and a Django that it runs with. */
export interface LinearMigrations {
	readonly django: Django;
	/** Its version, as its metadata says. */
	readonly version: string;
	/** What a Python needs in its environment to import it. */
	readonly env: {readonly PYTHONPATH: string};
}

const VERSION = '2.19.0';
const ROOM = fileURLToPath(new URL('../../.venvs/linear-migrations/', import.meta.url));

/**
 * The real package, installed once from the network and kept in `.venvs`; a string says why there is none. With CI=true that is an error.
 * It wants Django 4.2 at least, and is Python alone, so one copy serves every Django.
 */
export async function linearMigrations(line = '5.2'): Promise<LinearMigrations | string> {
	const django = (await djangos()).find(({version}) => version.startsWith(`${line}.`));
	const why = django ? await install(django) : `no Django ${line} could be installed here`;
	if (why !== null && process.env.CI === 'true') throw new Error(why);
	return why ?? {django: django!, version: VERSION, env: {PYTHONPATH: ROOM}};
}

/** Several test processes may do this at once: each builds its own, and the first to finish gives it the name. */
async function install(django: Django): Promise<string | null> {
	if (existsSync(ROOM)) return null;
	const building = `${ROOM.replace(/\/$/, '')}-${process.pid}`;
	const how = ['--quiet', '--disable-pip-version-check', '--retries', '1', '--timeout', '20', '--no-deps', '--target', building];
	const {exitCode} = await execa(django.python, ['-m', 'pip', 'install', ...how, `django-linear-migrations==${VERSION}`], {
		reject: false,
	});
	if (exitCode === 0) await rename(building, ROOM).catch(() => {});
	await rm(building, {recursive: true, force: true});
	return existsSync(ROOM) ? null : 'django-linear-migrations could not be installed';
}
