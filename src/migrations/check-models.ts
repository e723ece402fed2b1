import type {Finding} from './finding.ts';

/** A model, or a field of one, that no migration makes. */
export interface Unmigrated {
	readonly app: string;
	readonly model: string;
	/** Null: the whole model. */
	readonly field: string | null;
	readonly path: string;
	readonly line: number;
}

/** MG013: only looked for on request, and an error then: it is what `makemigrations --check` fails for. */
export function unmigratedModel({app, model, field, path, line}: Unmigrated): Finding {
	const what = field === null ? `${app}.${model}` : `${app}.${model}.${field}`;
	return {
		code: 'MG013',
		severity: 'error',
		title: `no migration makes ${what}`,
		nodes: [],
		app,
		places: [{path, line}],
		why: `the ${field === null ? 'table' : 'column'} will be missing in every database`,
		fix: `python manage.py makemigrations ${app}`,
	};
}
