import type {ModelKey} from './field.ts';
import type {Mentions} from './operation.ts';

/** The sets of Mentions, as lists. */
export type Words = {
	readonly [K in keyof Mentions]?: Mentions[K] extends ReadonlySet<string> ? Iterable<string> : Mentions[K];
};

/** Mentions of what is given, in lower case, and nothing else. */
export function mentions(language: Mentions['language'], given: Words): Mentions {
	const {creates = false, guarded = false, sql = null, unknown = null} = given;
	const lower = (list: Iterable<string> = []) => new Set([...list].map(word => word.toLowerCase()));
	return {
		language,
		models: lower(given.models),
		words: lower(given.words),
		fields: lower(given.fields),
		paths: lower(given.paths),
		creates,
		adds: lower(given.adds),
		drops: lower(given.drops),
		holds: lower(given.holds),
		onto: lower(given.onto),
		over: lower(given.over),
		shapes: lower(given.shapes),
		whole: lower(given.whole),
		handed: lower(given.handed),
		guarded,
		sql,
		unknown,
	};
}

/** A path that code asks for, and the model that it asks; null: one of those that it names. */
export function pathOf(path: string): {readonly model: ModelKey | null; readonly words: readonly string[]} {
	const end = path.indexOf(':');
	return {model: end === -1 ? null : path.slice(0, end), words: path.slice(end + 1).split('__')};
}
