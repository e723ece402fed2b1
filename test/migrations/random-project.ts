import fc from 'fast-check';
import {type Edges, filesOf} from './tree.ts';

/** A project to be judged: its nodes, and what it takes to tell Django of them. */
export interface RandomProject {
	readonly nodes: Readonly<Record<string, Edges>>;
	readonly files: Readonly<Record<string, string>>;
	readonly apps: readonly string[];
	readonly userModel: string | null;
}

const APPS = ['blog', 'shop', 'a', 'zoo'];
/** Django wants to see the model that the setting names. */
const USER_MODEL = 'from django.contrib.auth.base_user import AbstractBaseUser\n\n\nclass User(AbstractBaseUser):\n    pass\n';
const WORDS = ['initial', 'price', 'a', 'zeta', 'merge_a_b', 'auto_20240101_1200'];

/** Edges in the making. */
interface Draft {
	dependencies: string[];
	replaces: string[];
	runBefore: string[];
}

interface Drawn {
	readonly counts: readonly number[];
	readonly seeds: readonly {
		readonly word: string;
		readonly numbered: boolean;
		readonly picks: readonly number[];
		readonly odd: number;
	}[];
	readonly userIndex: number;
	readonly oddness: number;
}

/**
 * Random projects: mostly chains within the apps and edges between them, and now and then a fork, a squash, `__first__`,
 * `__latest__`, `run_before`, an edge of Django's own apps, a missing node or an edge that closes a cycle. `nested` allows
 * squashes of squashes, whose outcome older Djangos leave to chance.
 */
export function randomProject(nested: boolean): fc.Arbitrary<RandomProject> {
	const seed = fc.record({
		word: fc.constantFrom(...WORDS),
		numbered: fc.boolean(),
		picks: fc.array(fc.nat(1000), {minLength: 4, maxLength: 4}),
		odd: fc.nat(99),
	});
	return fc
		.record({
			counts: fc.array(fc.integer({min: 1, max: 6}), {minLength: 1, maxLength: APPS.length}),
			seeds: fc.array(seed, {minLength: 6 * APPS.length, maxLength: 6 * APPS.length}),
			userIndex: fc.nat(6),
			oddness: fc.constantFrom(0, 0, 1, 2),
		})
		.map(drawn => build(drawn, nested));
}

function build({counts, seeds, userIndex, oddness}: Drawn, nested: boolean): RandomProject {
	const nodes: Record<string, Draft> = {};
	const apps = APPS.slice(0, counts.length);
	const replaced = new Set<string>();
	let at = 0;
	for (let step = 0; step < 6; step++) {
		for (const [index, app] of apps.entries()) {
			if (step >= (counts[index] ?? 0)) {
				continue;
			}
			const {word, numbered, picks, odd} = seeds[at++]!;
			const [first = 0, second = 0, third = 0, fourth = 0] = picks;
			const earlier = Object.keys(nodes);
			const own = earlier.filter(key => key.startsWith(`${app}.`));
			const key = `${app}.${numbered || own.length < 2 ? `000${own.length + 1}_` : ''}${word}_${step}`;
			const dependencies = new Set<string>();
			const before = own.at(third % 8 === 0 ? first % own.length : -1);
			if (before && fourth % 20 > 0) {
				dependencies.add(before);
			}
			if (second % 3 === 0 && earlier.length > 0) {
				dependencies.add(earlier[second % earlier.length]!);
			}
			const other = apps[first % apps.length]!;
			if (odd < 12) {
				dependencies.add(`${other}.__first__`);
			} else if (odd < 18) {
				dependencies.add(other === app ? 'auth.__latest__' : `${other}.__latest__`);
			} else if (odd < 26) {
				dependencies.add('settings.AUTH_USER_MODEL');
			} else if (odd < 30) {
				dependencies.add('auth.0006_require_contenttypes_0002');
			} else if (odd < 33 && oddness > 0) {
				dependencies.add(`${other}.0007_nowhere`);
			}
			const edges: Draft = {dependencies: [...dependencies], replaces: [], runBefore: []};
			if (odd >= 40 && odd < 55 && earlier.length > 1) {
				squash(edges, own.slice(first % Math.max(own.length, 1)), `${app}.0000_gone`, {nodes, replaced, nested});
			} else if (odd >= 60 && odd < 66 && oddness > 1 && earlier.length > own.length) {
				// Not of the own app: what `__first__` means then depends on the order in which Django reads the files.
				const foreign = earlier.filter(each => !own.includes(each));
				edges.runBefore.push(foreign[third % foreign.length]!);
			} else if (odd >= 66 && odd < 69 && oddness > 1) {
				edges.runBefore.push(`${other}.0007_nowhere`);
			} else if (odd >= 70 && odd < 72 && before && oddness > 1) {
				nodes[before]!.dependencies.push(key);
			} else if (odd === 73 && oddness > 1) {
				edges.dependencies.push(key);
			} else if (odd === 74 && oddness > 1) {
				edges.dependencies.push(`${app}.__latest__`);
			}
			nodes[key] = edges;
		}
	}
	const userApp = apps[userIndex] ?? null;
	const models = userApp === null ? {} : {[`${userApp}/models.py`]: USER_MODEL};
	return {nodes, files: {...filesOf(nodes), ...models}, apps, userModel: userApp && `${userApp}.User`};
}

interface Squashing {
	readonly nodes: Readonly<Record<string, Draft>>;
	readonly replaced: Set<string>;
	readonly nested: boolean;
}

/** Make a node a squash of some earlier ones: it depends on what they depended on. */
function squash(edges: Draft, targets: readonly string[], gone: string, {nodes, replaced, nested}: Squashing): void {
	const own = targets.filter(key => !replaced.has(key) && (nested || nodes[key]!.replaces.length === 0));
	if (own.length === 0) {
		return;
	}
	for (const key of own) {
		replaced.add(key);
	}
	edges.replaces.push(...own, ...(replaced.has(gone) ? [] : [gone]));
	replaced.add(gone);
	const outer = own.flatMap(key => nodes[key]!.dependencies).filter(key => !own.includes(key));
	edges.dependencies = [...new Set(outer)];
}
