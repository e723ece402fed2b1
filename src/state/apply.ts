import type {Operation} from '../operations/operation.ts';
import {added, dropped, indexOn, moved, type Part, partsOfField, partsOfModel, partsOfRule, replaced} from './names.ts';
import {type Failure, failed, type Model, type Models, modelAt, type Names, type State} from './state.ts';
import {changeModels} from './transition.ts';

/** Apply an operation as `migrate` would: to Django's state and to the database. A failure holds Django's own error. Pure. */
export function apply(state: State, operation: Operation): State | Failure {
	if (operation.kind === 'Separate') return applySeparate(state, operation);
	if (operation.kind === 'Run') return applyState(state, operation.state, true);
	const models = changeModels(state.models, operation);
	if (failed(models)) return models;
	const names = changeNames(state.names, state.models, models, operation);
	return failed(names) ? names : {models, names};
}

/** Apply several, one after the other. */
export function applyAll(state: State, operations: readonly Operation[]): State | Failure {
	let result = state;
	for (const operation of operations) {
		const next = apply(result, operation);
		if (failed(next)) return next;
		result = next;
	}
	return result;
}

/** operations/special.py: the database operations see a state of their own, which is then forgotten. */
function applySeparate(state: State, {database, state: inner}: Extract<Operation, {kind: 'Separate'}>): State | Failure {
	const there = applyAll(state, database);
	const isCode = database.some(({kind}) => kind === 'Run' || kind === 'Opaque');
	return failed(there) ? there : applyState({models: state.models, names: there.names}, inner, isCode);
}

/** Only `state_forwards`. `beside`: code or SQL does to the database what it is told here, so that what gets another name has it there, too. */
function applyState(state: State, operations: readonly Operation[], beside: boolean): State | Failure {
	let result = state;
	for (const operation of operations) {
		if (operation.kind === 'Separate') {
			const inner = applyState(result, operation.state, beside);
			if (failed(inner)) return inner;
			result = inner;
			continue;
		}
		const models = changeModels(result.models, operation);
		if (failed(models)) return models;
		const names = beside && isRenaming(operation) ? changeNames(result.names, result.models, models, operation) : result.names;
		result = {models, names: failed(names) ? result.names : names};
	}
	return result;
}

function isRenaming(operation: Operation): boolean {
	return /^Rename(?:Model|Field)$/.test(operation.kind) || (operation.kind === 'SetOption' && operation.option === 'db_table');
}

/** `database_forwards`. */
function changeNames(names: Names, before: Models, after: Models, operation: Operation): Names | Failure {
	if (operation.kind === 'CreateThing') return added(names, [[operation.thing, 'there']]);
	if (operation.kind === 'RemoveThing') return dropped(names, [[operation.thing, 'there']]);
	const key = operation.model;
	if (key === null) return names;
	const old = modelAt(before, key) as Model;
	const now = after.get(key) ?? old;
	const field = (model: Model, name: string): Part[] => {
		const known = model.fields.get(name.toLowerCase());
		return known ? partsOfField(model, known) : [];
	};
	const rule = (rules: 'indexes' | 'constraints', name: string): Part[] => {
		const known = old[rules].get(name);
		return known ? partsOfRule(old, known) : [];
	};
	switch (operation.kind) {
		case 'CreateModel':
			return added(names, partsOfModel(now));
		case 'DeleteModel':
			return dropped(names, partsOfModel(old));
		case 'RenameModel':
			return moved(names, old, after.get(`${old.app}.${operation.to.toLowerCase()}`)!);
		case 'SetOption':
			return operation.option === 'db_table' ? moved(names, old, now) : replaced(names, partsOfModel(old), partsOfModel(now));
		case 'AddField':
			return added(names, field(now, operation.field.name));
		case 'RemoveField':
			return dropped(names, field(old, operation.field));
		case 'AlterField': {
			const was = field(old, operation.field.name);
			const is = field(now, operation.field.name);
			return was.length === 0 ? new Map([...names, ...is]) : replaced(names, was, is);
		}
		case 'RenameField':
			return replaced(names, field(old, operation.from), field(now, operation.to));
		case 'AddIndex':
		case 'AddConstraint':
			return added(names, partsOfRule(now, operation.rule));
		case 'RemoveIndex':
			return dropped(names, rule('indexes', operation.name));
		case 'RemoveConstraint':
			return dropped(names, rule('constraints', operation.name));
		case 'RenameIndex': {
			const renamed = now.indexes.get(operation.to);
			const to: Part[] = renamed ? partsOfRule(now, renamed) : [[`relation:${operation.to.toLowerCase()}`, 'Index']];
			const unnamed = operation.from === null ? indexOn(old, operation.fields) : undefined;
			const was = operation.from === null ? (unnamed ? partsOfRule(old, unnamed) : []) : rule('indexes', operation.from);
			return replaced(names, was, to);
		}
		default:
			return names;
	}
}
