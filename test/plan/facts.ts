import {identityIn, isMigration, type MigrationFiles} from '../helpers/reader.ts';

/** What the tests' own eyes see in one migration file: nothing here comes from the program. */
export interface Fact {
	readonly path: string;
	readonly app: string;
	readonly name: string;
	readonly number: number | null;
	/** The text without edges and line ends: random texts are all different. */
	readonly identity: string;
	readonly dependencies: readonly string[];
	readonly runBefore: readonly string[];
	readonly replaces: readonly string[];
	readonly isMerge: boolean;
}

/** The migrations of a tree, by node key. */
export function factsOf(files: MigrationFiles): ReadonlyMap<string, Fact> {
	const facts = [...files].filter(([path]) => isMigration(path)).map(([path, text]) => factOf(path, text));
	return new Map(facts.map(fact => [`${fact.app}.${fact.name}`, fact]));
}

function factOf(path: string, text: string): Fact {
	const [app = '', , file = ''] = path.split('/').slice(-3);
	const name = file.slice(0, -'.py'.length);
	const digits = /.*_squashed_(\d+)/.exec(name)?.[1] ?? /^\d+/.exec(name)?.[0];
	return {
		path,
		app,
		name,
		number: digits === undefined ? null : Number(digits),
		identity: identityIn(text),
		dependencies: edges(text, 'dependencies'),
		runBefore: edges(text, 'run_before'),
		replaces: edges(text, 'replaces'),
		isMerge: /operations = \[\s*\]/.test(text),
	};
}

/** App → its leaves as Django sees them: a squash has the parents and the children of what it replaces. */
export function leavesOf(files: MigrationFiles): ReadonlyMap<string, readonly string[]> {
	const facts = factsOf(files);
	const standing = (key: string): string => {
		const squash = [...facts].find(([other, {replaces}]) => other !== key && replaces.includes(key));
		return squash ? standing(squash[0]) : key;
	};
	const inner = new Set<string>();
	for (const [key, {app, dependencies, runBefore}] of facts) {
		const edges = [...dependencies.map(parent => [parent, key] as const), ...runBefore.map(child => [key, child] as const)];
		for (const [parent, child] of edges) {
			const [above, below] = [standing(parent), standing(child)];
			if (above !== below && above.startsWith(`${app}.`) && below.startsWith(`${app}.`)) inner.add(above);
		}
	}
	const apps = [...new Set([...facts.values()].map(({app}) => app))].sort();
	const leaves = [...facts.keys()].filter(key => standing(key) === key && !inner.has(key));
	return new Map(apps.map(app => [app, leaves.filter(key => key.startsWith(`${app}.`)).map(key => key.slice(app.length + 1))]));
}

/** Every pair `older → younger` of identities that the edges of a tree put in this order, directly or not by way of the `ignored`. */
export function orderOf(files: MigrationFiles, ignored: ReadonlySet<string> = new Set()): ReadonlySet<string> {
	const facts = factsOf(files);
	const above = new Map<string, Set<string>>();
	// Who names a replaced migration stands on its squash.
	const squashes = (key: string, child: string) =>
		[...facts].filter(([, {replaces}]) => replaces.includes(key) && !replaces.includes(child)).map(([squash]) => squash);
	const parentsOf = (key: string): string[] => [
		...(facts.get(key)?.dependencies ?? []).flatMap(parent => [
			parent,
			...squashes(parent, key).filter(squash => squash !== key),
		]),
		...(facts.get(key)?.replaces ?? []),
		...[...facts].filter(([, {runBefore}]) => runBefore.includes(key)).map(([other]) => other),
	];
	const ancestors = (key: string): Set<string> => {
		const known = above.get(key);
		if (known) return known;
		const found = new Set<string>();
		above.set(key, found);
		for (const parent of parentsOf(key).filter(each => facts.has(each) && !ignored.has(facts.get(each)!.identity))) {
			found.add(parent);
			for (const older of ancestors(parent)) found.add(older);
		}
		return found;
	};
	const pairs = [...facts].flatMap(([key, {identity}]) =>
		[...ancestors(key)].map(older => `${facts.get(older)!.identity} → ${identity}`),
	);
	return new Set(pairs);
}

/**
 * A text with the names in its edges blanked, and what stands outside the edges: what renumbering may not touch. Gaining one
 * parent is allowed, so the edges are told apart from the rest.
 */
export function frameOf(text: string): {readonly outside: string; readonly edges: string} {
	const span = spanOf(text, 'dependencies');
	const masked = (part: string) => part.replace(/(,\s*)(["'])\w+\2(\s*,?\s*\))/g, '$1$2_$2$3');
	if (!span) return {outside: masked(text), edges: ''};
	return {outside: masked(text.slice(0, span.from) + text.slice(span.to)), edges: masked(text.slice(span.from, span.to))};
}

/** Is `after` the same as `before` but for one piece put in somewhere? */
export function isInsertion(before: string, after: string): boolean {
	let from = 0;
	while (from < before.length && before[from] === after[from]) from++;
	let to = 0;
	while (to < before.length - from && before.at(-1 - to) === after.at(-1 - to)) to++;
	return from + to === before.length;
}

function edges(text: string, attribute: string): string[] {
	const span = spanOf(text, attribute);
	if (!span) return [];
	return [...text.slice(span.from, span.to).matchAll(/\(\s*(["'])(\w+)\1\s*,\s*(["'])(\w+)\3\s*,?\s*\)/g)].map(
		match => `${match[2]}.${match[4]}`,
	);
}

/** The list or tuple that a line of the class body gives to an attribute. */
function spanOf(text: string, attribute: string): {readonly from: number; readonly to: number} | null {
	const start = new RegExp(`^ +${attribute} = (?=[[(])`, 'm').exec(text);
	if (!start) return null;
	const from = start.index + start[0].length;
	for (let at = from, depth = 0; at < text.length; at++) {
		if ('[('.includes(text[at]!)) depth++;
		if ('])'.includes(text[at]!) && --depth === 0) return {from, to: at + 1};
	}
	return null;
}
