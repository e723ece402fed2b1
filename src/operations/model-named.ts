import {expressionAt, reachedFrom} from './reached-code.ts';
import {stringsOf} from './read-lookups.ts';
import {type Bound, isDjangos} from './signature.ts';
import {type Module, stringIn, type Value} from './value.ts';

/**
 * Django's operations say which of their arguments the model is. Others are called by it, too, as `model_name`; that a `name` or the first
 * argument of a class is one, is guessed. A function may make whatever it wants of its arguments.
 */
export function modelNamed(value: Value, bound: Bound | null): {readonly model: string | null; readonly guessed: boolean} {
	const certain = (model: Value | undefined) => ({model: stringIn(model), guessed: false});
	if (bound) return certain(bound.get(['model_name', 'old_name', 'name'].find(key => bound.parameters.includes(key))!));
	if (value.kind !== 'call') return certain(undefined);
	const {callee, keywords, args} = value;
	if (keywords.has('model_name')) return certain(keywords.get('model_name'));
	if (!/(?:^|\.)[A-Z]\w*$/.test(callee)) return certain(undefined);
	return {model: stringIn(keywords.get('name')) ?? stringIn(args[0]), guessed: true};
}

/** The strings of an operation that is none of Django's, and of its class where that is in the same module. */
export function wordsOf(module: Module, value: Value): ReadonlySet<string> {
	if (value.kind !== 'call' || isDjangos(value)) return new Set();
	const call = expressionAt(module.code, value.from);
	const strings = [call, ...(value.local ? reachedFrom(module, call) : [])].flatMap(node => stringsOf(module.code, node));
	return new Set(strings.filter(text => /^\w+(?:\.\w+)?$/.test(text)).map(text => text.toLowerCase()));
}
