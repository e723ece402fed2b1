import type {Place} from '../migrations/check.ts';
import type {Thing} from './diagnosis.ts';
import type {Facts, SchemaChange} from './facts.ts';

/** `the column shop_item.price`. */
export function thingText({what, name, table}: Thing): string {
	return `the ${what} ${table === null ? '' : `${table}.`}${name}`;
}

/** The operations that add, or drop, what an error names, in the order of the plan. SQLite calls a table it remakes `new__shop_item`. */
export function changesOf({changes}: Facts, {what, name, table}: Thing, side: 'adds' | 'drops'): SchemaChange[] {
	const [thing, owner] = [name.toLowerCase(), table?.toLowerCase().replace(/^new__/, '') ?? null];
	const isMeant = (key: string): boolean => {
		switch (what) {
			case 'column':
				return owner === null ? key.startsWith('column:') && key.endsWith(`.${thing}`) : key === `column:${owner}.${thing}`;
			case 'constraint':
				return key === `constraint:${thing}` || key === `relation:${thing}`;
			default:
				return key === `relation:${thing}`;
		}
	};
	return changes().filter(change => change[side].some(isMeant));
}

export function placeOf({path, line}: SchemaChange): Place {
	return {path, line};
}
