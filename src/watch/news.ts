import type {Concern} from './concern.ts';

/** What changed between two looks: what is to be said now, and what need not be thought of any more. */
export interface News {
	readonly fresh: readonly Concern[];
	readonly over: readonly Concern[];
	/** All that stands: what the next look is compared with. */
	readonly standing: ReadonlyMap<string, Concern>;
}

/**
 * Say each thing once: what stood before is not said again, whoever looks, and however often. What is over is forgotten, so that it is
 * said again should it come back.
 */
export function newsOf(before: ReadonlyMap<string, Concern>, concerns: readonly Concern[]): News {
	const standing = new Map(concerns.map(concern => [concern.key, concern]));
	return {
		fresh: [...standing.values()].filter(({key}) => !before.has(key)),
		over: [...before.values()].filter(({key}) => !standing.has(key)),
		standing,
	};
}

/** Are these about the same thing, of which only the details have changed? */
export function isSameMatter(one: Concern, other: Concern): boolean {
	const matter = (concern: Concern) =>
		JSON.stringify([
			concern.kind,
			concern.subject,
			concern.kind === 'collision' ? concern.mainline : concern.nodes.map(node => node.split('.')[0]),
		]);
	return matter(one) === matter(other);
}
