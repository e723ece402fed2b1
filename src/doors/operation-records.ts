import type {Operation} from '../operations/operation.ts';

/** Operations as JSON can hold them. */
export type OperationsRecord = readonly unknown[];

/** What JSON has no word for, as an object of one key. */
const MAP = '~map';
const SET = '~set';

/** Operations as a record, for the cache. */
export function operationsRecord(operations: readonly Operation[]): OperationsRecord {
	return operations.map(packed);
}

/** The operations in a record that `operationsRecord` wrote. */
export function operationsOf(record: OperationsRecord): readonly Operation[] {
	return record.map(unpacked) as readonly Operation[];
}

function packed(value: unknown): unknown {
	if (value instanceof Map) return {[MAP]: [...value].map(([key, each]) => [key, packed(each)])};
	if (value instanceof Set) return {[SET]: [...value]};
	if (Array.isArray(value)) return value.map(packed);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, packed(each)]));
}

function unpacked(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(unpacked);
	if (typeof value !== 'object' || value === null) return value;
	if (MAP in value) return new Map((value[MAP] as [string, unknown][]).map(([key, each]) => [key, unpacked(each)]));
	if (SET in value) return new Set(value[SET] as string[]);
	return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, unpacked(each)]));
}
