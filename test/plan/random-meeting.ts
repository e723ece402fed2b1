import fc from 'fast-check';
import {pathOf} from '../helpers/notation.ts';

/** A random meeting: a common tree and what two or three sides made of it, as path → latin1 text. */
export interface RandomMeeting {
	readonly base: Readonly<Record<string, string>>;
	readonly sides: readonly Readonly<Record<string, string>>[];
	/** Per side, the trees on the way, one commit a migration. */
	readonly commits: readonly (readonly Readonly<Record<string, string>>[])[];
}

/** The texts as the bytes they stand for. */
export function bytes(texts: Readonly<Record<string, string>>): Record<string, Uint8Array> {
	return Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text, 'latin1')]));
}

/** What a history may have in it. */
export interface Kinds {
	readonly sides?: 2 | 3;
	/** No two sides add one name; always so for three. */
	readonly distinct?: boolean;
	/** Only chains: no diamonds, squashes, copies, run_before. */
	readonly plain?: boolean;
	/** No side has what another has under another number. */
	readonly original?: boolean;
	readonly maxMoves?: number;
}

const APPS = ['shop', 'users', 'blog'];
/** Few words, so that the sides often hit upon the same name. */
const WORDS = ['a', 'b', 'price', 'auto'];
const MOVES = ['chain', 'chain', 'chain', 'chain', 'diamond', 'run-before', 'copy', 'squash', 'plain-name', 'wide'] as const;

interface Draw {
	readonly kind: (typeof MOVES)[number];
	readonly app: number;
	readonly word: number;
	readonly style: number;
	readonly cross: number;
	readonly pick: number;
}

interface Node {
	readonly app: string;
	readonly name: string;
	readonly after: readonly string[];
	readonly replaces: readonly string[];
	readonly runBefore: readonly string[];
	readonly says: string;
	readonly style: number;
}

const draw: fc.Arbitrary<Draw> = fc.record({
	kind: fc.constantFrom(...MOVES),
	app: fc.nat(2),
	word: fc.nat(WORDS.length - 1),
	style: fc.nat(63),
	cross: fc.nat(11),
	pick: fc.nat(1000),
});

/** Random histories of up to three apps; each app has one leaf in the base and on every side. */
export function randomMeeting({
	sides = 2,
	plain = false,
	distinct = sides > 2,
	original = plain,
	maxMoves = 5,
}: Kinds = {}): fc.Arbitrary<RandomMeeting> {
	const moves = fc.array(draw, {maxLength: maxMoves});
	return fc
		.record({
			apps: fc.integer({min: 1, max: 3}),
			base: fc.array(draw, {minLength: 1, maxLength: 6}),
			sides: fc.array(moves, {minLength: sides, maxLength: sides}),
			max: fc.boolean(),
		})
		.map(({apps, base, sides: drawn, max}) => build(APPS.slice(0, apps), base, drawn, {max, plain, distinct, original}));
}

function build(
	apps: readonly string[],
	baseMoves: readonly Draw[],
	sideMoves: readonly (readonly Draw[])[],
	{max, plain, distinct, original}: Options,
): RandomMeeting {
	const context = {apps, max, count: {next: 0}};
	const base = historyOn([], {...context, others: [], original, distinct}, '');
	for (const move of baseMoves) base.make({...move, kind: 'chain'});
	const others: Node[] = [];
	const built = sideMoves.map((moves, index) => {
		const side = historyOn(base.nodes, {...context, others: [...others], original, distinct}, distinct ? `s${index}` : '');
		const commits = moves.flatMap(move => {
			const before = side.nodes.length;
			side.make(plain ? {...move, kind: 'chain'} : move);
			return side.nodes.length > before ? [side.files()] : [];
		});
		others.push(...side.nodes.slice(base.nodes.length));
		return {commits, files: side.files()};
	});
	const random = {base: base.files(), sides: built.map(({files}) => files), commits: built.map(({commits}) => commits)};
	// What a counterexample looks like.
	return Object.assign(random, {
		[fc.toStringMethod]: () => [random.base, ...random.sides].map(files => Object.keys(files).join(' ')).join('\n'),
	});
}

interface Options {
	readonly max: boolean;
	readonly plain: boolean;
	readonly original: boolean;
	/** No two sides add one name: git's octopus merge wants it so. */
	readonly distinct: boolean;
}

