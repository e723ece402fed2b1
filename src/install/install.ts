import path from 'node:path';
import {type Change, readText} from './changes.ts';
import {configText, withInclude} from './git-config.ts';
import {hookChanges, hookSettings, type Way} from './hooks.ts';
import {driverCommand, fillTemplate} from './launchers.ts';
import type {Layout} from './layout.ts';
import {putBlock} from './marked-block.ts';
import {attributeLines, literal, pathspecs} from './patterns.ts';
import {type Installed, missing, readRecord} from './record.ts';

/** Everything an installation depends on, found out beforehand. */
export interface Wish {
	readonly layout: Layout;
	/** Top of the worktree, or the git directory of a bare repository. */
	readonly top: string;
	readonly way: Way;
	/** Globs from the configuration. */
	readonly globs: readonly string[];
	/** Folders found in the settings. */
	readonly found: readonly string[];
	/** The built program and the templates beside it. */
	readonly program: string;
	readonly version: string;
	readonly node: string;
}

/**
 * The changes that set migration-guard up, in an order that leaves a working repository after each of them: what is
 * called comes before what calls it, and the line in the repository's own configuration comes last.
 */
export function installChanges(wish: Wish): Change[] {
	const {layout} = wish;
	const folders = [...new Set([...wish.found.map(literal), ...wish.globs.map(glob => glob.replace(/^\.?\/|\/+$/g, ''))])];
	const node = wish.node.split(path.sep).join('/');
	const script = (name: string) =>
		fillTemplate(readText(path.join(wish.program, name), 'utf8') ?? '', {node, paths: pathspecs(folders)});
	const before = readRecord(layout);
	const record: Installed = {
		version: 1,
		program: wish.version,
		node,
		folders,
		created: before?.created ?? missing(layout),
		...(before?.server ? {server: before.server} : {}),
	};
	const settings = {
		'merge.migration-guard': {name: 'Django migrations (migration-guard)', driver: driverCommand, recursive: 'binary'},
		...hookSettings(layout, wish.way),
	};
	return [
		{kind: 'write', path: layout.record, text: `${JSON.stringify(record, null, '\t')}\n`},
		{kind: 'copy', path: wish.program, to: layout.program},
		{kind: 'write', path: layout.hook, text: script('hook.sh')},
		{kind: 'write', path: layout.driver, text: script('merge-driver.sh')},
		...hookChanges(layout, wish.way, wish.top),
		{kind: 'write', path: layout.config, text: configText(settings)},
		{
			kind: 'write',
			path: layout.attributes,
			text: withAttributes(readText(layout.attributes) ?? '', folders),
			encoding: 'latin1',
		},
		{kind: 'write', path: layout.gitConfig, text: withInclude(readText(layout.gitConfig) ?? ''), encoding: 'latin1'},
	];
}

/** Attributes of the user's, as latin1, with our lines at the end. */
export function withAttributes(text: string, folders: readonly string[]): string {
	return putBlock(
		text,
		attributeLines(folders).map(line => Buffer.from(line, 'utf8').toString('latin1')),
	);
}
