import {existsSync} from 'node:fs';
import path from 'node:path';
import {readText} from './changes.ts';
import type {Layout, ServerEvent} from './layout.ts';

/** What an installation leaves for the next one and for the end: `migration-guard/installed.json`. */
export interface Installed {
	readonly version: 1;
	/** The program's version. */
	readonly program: string;
	readonly node: string;
	/** Folders of migrations the name rule misses. */
	readonly folders: readonly string[];
	/** What the git directory did not have before: paths in it, removed at the end when they are empty. */
	readonly created: readonly string[];
	/** Where others push to: the event that is asked, and the folders that the name rule misses there. */
	readonly server?: {readonly event: ServerEvent; readonly folders: readonly string[]};
}

/** Read the record; null when there is none, or none that we wrote. */
export function readRecord(layout: Layout): Installed | null {
	try {
		const record: Installed = JSON.parse(readText(layout.record, 'utf8') ?? 'null');
		return record?.version === 1 ? record : null;
	} catch {
		return null;
	}
}

/** What is not there yet and an installation makes. */
export function missing(layout: Layout): string[] {
	return ['hooks', 'info', 'info/attributes'].filter(name => !existsSync(path.join(layout.common, name)));
}
