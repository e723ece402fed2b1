import type {Call, Value} from './value.ts';

/** Operation → its parameters in the order of their positions; django/db/migrations/operations and contrib/postgres, 3.2 to 6.x. */
const SIGNATURES: Readonly<Record<string, readonly string[]>> = {
	CreateModel: ['name', 'fields', 'options', 'bases', 'managers'],
	DeleteModel: ['name'],
	RenameModel: ['old_name', 'new_name'],
	AlterModelTable: ['name', 'table'],
	AlterModelTableComment: ['name', 'table_comment'],
	AlterUniqueTogether: ['name', 'unique_together'],
	AlterIndexTogether: ['name', 'index_together'],
	AlterOrderWithRespectTo: ['name', 'order_with_respect_to'],
	AlterModelOptions: ['name', 'options'],
	AlterModelManagers: ['name', 'managers'],
	AddField: ['model_name', 'name', 'field', 'preserve_default'],
	AlterField: ['model_name', 'name', 'field', 'preserve_default'],
	RemoveField: ['model_name', 'name', 'field'],
	RenameField: ['model_name', 'old_name', 'new_name'],
	AddIndex: ['model_name', 'index'],
	AddIndexConcurrently: ['model_name', 'index'],
	RemoveIndex: ['model_name', 'name'],
	RemoveIndexConcurrently: ['model_name', 'name'],
	RenameIndex: ['model_name', 'new_name', 'old_name', 'old_fields'],
	AddConstraint: ['model_name', 'constraint'],
	AddConstraintNotValid: ['model_name', 'constraint'],
	RemoveConstraint: ['model_name', 'name'],
	AlterConstraint: ['model_name', 'name', 'constraint'],
	ValidateConstraint: ['model_name', 'name'],
	RunPython: ['code', 'reverse_code', 'atomic', 'hints', 'elidable'],
	RunSQL: ['sql', 'reverse_sql', 'state_operations', 'hints', 'elidable'],
	SeparateDatabaseAndState: ['database_operations', 'state_operations'],
	CreateExtension: ['name', 'hints'],
	BloomExtension: ['hints'],
	BtreeGinExtension: ['hints'],
	BtreeGistExtension: ['hints'],
	CITextExtension: ['hints'],
	CryptoExtension: ['hints'],
	HStoreExtension: ['hints'],
	TrigramExtension: ['hints'],
	UnaccentExtension: ['hints'],
	CreateCollation: ['name', 'locale'],
	RemoveCollation: ['name', 'locale'],
};

/** Whether a call makes an operation of Django's, as far as its name says it. */
export function isDjangos({callee, local}: Call): boolean {
	return !local && Object.hasOwn(SIGNATURES, callee.slice(callee.lastIndexOf('.') + 1));
}

/** An operation's name and its arguments by parameter. */
export interface Bound {
	readonly name: string;
	readonly parameters: readonly string[];
	readonly get: (parameter: string) => Value | undefined;
}

/** Bind a call to the signature of Django's operation; null: it is none of Django's, or its arguments are starred. A class of the same module is not Django's. */
export function bind(call: Call): Bound | null {
	const name = call.callee.slice(call.callee.lastIndexOf('.') + 1);
	const parameters = isDjangos(call) ? SIGNATURES[name] : undefined;
	if (!parameters || !call.whole) return null;
	return {name, parameters, get: parameter => call.keywords.get(parameter) ?? call.args[parameters.indexOf(parameter)]};
}
