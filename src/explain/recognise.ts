import {asPrinted} from '../python/terminal.ts';
import type {Diagnosis, Trouble} from './diagnosis.ts';
import {HEARSAY} from './hearsay.ts';
import {DATABASE} from './recognise-database.ts';
import {LOADING} from './recognise-loading.ts';
import {MODELS} from './recognise-models.ts';
import type {Reading, Recogniser} from './recogniser.ts';

const RECOGNISERS: readonly Recogniser[] = [
	...LOADING,
	...DATABASE,
	...MODELS,
	...HEARSAY.map(({claim, pattern}) => ({pattern, read: (): Trouble => ({kind: 'hearsay', claim})})),
];

/** The longest piece of a text that is quoted back. */
const LONGEST = 400;

/**
 * Find every error that is known in a text: a line, a traceback, the log of a CI run, or the page that told what to do. In the order in which they are
 * explained: what Django stumbled over first, then the database, then hearsay; one of a kind once, however often a chained traceback repeats it. Pure.
 */
export function recognise(text: string): Diagnosis[] {
	const reading = readingOf(text);
	const found = new Map<string, Diagnosis>();
	for (const {pattern, read} of RECOGNISERS) {
		for (const match of reading.flat.matchAll(pattern)) {
			const trouble = read(match, reading);
			if (trouble === null) continue;
			const key = JSON.stringify(trouble);
			if (!found.has(key)) found.set(key, {said: match[0].trim().slice(0, LONGEST), ...trouble});
		}
	}
	return [...found.values()];
}

function readingOf(text: string): Reading {
	const {flat} = asPrinted(text);
	// The last one that was begun and not ended.
	const steps = [...flat.matchAll(/\b(?:Applying|Unapplying) ([A-Za-z_]\w*\.\S+?)\.\.\.(?! ?(?:OK|FAKED))/g)];
	return {flat, applying: steps.at(-1)?.[1] ?? null};
}
