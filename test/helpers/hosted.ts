import {createHash} from 'node:crypto';
import {lstatSync, readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type ForkOptions, forked} from './forked.ts';
import type {Scenario} from './scenario.ts';

export interface Hosted extends Scenario {
	/** The product in the bare repository. */
	readonly server: Scenario['guard'];
	readonly origin: string;
}

/** The fork of the README; main is pushed to a bare repository that is looked after, with nothing installed on this side. Ends on `feature`. */
export async function hosted(t: ExecutionContext, options: ForkOptions = {}, ...install: readonly string[]): Promise<Hosted> {
	const story = await forked(t, {published: true, install: false, ...options});
	const server = story.at('origin.git').guard;
	const done = await server.run('install', '--server', ...install);
	t.is(done.exitCode, 0, done.output);
	await story.git.checkout('-q', 'feature');
	return {...story, server, origin: join(story.folder, 'origin.git')};
}

/** Merge as a forge does, or a person without hooks: the result is forked. */
export async function mergeForked({git}: Scenario): Promise<void> {
	await git.checkout('-q', 'main');
	await git.merge('-q', '--no-edit', 'feature');
}

/** Every file of a folder, by its path, mode and content. */
export function snapshot(folder: string): string[] {
	return readdirSync(folder, {recursive: true, encoding: 'utf8'})
		.sort()
		.map(name => {
			const stat = lstatSync(join(folder, name));
			const content = stat.isSymbolicLink()
				? readlinkSync(join(folder, name))
				: stat.isFile()
					? createHash('sha256')
							.update(readFileSync(join(folder, name)))
							.digest('hex')
					: '';
			return `${name} ${(stat.mode & 0o7777).toString(8)} ${content}`;
		});
}
