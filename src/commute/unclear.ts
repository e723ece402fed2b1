import type {ModelKey} from '../operations/field.ts';
import type {Operation, Rule} from '../operations/operation.ts';
import {flat, withInner} from '../operations/parts.ts';
import {type Judgement, review} from './judgement.ts';

/** Whether something in an operation is computed that could name what the other side takes away. */
export function isUnclear(operation: Operation): boolean {
	return flat(operation).some(
		part => pointing(part) !== null || rulesIn(part).some(({unclear}) => unclear !== null) || table(part) !== null,
	);
}

/** Judge two operations of which at least one is unclear. Null: even so they have nothing to do with each other. */
export function judgeUnclear(one: Operation, other: Operation): Judgement | null {
	for (const a of flat(one)) {
		for (const b of flat(other)) {
			const why = beside(a, b) ?? beside(b, a);
			if (why !== null) return review(`cannot be read: ${why}`);
		}
	}
	return null;
}

function beside(unclear: Operation, other: Operation): string | null {
	switch (other.kind) {
		case 'DeleteModel':
		case 'RenameModel':
			// Relations cross the borders of apps.
			return pointing(unclear) ?? (other.kind === 'RenameModel' ? table(unclear) : null);
		case 'CreateModel':
			return table(unclear);
		case 'SetOption':
			return other.option === 'db_table' ? table(unclear) : null;
		case 'RemoveField':
		case 'RenameField':
		case 'AlterField':
			return unclear.model === other.model ? (rulesIn(unclear).find(rule => rule.unclear !== null)?.unclear ?? null) : null;
		default:
			return null;
	}
}

/** Why an operation may make a relation to any model. */
function pointing(operation: Operation): string | null {
	switch (operation.kind) {
		case 'AddField':
		case 'AlterField':
			return operation.field.unclear;
		case 'CreateModel':
			return operation.unclear;
		case 'Opaque':
			return operation.pointing ? operation.why : null;
		default:
			return null;
	}
}

/** Why an operation may make a table of any name. */
function table(operation: Operation): string | null {
	return operation.kind === 'CreateModel' ? operation.unclearOptions : null;
}

function rulesIn(operation: Operation): readonly Rule[] {
	switch (operation.kind) {
		case 'AddIndex':
		case 'AddConstraint':
		case 'AlterConstraint':
			return [operation.rule];
		default:
			return [];
	}
}

/** An operation of another package that is about a model only as we guessed, and no such model is known: it may be about any of its app. */
export function withoutGuess(operation: Operation, isModel: (key: ModelKey) => boolean): Operation {
	const wrong = operation.kind === 'Opaque' && operation.guessed && operation.model !== null && !isModel(operation.model);
	return wrong ? {...operation, model: null} : withInner(operation, inner => withoutGuess(inner, isModel));
}
