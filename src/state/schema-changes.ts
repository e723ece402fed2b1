import type {ModelKey} from '../operations/field.ts';
import type {Operation} from '../operations/operation.ts';
import {innerOf} from '../operations/parts.ts';
import {apply} from './apply.ts';
import {EMPTY, failed, type Names, type State} from './state.ts';
import type {Work} from './work.ts';

/** What one operation does to the database. */
export interface SchemaChange extends Pick<Work, 'key' | 'path'> {
	readonly line: number;
	/** `AddField item.price`. */
	readonly title: string;
	/** As in Names: `column:shop_item.price`, `relation:shop_item` (tables and indexes share one space), `constraint:name`. */
	readonly adds: readonly string[];
	readonly drops: readonly string[];
	/** Its model as `shop.item`; null: none, or unknown. */
	readonly model: string | null;
	/** What it names in that model, in lower case: the field, index or constraint it is about first. */
	readonly fields: readonly string[];
	/** Models that its fields and bases refer to. */
	readonly refersTo: readonly ModelKey[];
}

/**
 * What the operations of a whole plan do to the database, one entry for each (those inside SeparateDatabaseAndState and RunSQL have their own). Where
 * Django would fail, the operation counts for itself and the rest goes on: who asks wants to know which one it is. Pure.
 */
export function schemaChanges(plan: readonly Work[]): SchemaChange[] {
	let state: State = EMPTY;
	return plan.flatMap(work => {
		const next = apply(state, work.operation);
		const changes = describe(work, work.operation, state, failed(next) ? null : next);
		if (!failed(next)) state = next;
		return changes;
	});
}

function describe(work: Work, operation: Operation, before: State, after: State | null): SchemaChange[] {
	const {key, path} = work;
	const {line, title, model} = operation;
	const inner = innerOf(operation);
	const alone = after === null ? apply(EMPTY, operation) : after;
	const names = failed(alone) ? before.names : alone.names;
	const compared: Names = after === null ? EMPTY.names : before.names;
	const adds = [...names].filter(([name, text]) => text !== null && (compared.get(name) ?? null) === null).map(([name]) => name);
	const drops = [...names].filter(([name, text]) => text === null && compared.get(name) !== null).map(([name]) => name);
	const own: SchemaChange = {
		key,
		path,
		line,
		title,
		adds: [...adds, ...sqlAdds(operation)],
		drops,
		model,
		fields: named(operation),
		refersTo: referred(operation),
	};
	return [own, ...inner.flatMap(each => describe(work, each, before, null))];
}

/** What SQL adds, whether it stands alone or in Python. */
function sqlAdds(operation: Operation): string[] {
	return operation.kind === 'Run' ? [...operation.mentions.adds, ...(operation.mentions.sql?.adds ?? [])] : [];
}

function referred(operation: Operation): ModelKey[] {
	const fields =
		operation.kind === 'CreateModel'
			? operation.fields
			: operation.kind === 'AddField' || operation.kind === 'AlterField'
				? [operation.field]
				: [];
	const bases = operation.kind === 'CreateModel' ? operation.bases : [];
	return [...bases, ...fields.flatMap(({to, through}) => [to, through].filter(key => key !== null))];
}

function named(operation: Operation): string[] {
	const names = namesIn(operation);
	return names.map(name => name.toLowerCase());
}

function namesIn(operation: Operation): readonly string[] {
	switch (operation.kind) {
		case 'AddField':
		case 'AlterField':
			return [operation.field.name];
		case 'RemoveField':
			return [operation.field];
		case 'RenameField':
			return [operation.from, operation.to];
		case 'AddIndex':
		case 'AddConstraint':
		case 'AlterConstraint':
			return [operation.rule.name, ...operation.rule.fields];
		case 'RemoveIndex':
		case 'RemoveConstraint':
			return [operation.name];
		case 'RenameIndex':
			return operation.from === null ? [operation.to] : [operation.from, operation.to];
		case 'SetTogether':
			return operation.value.flat();
		case 'RenameModel':
			return [operation.to];
		default:
			return [];
	}
}
