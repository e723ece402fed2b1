import {isVersionOf} from '../history/signature.ts';
import {readCarry, writeCarry} from '../migrations/carry.ts';
import type {Reading} from '../migrations/migration.ts';
import {readMigration} from '../migrations/read-migration.ts';
import {decode} from '../python/source.ts';

/** The three files git hands to a merge driver. `base` is empty when both sides added the path. */
export interface ThreeFiles {
	readonly base: Uint8Array;
	readonly ours: Uint8Array;
	readonly theirs: Uint8Array;
}

/** What the driver answers. `text`: what git alone would do. `whole`: a conflict of two files that do not belong together. */
export type FileMerge =
	| {readonly kind: 'merged'; readonly bytes: Uint8Array}
	| {readonly kind: 'text'}
	| {readonly kind: 'whole'};

/** How git came to merge these three: files of one path; or by rename detection, where a hook will repair it or none can. */
export type Pairing = 'same path' | 'renamed, hook follows' | 'renamed, no hook';

/**
 * Merge a migration file. Only what git would lose or mix up is decided here: two files of one name travel together in a carry,
 * an edit of a carried file goes into its part, and an edit that git's rename detection aims at another migration is kept apart.
 * Never one side of two.
 */
export function mergeMigrationFile(files: ThreeFiles, pairing: () => Pairing): FileMerge {
	const {base, ours, theirs} = files;
	const carried = mergeIntoCarry(files);
	if (carried) return {kind: 'merged', bytes: carried};
	if (readCarry(ours) !== null || readCarry(theirs) !== null || readCarry(base) !== null) return {kind: 'text'};
	if (base.length === 0)
		return isPlain(ours) && isPlain(theirs) ? {kind: 'merged', bytes: writeCarry({body: ours, carried: theirs})} : {kind: 'text'};
	const [before, mine, yours] = [base, ours, theirs].map(bytes => decode(bytes).text) as [string, string, string];
	if (isVersionOf(before, mine) && isVersionOf(before, yours)) return {kind: 'text'};
	const how = pairing();
	if (how === 'same path' || !isPlain(ours) || !isPlain(theirs)) return {kind: 'text'};
	return how === 'renamed, hook follows' ? {kind: 'merged', bytes: writeCarry({body: ours, carried: theirs})} : {kind: 'whole'};
}

/** max_migration.txt of both sides: both names, one a line, until a hook writes the leaf. Never equal to ours: a rebase would drop the commit. */
export function mergeMaxMigration({ours, theirs}: ThreeFiles): Uint8Array {
	const [mine, yours] = [ours, theirs].map(bytes => decode(bytes).text.split(/\r?\n/).filter(Boolean)) as [string[], string[]];
	return Buffer.from(`${[...new Set([...mine, ...yours])].join('\n')}\n`);
}

/** An edit of one of the two files of a carry goes into its part (a later commit of a rebase edits what an earlier one brought). */
function mergeIntoCarry({base, ours, theirs}: ThreeFiles): Uint8Array | null {
	const carry = readCarry(ours);
	if (carry === null || carry === 'damaged') return null;
	const equals = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(b);
	if (equals(base, carry.carried)) return writeCarry({body: carry.body, carried: theirs});
	if (equals(base, carry.body)) return writeCarry({body: theirs, carried: carry.carried});
	return null;
}

/** Can both be told apart and renumbered later? If not, git's own conflict is the honest answer. */
function isPlain(bytes: Uint8Array): boolean {
	const reading: Reading = readMigration(decode(bytes).text);
	return !('unreadable' in reading) && reading.dependencies.dynamic === null;
}
