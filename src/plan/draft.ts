import type {Entry} from '../history/meeting.ts';
import {type FileState, folderOf, type Library} from '../history/revision.ts';
import {addDependency, renameReference} from '../migrations/edit.ts';
import {nodeKey} from '../migrations/key.ts';
import type {EdgeList, Migration, NodeReference} from '../migrations/migration.ts';
import {parseNumber} from '../migrations/name.ts';
import {readMigration} from '../migrations/read-migration.ts';
import {applyEdits, type Source, type TextEdit} from '../python/source.ts';
import type {Refusal} from '../refusal.ts';
import {allReferences} from './app-graph.ts';
import {findMentions, type Mentions, type Rename} from './references.ts';
import type {Resolve} from './resolve.ts';

/** What all apps' plans say of every entry. */
export interface Decisions {
	readonly resolve: Resolve;
	/** Moved entry → new name. */
	readonly names: ReadonlyMap<Entry, string>;
	/** Root of a moving arm → the name it follows. */
	readonly follows: ReadonlyMap<Entry, string>;
	/** Apps whose staying history has several leaves: there a root gains a parent and loses none. */
	readonly forkedMainline: ReadonlySet<string>;
	readonly renames: readonly Rename[];
}

/** An entry as it will stand. */
export interface Drafted {
	readonly path: string;
	readonly file: FileState;
	/** Mentions of renamed migrations in its own body. */
	readonly mentions: Mentions | null;
}

/** The name an entry will have. */
export function finalName(entry: Entry, names: ReadonlyMap<Entry, string>): string {
	return names.get(entry) ?? entry.name;
}

/** Write an entry under its new name and with its new parents: the smallest edits, or a refusal when that would be a guess. */
export function draftEntry(entry: Entry, library: Library, decisions: Decisions): Drafted | Refusal {
	const path = `${folderOf(entry.path)}/${finalName(entry, decisions.names)}.py`;
	const transplanted = transplantEdges(entry, library);
	if ('code' in transplanted) return transplanted;
	const {read, migration} = transplanted;
	const edits = new Map<NodeReference, TextEdit[]>();
	for (const reference of allReferences(migration)) {
		if (reference.kind !== 'node') continue;
		const target = decisions.resolve(entry.edges.side, reference.app, reference.name);
		if (!target || finalName(target, decisions.names) === reference.name) continue;
		const edit = renameReference(reference, finalName(target, decisions.names));
		if (!edit) return cannotEdit(entry, 'the name is not one plain string');
		edits.set(reference, edit);
	}
	const added = follow(entry, read, migration, edits, decisions);
	if ('code' in added) return added;
	const edges = [...edits.values()].flat().concat(added);
	const mentions =
		entry.isNew && entry.side !== null ? findMentions(read().text, decisions.renames, () => true, edgeSpans(migration)) : null;
	const all = [...edges, ...(mentions?.edits ?? [])];
	if (all.length === 0 && entry.edges.file === entry.file) return {path, file: entry.file, mentions};
	const source = read();
	return {path, file: {oid: library.draft({...source, text: applyEdits(source.text, all)}), mode: entry.file.mode}, mentions};
}

/** Give a root of a moving arm its new parent. Fills `edits`, or returns the edits that add a dependency. */
function follow(
	entry: Entry,
	read: () => Source,
	migration: Migration,
	edits: Map<NodeReference, TextEdit[]>,
	decisions: Decisions,
): TextEdit[] | Refusal {
	const tip = decisions.follows.get(entry);
	if (tip === undefined) return [];
	const stays = migration.dependencies.items.filter((reference): reference is NodeReference => {
		if (reference.kind !== 'node' || reference.app !== entry.app || reference.name.startsWith('__')) return false;
		const target = decisions.resolve(entry.edges.side, reference.app, reference.name);
		return !target || !decisions.names.has(target);
	});
	const named = (reference: NodeReference) => edits.get(reference)?.[0]?.insert ?? reference.name;
	if (stays.some(reference => named(reference) === tip)) return [];
	const parent = [...stays].sort((a, b) => (parseNumber(a.name) ?? 0) - (parseNumber(b.name) ?? 0)).at(-1);
	if (parent && !decisions.forkedMainline.has(entry.app)) {
		const edit = renameReference(parent, tip);
		if (!edit) return cannotEdit(entry, 'the name of its parent is not one plain string');
		edits.set(parent, edit);
		return [];
	}
	if (migration.dependencies.dynamic !== null) return cannotEdit(entry, `its dependencies are ${migration.dependencies.dynamic}`);
	return addDependency(read().text, migration, entry.app, tip) ?? cannotEdit(entry, 'its dependencies are not a plain list');
}

/**
 * Where one side renumbered what another edited: the edited text with the renumberer's edges. The text is read only when
 * it is asked for: almost no entry changes, and the readings of the others are remembered without their texts.
 */
function transplantEdges(entry: Entry, library: Library): {read: () => Source; migration: Migration} | Refusal {
	if (entry.edges.file === entry.file) return {read: () => library.source(entry.file.oid), migration: entry.edges.migration};
	const source = library.source(entry.file.oid);
	const mine = library.reading(entry.file.oid);
	const donor = library.source(entry.edges.file.oid).text;
	if ('unreadable' in mine) return cannotEdit(entry, mine.why);
	const edits: TextEdit[] = [];
	for (const attribute of ['dependencies', 'replaces', 'runBefore'] as const) {
		const [from, to] = [mine[attribute].values, entry.edges.migration[attribute].values];
		if (from.length !== to.length || from.length > 1)
			return cannotEdit(entry, 'one side renumbered it, the other changed its dependencies');
		from.forEach((span, index) => {
			edits.push({...span, insert: donor.slice(to[index]!.from, to[index]!.to)});
		});
	}
	const text = applyEdits(source.text, edits);
	const migration = readMigration(text);
	return 'unreadable' in migration ? cannotEdit(entry, migration.why) : {read: () => ({...source, text}), migration};
}

function edgeSpans({dependencies, replaces, runBefore}: Migration) {
	return [dependencies, replaces, runBefore].flatMap((edges: EdgeList) => edges.values);
}

function cannotEdit(entry: Entry, why: string): Refusal {
	return {
		code: 'dynamic-edges',
		what: `${nodeKey(entry.app, entry.name)} has to be repointed, and cannot be.`,
		nodes: [nodeKey(entry.app, entry.name)],
		paths: [entry.path],
		why: `${why[0]!.toUpperCase()}${why.slice(1)}; an edit would be a guess.`,
		next: 'migration-guard fix --merge',
	};
}
