import {isManyToMany, type ModelKey} from '../operations/field.ts';
import type {Operation} from '../operations/operation.ts';
import {apply} from '../state/apply.ts';
import {partsOfField, partsOfModel} from '../state/names.ts';
import {EMPTY, failed, fieldsOf, hasTable, type Models, modelAt, tableOf} from '../state/state.ts';

/** What an operation makes and takes away in the database, as keys of Names. */
export interface NameChanges {
	readonly made: ReadonlySet<string>;
	readonly taken: ReadonlySet<string>;
}

const NONE: NameChanges = {made: new Set(), taken: new Set()};

/** What an operation does to names, where nothing stands in its way. */
export function nameChanges(change: Operation, models: Models): NameChanges {
	const model = change.model === null ? null : modelAt(models, change.model);
	if (change.kind === 'DeleteModel') return {...NONE, taken: new Set(model ? partsOfModel(model).map(([key]) => key) : [])};
	const after = apply({models, names: EMPTY.names}, change);
	if (failed(after)) return NONE;
	const [made, taken] = [new Set<string>(), new Set<string>()];
	for (const [key, text] of after.names) (text === null ? taken : made).add(key);
	const gone = change.kind === 'RemoveField' ? change.field : change.kind === 'RenameField' ? change.from.toLowerCase() : null;
	if (gone !== null && model && hasTable(model) && model.fields.get(gone) === undefined) {
		taken.add(`column:${tableOf(model)}.${gone}`);
	}
	return {made, taken};
}

/** The tables that an operation has to do with, those that Django makes for many-to-many fields included; in lower case. */
export function tablesOf(change: Operation, models: Models): ReadonlySet<string> {
	const model = change.model === null ? null : modelAt(models, change.model);
	if (!model || change.kind === 'CreateModel') return new Set();
	const own = change.kind === 'AddField' ? null : model.fields.get(fieldIn(change) ?? '');
	const fields = isWhole(change) ? fieldsOf(model) : own ? [own] : [];
	const tables = fields.flatMap(field => partsOfField(model, field)).filter(([key]) => key.startsWith('relation:'));
	return new Set([tableOf(model), ...tables.map(([key]) => key.slice('relation:'.length))]);
}

/** Columns of tables that Django makes for many-to-many fields to a model, and that follow its name: `shop_tag_items.item_id`. */
export function columnsTo(target: ModelKey, models: Models): {readonly table: string; readonly column: string}[] {
	const column = `${target.slice(target.indexOf('.') + 1)}_id`;
	return [...models.values()].flatMap(model =>
		(model ? fieldsOf(model) : [])
			.filter(field => isManyToMany(field) && field.to === target)
			.flatMap(field => partsOfField(model!, field))
			.filter(([key]) => key.startsWith('relation:'))
			.map(([key]) => ({table: key.slice('relation:'.length), column})),
	);
}

function isWhole({kind}: Operation): boolean {
	return kind === 'DeleteModel' || kind === 'RenameModel' || kind === 'SetOption';
}

function fieldIn(change: Operation): string | null {
	switch (change.kind) {
		case 'AlterField':
			return change.field.name.toLowerCase();
		case 'RemoveField':
			return change.field;
		case 'RenameField':
			return change.from.toLowerCase();
		default:
			return null;
	}
}
