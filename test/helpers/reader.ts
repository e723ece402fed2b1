/**
 * The tests' own reader of migrations: small, independent of the product, good enough for the files the stories write
 * (literal lists or tuples of names). Files are held as latin1 text, so that every byte counts.
 */

/** Repository path of a file in a migrations folder → its content as latin1 text. */
export type MigrationFiles = ReadonlyMap<string, string>;

interface Node {
	readonly path: string;
	readonly app: string;
	readonly name: string;
	readonly dependencies: readonly string[];
	readonly runBefore: readonly string[];
	readonly replaces: readonly string[];
}

/** `0001_initial <- 0002_price <- 0003_currency`; a node that does not simply follow names its parents: `, 0003_discount(0002_price)`. */
export function historyOf(files: MigrationFiles, app: string): string {
	const nodes = liveNodes(files, app);
	const parents = new Map(nodes.map(node => [node.name, parentsOf(node, nodes)]));
	const order: string[] = [];
	while (order.length < nodes.length) {
		const next = nodes.find(
			({name}) => !order.includes(name) && parents.get(name)!.every(parent => order.includes(parent) || !parents.has(parent)),
		);
		if (!next) throw new Error(`cycle in ${app}: ${[...parents.keys()].join(', ')}`);
		order.push(next.name);
	}
	return order.reduce((text, name, index) => {
		if (index === 0) return name;
		const own = parents.get(name)!;
		return own.length === 1 && own[0] === order[index - 1] ? `${text} <- ${name}` : `${text}, ${name}(${own.join(' ')})`;
	}, '');
}

/** App label → names of its leaf nodes, sorted. */
export function leavesOf(files: MigrationFiles): ReadonlyMap<string, readonly string[]> {
	const apps = [...new Set(readAll(files).map(node => node.app))].sort();
	return new Map(
		apps.map(app => {
			const nodes = liveNodes(files, app);
			const inner = new Set(nodes.flatMap(node => parentsOf(node, nodes)));
			return [app, nodes.map(node => node.name).filter(name => !inner.has(name))];
		}),
	);
}

/** Every mention of a migration that is not there, as `shop.0004_stock -> shop.0003_discount`; apps outside the files do not count. */
export function danglingOf(files: MigrationFiles): readonly string[] {
	const nodes = readAll(files);
	const known = new Set(nodes.flatMap(node => [`${node.app}.${node.name}`, ...node.replaces]));
	const apps = new Set(nodes.map(node => node.app));
	return nodes.flatMap(node =>
		[...node.dependencies, ...node.runBefore]
			.filter(key => apps.has(key.split('.')[0]!) && !known.has(key) && !key.includes('.__'))
			.map(key => `${node.app}.${node.name} -> ${key}`),
	);
}

/** What makes two versions of a file the same migration: its text without the edges, line ends unified; the numbers may differ. */
export function identityIn(text: string): string {
	return ['dependencies', 'replaces', 'run_before']
		.reduce((rest, attribute) => {
			const value = assigned(rest, attribute);
			return value ? rest.slice(0, value.from) + rest.slice(value.to) : rest;
		}, text)
		.replaceAll('\r\n', '\n');
}

/** Has the migration no operation of its own (a merge migration)? Then only its dependencies tell it from another. */
export function isEmpty(text: string): boolean {
	const value = assigned(text, 'operations');
	return !value || /^[[(]\s*[\])]$/.test(text.slice(value.from, value.to));
}

/** Is this the path of a migration module? */
export function isMigration(path: string): boolean {
	return /(^|\/)\w*migrations\/[^/_~.][^/.]*\.py$/.test(path);
}

function liveNodes(files: MigrationFiles, app: string): readonly Node[] {
	const nodes = readAll(files).filter(node => node.app === app);
	const replaced = new Set(nodes.flatMap(node => node.replaces));
	return nodes.filter(node => !replaced.has(`${app}.${node.name}`));
}

/** Names of the same-app parents, replaced ones mapped to their squash, sorted. */
function parentsOf(node: Node, nodes: readonly Node[]): readonly string[] {
	const before = nodes.filter(other => other.runBefore.includes(`${node.app}.${node.name}`)).map(other => other.name);
	const named = node.dependencies
		.filter(key => key.startsWith(`${node.app}.`) && !key.includes('.__'))
		.map(key => key.slice(node.app.length + 1));
	const current = (name: string) => nodes.find(other => other.replaces.includes(`${node.app}.${name}`))?.name ?? name;
	return [...new Set([...named, ...before].map(current))].sort();
}

function readAll(files: MigrationFiles): readonly Node[] {
	return [...files]
		.filter(([path]) => isMigration(path))
		.map(([path, text]) => ({
			path,
			app: path.split('/').at(-3) ?? '',
			name: path.split('/').at(-1)!.slice(0, -'.py'.length),
			dependencies: pairs(text, 'dependencies'),
			runBefore: pairs(text, 'run_before'),
			replaces: pairs(text, 'replaces'),
		}))
		.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function pairs(text: string, attribute: string): readonly string[] {
	const value = assigned(text, attribute);
	if (!value) return [];
	const names = /\(\s*u?['"](\w+)['"]\s*,\s*u?['"](\w+)['"]\s*,?\s*\)/g;
	return [...text.slice(value.from, value.to).matchAll(names)].map(match => `${match[1]}.${match[2]}`);
}

/** The span of the list or tuple assigned to a class attribute. */
function assigned(text: string, attribute: string): {readonly from: number; readonly to: number} | null {
	const start = new RegExp(`^[ \\t]+${attribute}[^=\\n]*=\\s*(?=[[(])`, 'm').exec(text);
	if (!start) return null;
	const from = start.index + start[0].length;
	let depth = 0;
	for (let at = from; at < text.length; at++) {
		if ('[('.includes(text[at]!)) depth++;
		if ('])'.includes(text[at]!) && --depth === 0) return {from, to: at + 1};
	}
	return null;
}
