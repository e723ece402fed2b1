import path from 'node:path';
import {type Change, readText} from './changes.ts';
import {withoutInclude} from './git-config.ts';
import {restoreHooks} from './hooks.ts';
import type {Layout} from './layout.ts';
import {removeBlock} from './marked-block.ts';
import {readRecord} from './record.ts';

/**
 * The changes that take migration-guard away and leave every byte as it was; what calls goes before what is called.
 * Our refs have to be deleted before, by git, as they may be packed.
 */
export function uninstallChanges(layout: Layout): Change[] {
	const created = readRecord(layout)?.created ?? [];
	const attributes = readText(layout.attributes);
	const rest = removeBlock(attributes ?? '');
	return [
		{kind: 'write', path: layout.gitConfig, text: withoutInclude(readText(layout.gitConfig) ?? ''), encoding: 'latin1'},
		...restoreHooks(layout),
		...(attributes === null ? [] : [attributesChange(layout, rest, created)]),
		{kind: 'remove', path: layout.home},
		...['refs/migration-guard/backup', 'refs/migration-guard', ...created.filter(name => name !== 'info/attributes')].map(
			(name): Change => ({kind: 'remove-if-empty', path: path.join(layout.common, name)}),
		),
	];
}

function attributesChange(layout: Layout, rest: string, created: readonly string[]): Change {
	if (rest === '' && created.includes('info/attributes')) return {kind: 'remove', path: layout.attributes};
	return {kind: 'write', path: layout.attributes, text: rest, encoding: 'latin1'};
}
