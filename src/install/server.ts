import path from 'node:path';
import {type Change, readText} from './changes.ts';
import {hookFileChanges, restoreHooks} from './hooks.ts';
import {fillTemplate} from './launchers.ts';
import {isServerEvent, type Layout, type ServerEvent} from './layout.ts';
import {literal, pathspecs} from './patterns.ts';
import {type Installed, missing, readRecord} from './record.ts';

/** What an installation on a server depends on. */
export interface ServerWish {
	readonly layout: Layout;
	/** `update` judges each ref by itself, `pre-receive` the push as a whole. */
	readonly event: ServerEvent;
	/** Folders of migrations that the name rule misses. */
	readonly found: readonly string[];
	/** The built program and the templates beside it. */
	readonly program: string;
	readonly version: string;
	readonly node: string;
}

/**
 * The changes that set a bare repository up: one hook file, and our folder. Neither configuration nor attributes. The hook of the other
 * variant goes, and what it had saved comes back, after this one stands. `uninstallChanges` takes it away.
 */
export function serverChanges({layout, event, found, program, version, node: executable}: ServerWish): Change[] {
	const node = executable.split(path.sep).join('/');
	const folders = found.map(literal);
	const template = readText(path.join(program, 'server-hook.sh'), 'utf8') ?? '';
	const before = readRecord(layout);
	const record: Installed = {
		version: 1,
		program: version,
		node,
		folders: before?.folders ?? [],
		created: before?.created ?? missing(layout),
		server: {event, folders},
	};
	return [
		{kind: 'write', path: layout.record, text: `${JSON.stringify(record, null, '\t')}\n`},
		{kind: 'copy', path: program, to: layout.program},
		{kind: 'write', path: layout.serverHook, text: fillTemplate(template, {node, paths: pathspecs(folders)})},
		...hookFileChanges(layout, event),
		...restoreHooks(layout, name => isServerEvent(name) && name !== event),
	];
}
