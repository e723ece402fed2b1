import type {Field, ModelKey} from '../operations/field.ts';
import type {Operation} from '../operations/operation.ts';
import type {Models} from '../state/state.ts';

/**
 * Why a relation and a primary key that changes are for a person to look at: a key is made for the field that is the primary one when its operation runs
 * (ForeignObject.resolve_related_fields), and refers to it still when that goes away. Null: these two are no such pair.
 */
export function besidePrimaryKey(one: Operation, other: Operation, models: Models): string | null {
	for (const [changing, pointing] of [[one, other] as const, [other, one] as const]) {
		const model = rekeyed(changing, models);
		if (model !== null && targets(pointing).includes(model))
			return `one side changes which field is the primary key of ${model}, the other one points at it`;
	}
	return null;
}

/** The model that loses its primary key, or gets one. */
function rekeyed(operation: Operation, models: Models): ModelKey | null {
	const {model} = operation;
	if (model === null) return null;
	const known = (name: string) => models.get(model)?.fields.get(name.toLowerCase());
	switch (operation.kind) {
		case 'RemoveField':
			return isPrimary(known(operation.field)) ? model : null;
		case 'AddField':
		case 'AlterField':
			return isPrimary(operation.field) !== isPrimary(known(operation.field.name)) ? model : null;
		default:
			return null;
	}
}

function isPrimary(field: Field | null | undefined): boolean {
	return /\bprimary_key=True/.test(field?.text ?? '');
}

function targets(operation: Operation): readonly (ModelKey | null)[] {
	switch (operation.kind) {
		case 'CreateModel':
			return operation.fields.map(({to}) => to);
		case 'AddField':
		case 'AlterField':
			return [operation.field.to];
		default:
			return [];
	}
}
