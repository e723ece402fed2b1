import {columnOf} from '../operations/field.ts';
import type {Mentions, Operation} from '../operations/operation.ts';
import {type Models, modelAt, tableOf} from './state.ts';

/**
 * A word of SQL that PostgreSQL made up as a name (commands/indexcmds.c:ChooseRelationName) for what goes away with an operation: `shop_item_pkey`,
 * `shop_item_id_seq`, `shop_item_code_key`. Renames of the table and of the column leave these names as they are.
 */
export function madeNameTaken(sql: Mentions, change: Operation, models: Models): string | null {
	const model = change.model === null ? null : modelAt(models, change.model);
	if (!model) return null;
	const column = (name: string) => {
		const field = model.fields.get(name.toLowerCase());
		return (field && columnOf(field)) ?? name.toLowerCase();
	};
	const find = (rest: string) => {
		const pattern = new RegExp(`^${tableOf(model)}_${rest}$`);
		const isOwn = (word: string) => sql.adds.has(`relation:${word}`) || sql.adds.has(`constraint:${word}`);
		return [...sql.words].find(word => pattern.test(word) && !isOwn(word)) ?? null;
	};
	switch (change.kind) {
		case 'DeleteModel':
			return find('(?:pkey|\\w+_(?:seq|key|fkey|check))');
		case 'RemoveField':
			return find(`${column(change.field)}_(?:seq|key|fkey|check)`);
		case 'AlterField': {
			const {field} = change;
			const before = model.fields.get(field.name.toLowerCase());
			if (!before) return null;
			const isFree = before.unique && !field.unique ? find(`${column(field.name)}_key`) : null;
			const isSigned = before.type.startsWith('Positive') && !field.type.startsWith('Positive');
			return isFree ?? (isSigned ? find(`${column(field.name)}_check`) : null);
		}
		default:
			return null;
	}
}
