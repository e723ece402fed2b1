import type {Operation} from './operation.ts';

/** What stands inside of an operation (operations/special.py): SeparateDatabaseAndState(…), RunSQL(state_operations=…). */
export function innerOf(operation: Operation): readonly Operation[] {
	if (operation.kind === 'Separate') return [...operation.database, ...operation.state];
	return operation.kind === 'Run' ? operation.state : [];
}

/** An operation as those that say something of models, however deep they stand; code and SQL themselves are left out. */
export function flat(operation: Operation): readonly Operation[] {
	return operation.kind === 'Separate' || operation.kind === 'Run' ? innerOf(operation).flatMap(flat) : [operation];
}

/** An operation as those that meet the database, code and SQL among them. */
export function flatInDatabase(operation: Operation): readonly Operation[] {
	return operation.kind === 'Separate' ? operation.database.flatMap(flatInDatabase) : [operation];
}

/** The same operation with others inside of it. */
export function withInner(operation: Operation, change: (inner: Operation) => Operation): Operation {
	if (operation.kind === 'Separate')
		return {...operation, database: operation.database.map(change), state: operation.state.map(change)};
	return operation.kind === 'Run' && operation.state.length > 0 ? {...operation, state: operation.state.map(change)} : operation;
}