interface Context {
	readonly apps: readonly string[];
	readonly max: boolean;
	readonly count: {next: number};
	readonly original: boolean;
	readonly distinct: boolean;
	/** What the sides before this one added: for copies. */
	readonly others: readonly Node[];
}

/** The history of one side in the making, on top of an older one. */
function historyOn(old: readonly Node[], {apps, max, count, others, original, distinct}: Context, suffix: string) {
	const nodes = [...old];
	const find = (key: string) => nodes.find(node => keyOf(node) === key);

	/** The only leaf of an app, or null where it has no migrations. */
	function leafOf(app: string): Node | null {
		const own = nodes.filter(node => node.app === app);
		const covered = new Set(own.flatMap(node => [...node.replaces, ...node.after]));
		// Who follows a replaced migration follows its squash.
		for (const {name, replaces} of own) {
			if (own.some(node => !replaces.includes(keyOf(node)) && node.after.some(key => replaces.includes(key))))
				covered.add(`${app}.${name}`);
		}
		return own.filter(node => !covered.has(keyOf(node))).at(-1) ?? null;
	}

	/** The unforked end of an app's history, oldest first. */
	function tailOf(app: string): Node[] {
		const chain: Node[] = [];
		let node = leafOf(app);
		while (node) {
			chain.unshift(node);
			const parents: string[] = node.after.filter(key => key.startsWith(`${app}.`));
			const children = nodes.filter(other => other.app === app && other.after.includes(parents[0]!));
			node = parents.length === 1 && children.length === 1 ? find(parents[0]!)! : null;
		}
		return chain;
	}

	function ancestors(keys: readonly string[]): Set<string> {
		const seen = new Set<string>();
		const waiting = [...keys];
		for (let key = waiting.pop(); key !== undefined; key = waiting.pop()) {
			if (seen.has(key)) continue;
			const known = key;
			seen.add(known);
			waiting.push(...(find(known)?.after ?? []), ...(find(known)?.replaces ?? []));
			waiting.push(...nodes.filter(({runBefore, replaces}) => runBefore.includes(known) || replaces.includes(known)).map(keyOf));
		}
		return seen;
	}

	function add(app: string, name: string, edges: Partial<Node> & Pick<Node, 'after' | 'style'>): Node {
		let free = name;
		while (find(`${app}.${free}`)) free += 'x';
		const node = {app, name: free, says: `f${count.next++}`, replaces: [], runBefore: [], ...edges};
		nodes.push(node);
		return node;
	}

	/** Do what was drawn, where it can be done. */
	function make({kind, app: index, word: at, style, cross, pick}: Draw): void {
		const app = apps[index % apps.length]!;
		const leaf = leafOf(app);
		const word = `${leaf ? WORDS[at] : 'initial'}${suffix}`;
		const number = leaf ? numberOf(leaf.name) + 1 : 1;
		const after = leaf ? [keyOf(leaf)] : [];
		const foreign = nodes.filter(node => node.app !== app);
		switch (leaf ? kind : 'chain') {
			case 'diamond': {
				const arms = ['left', 'right'].map(arm => add(app, padded(number, `${word}_${arm}`), {after, style}));
				add(app, padded(number + 1, `merge${suffix}`), {after: arms.map(keyOf), style});
				return;
			}
			case 'run-before': {
				// Before something of this side, in another app, that is not above this one.
				const above = ancestors(after);
				const isShared = (node: Node) => old.includes(node) || others.some(({says}) => says === node.says);
				const later = foreign.filter(node => !above.has(keyOf(node)) && !isShared(node) && node.replaces.length === 0);
				add(app, padded(number, word), {after, style, runBefore: later.length > 0 ? [keyOf(later[pick % later.length]!)] : []});
				return;
			}
			case 'copy': {
				const unknown = others.filter(
					node =>
						node.app === app &&
						node.replaces.length === 0 &&
						!isMerge(node) &&
						![...nodes, ...others].some(
							other => (nodes.includes(other) && other.says === node.says) || other.replaces.includes(keyOf(node)),
						),
				);
				const twin = unknown[pick % Math.max(1, unknown.length)];
				if (!twin || original) return;
				const name = /^\d/.test(twin.name) ? padded(number, twin.name.replace(/^\d+_/, '')) : twin.name;
				// Under another descriptive name it would be another migration.
				const isFree = !find(`${app}.${name}`);
				// The very same file on parents that only have one name: nobody can say which of the two it means.
				const isAmbiguous = name === twin.name && [...after, ...twin.after].some(key => !old.some(node => keyOf(node) === key));
				const isTaken = others.some(other => keyOf(other) === `${app}.${name}` && other.says !== twin.says);
				if (isFree && !isAmbiguous && !(distinct && isTaken)) add(app, name, {after, says: twin.says, style: twin.style});
				return;
			}
			case 'squash': {
				// Old ones or own ones: a squash of both is refused when the other side put something between them.
				const targets = tailOf(app)
					.filter(node => old.includes(node) === pick % 2 > 0)
					.slice(-1 - (pick % 3));
				const replaced = targets.map(keyOf);
				const isCopied = (node: Node) => others.some(({says}) => says === node.says);
				// Two squashes of one migration are refused, and those of two sides may come to stand on each other.
				const isOld = (key: string) => old.some(node => keyOf(node) === key);
				const isSquashed = [...nodes, ...others].some(({replaces}) => replaces.some(key => replaced.includes(key) || isOld(key)));
				if (targets.length === 0 || isSquashed || targets.some(node => node.replaces.length > 0 || isCopied(node))) return;
				const outer = [...new Set(targets.flatMap(node => node.after))].filter(key => !replaced.includes(key));
				// What it would stand on may itself stand on what it replaces, by way of another app.
				if ([...ancestors(outer)].some(key => replaced.includes(key))) return;
				const name = `${/^\d*/.exec(targets[0]!.name)![0] || '0002'}_squashed_${targets.at(-1)!.name}`;
				add(app, name, {after: outer, style, replaces: replaced});
				return;
			}
			case 'plain-name':
				add(app, `tweak_${word}`, {after, style});
				return;
			case 'wide':
				add(app, `${String(number).padStart(5, '0')}_${word}`, {after, style});
				return;
			default: {
				const above = ancestors(after);
				const other = cross < 4 && foreign.length > 0 ? keyOf(foreign[pick % foreign.length]!) : null;
				add(app, padded(number, word), {after: other && !above.has(other) ? [...after, other] : after, style});
			}
		}
	}

	function files(): Record<string, string> {
		const result = Object.fromEntries(nodes.map(node => [pathOf(node.app, node.name), textOf(node)]));
		for (const app of max ? apps : []) {
			const leaf = leafOf(app);
			if (leaf) result[`${app}/migrations/max_migration.txt`] = `${leaf.name}\n`;
		}
		return result;
	}

	return {nodes, make, files};
}

