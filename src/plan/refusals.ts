import type {Assembly, Meeting} from '../history/meeting.ts';
import {folderOf, type Library, stemOf} from '../history/revision.ts';
import {nodeKey} from '../migrations/key.ts';
import {isMigrationFile} from '../migrations/project.ts';
import type {Refusal} from '../refusal.ts';
import type {Drafted} from './draft.ts';

/** A new module that nobody can read, in an app where the other side has news too: whether it forks cannot be told. */
export function unreadableNews({asIs, entries}: Assembly, {base, sides, labels}: Meeting, library: Library): Refusal[] {
	return [...asIs].flatMap(path => {
		const app = labels.get(folderOf(path));
		if (app === undefined || !isMigrationFile(path) || base.has(path)) return [];
		const holder = sides.findIndex(files => files.has(path));
		const isAlone = !entries.some(entry => entry.app === app && entry.isNew && entry.side !== holder);
		const reading = holder < 0 || isAlone ? null : library.reading(sides[holder]!.get(path)!.oid);
		if (reading === null || !('unreadable' in reading) || reading.unreadable === 'carry') return [];
		const node = nodeKey(app, stemOf(path));
		return [
			{
				code: 'unreadable',
				what: `${node} is new and cannot be read, so ${app} was left as git merged it.`,
				nodes: [node],
				paths: [path],
				why: reading.why,
				next: 'migration-guard check',
			},
		];
	});
}

/** Two migrations that both stay under one name (two squashes of the same ones): one file would overwrite the other. */
export function collisions(drafts: readonly Drafted[], labels: Meeting['labels']): Refusal[] {
	const counts = new Map<string, number>();
	for (const {path} of drafts) counts.set(path, (counts.get(path) ?? 0) + 1);
	const paths = [...counts].flatMap(([path, count]) => (count > 1 ? [path] : []));
	return paths.map(path => {
		const node = nodeKey(labels.get(folderOf(path)) ?? '', stemOf(path));
		return {
			code: 'one-name',
			what: `Two migrations would both be ${node}.`,
			nodes: [node],
			paths: [path],
			why: 'Neither of them can be renumbered: each takes the place of migrations that stay.',
			next: 'migration-guard fix --markers',
		};
	});
}
