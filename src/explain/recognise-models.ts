import {NODE, type Recogniser} from './recogniser.ts';

const MODEL = String.raw`([A-Za-z_]\w*\.\w+)`;

/** What Django says when an operation meets a state that does not fit (state.py, operations), and on the way back. */
export const MODELS: readonly Recogniser[] = [
	{
		// A field of a relation, or an operation of `run_before`: state.py:StateApps. Before 4.0 the name is written as it is.
		pattern: new RegExp(
			`The field ${MODEL}\\.\\w+ was declared with a lazy reference to '${MODEL}', but app '\\w+' (?:isn't installed|doesn't provide model)`,
			'g',
		),
		read: ([, by = '', model = ''], {applying}) => unresolved(model, by, applying),
	},
	{
		pattern: new RegExp(`Related model '${MODEL}' cannot be resolved`, 'g'),
		read: ([, model = ''], {applying}) => unresolved(model, null, applying),
	},
	{
		pattern: new RegExp(`Cannot resolve bases for \\[<ModelState: '${MODEL}'>`, 'g'),
		read: ([, by = ''], {applying}) => unresolved(null, by, applying),
	},
	{
		pattern: /LookupError: No installed app with label '(\w+)'/g,
		read: ([, app = ''], {applying}) => unresolved(`${app}.`, null, applying),
	},
	{
		pattern: /LookupError: App '(\w+)' doesn't have a '(\w+)' model/g,
		read: ([, app = '', name = ''], {applying}) => unresolved(`${app}.${name}`, null, applying),
	},
	{
		// Articles give this as the text of NodeNotFoundError.
		pattern: new RegExp(`Migration ${NODE} references model '${MODEL}' from app '\\w+', which is not installed`, 'g'),
		read: ([, node = '', model = '']) => unresolved(model, null, node),
	},
	{
		pattern: /FieldDoesNotExist: (?:New)?([\w.]+) has no field named '(\w+)'/g,
		read: ([, model = '', name = ''], {applying}) => ({
			kind: 'not-in-state',
			what: 'field',
			model: model.toLowerCase(),
			name,
			applying,
		}),
	},
	{
		pattern: /KeyError: \('(\w+)', '([A-Za-z_]\w*)'\)/g,
		read: ([, app = '', model = ''], {applying}) => ({
			kind: 'not-in-state',
			what: 'model',
			model: `${app}.${model}`.toLowerCase(),
			name: null,
			applying,
		}),
	},
	{
		// state.py:remove_field and rename_field; anything else may raise a KeyError, so the frame has to be there.
		pattern: /(?:state_forwards|remove_field|rename_field|alter_field).{0,900}?KeyError: '(\w+)'/g,
		read: ([, name = ''], {applying}) => ({kind: 'not-in-state', what: 'field', model: null, name, applying}),
	},
	{
		pattern: /ValueError: No (index|constraint) named (\S+) on model (\w+)/g,
		read: ([, what, name = '', model = ''], {applying}) => ({
			kind: 'not-in-state',
			what: what as 'index' | 'constraint',
			model: model.toLowerCase(),
			name,
			applying,
		}),
	},
	{
		pattern: new RegExp(`Operation (?:<(\\w+) .{0,300}?>|(.{1,200}?)) in ${NODE} is not reversible`, 'g'),
		read: ([, type, text, node = '']) => ({kind: 'irreversible', node, operation: type ?? text ?? null}),
	},
	{
		pattern: /NotImplementedError: You cannot reverse this operation/g,
		read: (_match, {applying}) => ({kind: 'irreversible', node: applying, operation: null}),
	},
];

function unresolved(model: string | null, by: string | null, applying: string | null) {
	return {
		kind: 'unresolved-model',
		model: model?.toLowerCase() ?? null,
		by: by?.toLowerCase() ?? null,
		applying,
	} as const;
}