function isMerge({name}: Node): boolean {
	return name.includes('merge');
}

function keyOf({app, name}: Pick<Node, 'app' | 'name'>): string {
	return `${app}.${name}`;
}

function numberOf(name: string): number {
	return Number(/.*_squashed_(\d+)/.exec(name)?.[1] ?? /^\d*/.exec(name)![0]);
}

function padded(number: number, word: string): string {
	return `${String(number).padStart(4, '0')}_${word}`;
}

/** A migration as one of many people may have written it. Merges say something, too, so that no two texts are one. */
function textOf({app, name, after, replaces, runBefore, says, style}: Node): string {
	const has = (bit: number) => (style & bit) !== 0;
	const quote = has(1) ? '"' : "'";
	const [open, close] = has(2) ? ['(', ')'] : ['[', ']'];
	const pair = (key: string) => `(${quote}${key.replace('.', `${quote}, ${quote}`)}${quote})`;
	const list = (keys: readonly string[]) => {
		const pairs = keys.map(pair);
		if (has(4)) return `${open}${pairs.join(', ')}${open === '(' && pairs.length === 1 ? ',' : ''}${close}`;
		return `${open}\n${pairs.map((each, index) => `        ${each},${has(8) && index === 0 ? `  # was ${app}` : ''}\n`).join('')}    ${close}`;
	};
	const attribute = (label: string, keys: readonly string[]) => (keys.length > 0 ? `    ${label} = ${list(keys)}\n\n` : '');
	const operations = name.includes('merge')
		? '[]'
		: `[\n        migrations.RunPython(migrations.RunPython.noop, elidable=False),\n        # ${says}\n    ]`;
	const text = `${has(16) ? '# -*- coding: utf-8 -*-\n# caf\xc3\xa9\n' : ''}from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    # ${says}\n\n${attribute('replaces', replaces)}${attribute('run_before', runBefore)}    dependencies = ${list(after)}\n\n    operations = ${operations}\n`;
	const bom = has(32) ? '\xef\xbb\xbf' : '';
	return bom + (has(1) && has(16) ? text.replaceAll('\n', '\r\n') : text);
}
