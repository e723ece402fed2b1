import {basename, sep} from 'node:path';
import type {Database, DjangoCommand, Look} from './ask.ts';

/** What has to be known of the place to call a database one for development. */
export interface Surroundings {
	readonly top: string;
	readonly command: DjangoCommand;
	readonly look: Look;
	/** The hosts of this worktree's compose file. */
	readonly services: readonly string[];
}

/**
 * Why a database may be changed without being named: an SQLite file of this worktree, or a server on this machine or in the worktree's own
 * compose file, with DEBUG on. A string says why not.
 */
export function whyNotDevelopment(database: Database, {top, command, look, services}: Surroundings): string | null {
	if (database.vendor === 'sqlite') {
		const contained = command.argv.includes('docker') && look.debug ? look.cwd : top;
		return database.file === null || isInside(database.file, contained) ? null : `${database.file} is outside of this worktree`;
	}
	const {host} = database;
	const isLocal = host === '' || host.startsWith('/') || /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?)$/i.test(host);
	if (!isLocal && !services.includes(host)) return `its host is ${host}`;
	return look.debug ? null : 'DEBUG is off';
}

/** Whether this is what the user calls the database: its name in the settings, of a file also without the folders. */
export function isCalled(database: Database, name: string): boolean {
	return (
		name !== '' &&
		(name === database.name || name === database.file || (database.file !== null && name === basename(database.file)))
	);
}

function isInside(file: string, folder: string): boolean {
	return file.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}
