import type {Field, ModelKey} from '../operations/field.ts';
import type {Operation} from '../operations/operation.ts';
import {withInner} from '../operations/parts.ts';
import {fieldsOf, type Model, type State} from '../state/state.ts';
import type {Work} from '../state/work.ts';

/** What `settings.AUTH_USER_MODEL` is read as (field.ts:referenceIn). */
const USER: ModelKey = 'settings.auth_user_model';

/**
 * The same work with `settings.AUTH_USER_MODEL` as the model that it is, to Django a name as any other. It is known by its fields: those of
 * contrib/auth/base_user.py:AbstractBaseUser, which only one model of most projects has. Of several none is taken.
 */
export function withUserModel(
	base: State,
	...sides: readonly (readonly Work[])[]
): {readonly base: State; readonly sides: readonly (readonly Work[])[]} {
	const user = userModel(base);
	if (user === null) return {base, sides};
	const follow = (field: Field): Field => (field.to === USER ? {...field, to: user} : field);
	const models = new Map([...base.models].map(([key, model]) => [key, model && withFields(model, follow)]));
	return {
		base: {...base, models},
		sides: sides.map(works => works.map(work => ({...work, operation: inOperation(work.operation, follow)}))),
	};
}

function userModel({models}: State): ModelKey | null {
	const users = [...models].filter(([, model]) => model?.fields.get('password') && model.fields.get('last_login'));
	return users.length === 1 ? users[0]![0] : null;
}

function withFields(model: Model, follow: (field: Field) => Field): Model {
	if (!fieldsOf(model).some(({to}) => to === USER)) return model;
	return {...model, fields: new Map([...model.fields].map(([name, field]) => [name, field && follow(field)]))};
}

function inOperation(operation: Operation, follow: (field: Field) => Field): Operation {
	switch (operation.kind) {
		case 'AddField':
		case 'AlterField':
			return operation.field.to === USER ? {...operation, field: follow(operation.field)} : operation;
		case 'CreateModel':
			return operation.fields.some(({to}) => to === USER) ? {...operation, fields: operation.fields.map(follow)} : operation;
		default:
			return withInner(operation, each => inOperation(each, follow));
	}
}
