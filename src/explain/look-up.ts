import type {Place} from '../migrations/check.ts';
import {appOf, type NodeKey, nameOf, nodeKey} from '../migrations/key.ts';
import {comesAfter} from '../migrations/lineage.ts';
import type {NodeReference} from '../migrations/migration.ts';
import {lineAt} from '../python/source.ts';
import type {Commit, Facts, SchemaChange} from './facts.ts';

/** Where a migration of the tree is. */
export function placesOf({project}: Facts, keys: readonly NodeKey[]): Place[] {
	return keys.flatMap(key => {
		const node = project.nodes.get(key);
		return node ? [{path: node.path, line: node.migration.line}] : [];
	});
}

/** The path a migration has, or would have; null: the tree has no such app. */
export function pathOf({project}: Facts, key: NodeKey): string | null {
	const folder = project.folders.find(({app}) => app === appOf(key));
	return folder ? `${folder.path}/${nameOf(key)}.py` : null;
}

/** How a migration mentions another, and in which line. */
export function mentionOf(
	{project, text}: Facts,
	from: NodeKey,
	to: NodeKey,
): {readonly reference: NodeReference; readonly place: Place; readonly attribute: 'dependencies' | 'run_before'} | null {
	const node = project.nodes.get(from);
	if (!node) return null;
	for (const [attribute, list] of [
		['dependencies', node.migration.dependencies],
		['run_before', node.migration.runBefore],
	] as const) {
		for (const reference of list.items) {
			if (reference.kind !== 'node' || nodeKey(reference.app, reference.name) !== to) continue;
			return {reference, attribute, place: {path: node.path, line: lineAt(text(node.path), reference.span.from)}};
		}
	}
	return null;
}

/** The source text of a mention, as it stands in the file. */
export function mentionText({text}: Facts, path: string, {span}: NodeReference): string {
	return text(path).slice(span.from, span.to);
}

/** Where the list of dependencies opens; null: there is none to be seen. */
export function dependencyList({project, text}: Facts, key: NodeKey): Place | null {
	const node = project.nodes.get(key);
	const list = node?.migration.dependencies.list;
	return node && list ? {path: node.path, line: lineAt(text(node.path), list.from)} : null;
}

/** What a migration comes after in its own app, as `migrate APP …` wants it: a name, or `zero`. */
export function before({graph}: Facts, key: NodeKey): string {
	const parent = graph.parents(key).find(other => appOf(other) === appOf(key));
	return parent === undefined ? 'zero' : nameOf(parent);
}

/** Whether one migration runs after another whatever else is there. */
export function runsAfter({graph}: Facts, key: NodeKey, ancestor: NodeKey): boolean {
	return comesAfter(graph, key, ancestor);
}

/** A place where one migration names another, and the commit since which it does; null: not committed yet. */
interface Mention {
	readonly place: Place;
	readonly since: Commit | null;
}

/** The youngest of some mentions. Of one day, what was put into a file that was there before: that was an afterthought. */
export function newest<M extends Mention>({origin}: Facts, mentions: readonly M[]): M | undefined {
	const age = ({since}: M) => (since === null ? Number.POSITIVE_INFINITY : Date.parse(since.date));
	const isLater = ({since, place}: M) => Number(since?.oid !== origin(place.path)?.oid);
	return [...mentions].sort((a, b) => (age(a) === age(b) ? isLater(b) - isLater(a) : age(b) - age(a)))[0];
}

/** `1a2b3c4 "Add phone" (Ada, 2024-01-15)`. */
export function commitText({oid, subject, author, date}: Commit): string {
	return oid === '' ? 'a change that is not committed yet' : `${oid} "${subject}" (${author}, ${date})`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(words: readonly string[]): string {
	return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** `AddField item.price in shop.0003_price`. */
export function changeText({title, key}: SchemaChange): string {
	return `${title} in ${key}`;
}
