import {createHash} from 'node:crypto';
import {type FileState, type Files, folderOf, type Library} from '../../src/history/revision.ts';
import type {Reading} from '../../src/migrations/migration.ts';
import {loadProject, type Project} from '../../src/migrations/project.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';
import {mergeMaxMigration, mergeMigrationFile} from '../../src/plan/merge-file.ts';
import {decode, encode, type Source} from '../../src/python/source.ts';

/** Repository path → content as text or bytes; null takes a file away where trees are put on top of each other. */
export type Texts = Readonly<Record<string, string | Uint8Array | null>>;

/** A library without git: blobs by their hash, drafts by a number as in the program. */
export interface Shelf extends Library {
	/** Put a content on the shelf. */
	file(content: string | Uint8Array): FileState;
	/** Put a tree on the shelf, later layers over earlier ones. */
	tree(...layers: readonly Texts[]): Map<string, FileState>;
	bytes(file: FileState): Buffer;
	/** A tree as path → latin1 text, so that every byte counts. */
	written(files: Files): Map<string, string>;
	/** The tree read as Django would; every folder is a package. */
	load(files: Files): Project;
	/** What git's merge with our driver writes. Edits of one file on both sides are not for it: give the outcome yourself. */
	merge(base: Files, sides: readonly Files[]): Map<string, FileState>;
}

/** An empty shelf. */
export function shelf(): Shelf {
	const sources = new Map<string, Source>();
	const readings = new Map<string, Reading>();
	let drafts = 0;
	const file = (content: string | Uint8Array): FileState => {
		const bytes = Buffer.from(content);
		const oid = createHash('sha1').update(bytes).digest('hex');
		sources.set(oid, decode(bytes));
		return {oid, mode: '100644'};
	};
	const source = (oid: string): Source => {
		const known = sources.get(oid);
		if (!known) throw new Error(`no blob ${oid}`);
		return known;
	};
	const reading = (oid: string): Reading => {
		const known = readings.get(oid) ?? readMigration(source(oid).text);
		readings.set(oid, known);
		return known;
	};
	const bytes = ({oid}: FileState) => Buffer.from(encode(source(oid)));
	return {
		source,
		reading,
		draft(text) {
			const oid = `draft:${++drafts}`;
			sources.set(oid, text);
			return oid;
		},
		file,
		tree(...layers) {
			const content = Object.entries(Object.assign({}, ...layers) as Texts);
			return new Map(content.flatMap(([path, text]) => (text === null ? [] : [[path, file(text)] as const])));
		},
		bytes,
		written: files => new Map([...files].map(([path, state]) => [path, bytes(state).toString('latin1')] as const).sort(byPath)),
		load(files) {
			const packages = [...new Set([...files.keys()].map(folderOf))].map(folder => `${folder}/__init__.py`);
			return loadProject({
				paths: [...files.keys(), ...packages],
				text: path => (files.has(path) ? source(files.get(path)!.oid).text : ''),
				reading: path => reading(files.get(path)!.oid),
			});
		},
		merge(base, sides) {
			return sides
				.slice(1)
				.reduce<Map<string, FileState>>((ours, theirs) => mergeTrees(base, ours, theirs, {bytes, file}), new Map(sides[0]));
		},
	};
}

function byPath(a: readonly [string, string], b: readonly [string, string]): number {
	return a[0] < b[0] ? -1 : 1;
}

function mergeTrees(
	base: Files,
	ours: Files,
	theirs: Files,
	{bytes, file}: Pick<Shelf, 'bytes' | 'file'>,
): Map<string, FileState> {
	const merged = new Map<string, FileState>();
	for (const path of new Set([...base.keys(), ...ours.keys(), ...theirs.keys()])) {
		const [before, mine, yours] = [base.get(path), ours.get(path), theirs.get(path)];
		const standing = mine?.oid === before?.oid ? yours : yours?.oid === before?.oid || mine?.oid === yours?.oid ? mine : 'both';
		if (standing !== 'both') {
			if (standing) merged.set(path, standing);
		} else if (!mine || !yours) {
			// Edited here, deleted there: git keeps the edited file and calls it a conflict.
			merged.set(path, (mine ?? yours)!);
		} else {
			const three = {base: before ? bytes(before) : new Uint8Array(), ours: bytes(mine), theirs: bytes(yours)};
			if (path.endsWith('.txt')) merged.set(path, file(mergeMaxMigration(three)));
			else {
				const answer = mergeMigrationFile(three, () => 'same path');
				if (answer.kind !== 'merged') throw new Error(`${path} needs git's text merge`);
				merged.set(path, file(answer.bytes));
			}
		}
	}
	return merged;
}
