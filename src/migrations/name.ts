/**
 * The number a migration name counts as, or null.
 * Django ≥ 4.1, autodetector.py:MigrationAutodetector.parse_number: a squash counts as the last one it replaces.
 */
export function parseNumber(name: string): number | null {
	const digits = /.*_squashed_(\d+)/.exec(name)?.[1] ?? leadingDigits(name);
	return digits === '' ? null : Number(digits);
}

/** What follows the leading digits: `_add_phone` of `0003_add_phone`; the whole name when it has no number. */
export function suffixOf(name: string): string {
	return name.slice(leadingDigits(name).length);
}

/** The name with another number in front, as wide as it was (`%04i` is what Django writes). A name without a number stays. */
export function renumber(name: string, number: number, minWidth?: number): string {
	const digits = leadingDigits(name);
	if (digits === '') {
		return name;
	}
	return String(number).padStart(minWidth ?? digits.length, '0') + suffixOf(name);
}

/** The number that comes after a leaf; autodetector.py:arrange_for_graph. */
export function nextNumber(leafName: string): number {
	return (parseNumber(leafName) ?? 0) + 1;
}

/**
 * The name of the migration that merges the leaves; makemigrations.py:handle_merge.
 * `stamp` is a time as `%Y%m%d_%H%M`, used where the leaf names are too long to be joined.
 */
export function mergeName(leaves: readonly string[], stamp: string): string {
	const numbers = leaves.map(parseNumber).filter(number => number !== null);
	// Without any number Django counts from 1.
	const biggest = numbers.length === 0 ? 1 : Math.max(...numbers);
	const joined = [...leaves].sort().join('_');
	return `${String(biggest + 1).padStart(4, '0')}_merge_${joined.length <= LONGEST_JOIN ? joined : stamp}`;
}

const LONGEST_JOIN = 47;

function leadingDigits(name: string): string {
	return /^\d+/.exec(name)?.[0] ?? '';
}
