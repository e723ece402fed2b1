import {type Field, readField, referenceIn} from './field.ts';
import type {Rule, Work} from './operation.ts';
import {isTogether, readRule, readTogether} from './rule.ts';
import type {Bound} from './signature.ts';
import {stringIn, type Value} from './value.ts';

/** Read `CreateModel`. Null: its name is computed. What else is computed is left out, and `unclear` says so. */
export function readCreateModel({app}: {readonly app: string}, {get}: Bound): Work | null {
	const name = stringIn(get('name'));
	if (name === null) return null;
	const list = get('fields');
	const items = list?.kind === 'list' ? list.items : [];
	const fields = items.flatMap((item): readonly Field[] => {
		const [key, value] = item.kind === 'list' ? item.items : [];
		const read = stringIn(key) === null ? null : readField(app, name, stringIn(key)!, value);
		return read ? [read] : [];
	});
	const bases = get('bases');
	const allFields = list === undefined || (list.kind === 'list' && list.whole && fields.length === items.length);
	const allBases = bases === undefined || (bases.kind === 'list' && bases.whole);
	const unclear = allFields ? (allBases ? null : 'its bases are computed') : 'its fields are computed';
	return {
		kind: 'CreateModel',
		name,
		fields,
		...readOptions(get('options')),
		bases:
			bases?.kind === 'list'
				? bases.items.flatMap(base => (base.kind === 'string' ? (referenceIn(app, name, base) ?? []) : []))
				: [],
		managers: get('managers')?.text ?? null,
		unclear: unclear ?? fields.find(field => field.unclear !== null)?.unclear ?? null,
	};
}

/** Options that are kept apart from the others, each as what it is. */
const RULES = ['indexes', 'constraints'] as const;
const TOGETHER = ['unique_together', 'index_together'];

function readOptions(dict: Value | undefined) {
	const option = (key: string) =>
		dict?.kind === 'dict' ? dict.entries.find(([each]) => stringIn(each) === key)?.[1] : undefined;
	const rules = (key: string): Rule[] => {
		const value = option(key);
		return value?.kind === 'list' ? value.items.flatMap(item => readRule(item) ?? []) : [];
	};
	const [indexes, constraints] = RULES.map(rules) as [Rule[], Rule[]];
	const options = optionsIn(dict);
	for (const key of [...RULES, ...TOGETHER]) options.delete(key);
	const allRules = RULES.every((key, index) => {
		const value = option(key);
		return !value || (value.kind === 'list' && value.whole && value.items.length === [indexes, constraints][index]!.length);
	});
	const table = option('db_table');
	const isWhole =
		(dict === undefined || dict.text === 'None' || (dict.kind === 'dict' && dict.whole)) &&
		(!table || table.kind === 'string' || table.text === 'None') &&
		allRules &&
		TOGETHER.every(key => !option(key) || isTogether(option(key)!));
	return {
		options,
		together: new Map(TOGETHER.map(key => [key, readTogether(option(key))])),
		indexes,
		constraints,
		unclearOptions: isWhole ? null : 'its options are computed',
	};
}

/** Option → its text. */
export function optionsIn(value: Value | undefined): Map<string, string> {
	if (value?.kind !== 'dict') return new Map();
	return new Map(value.entries.map(([key, each]) => [stringIn(key) ?? key.text, stringIn(each) ?? each.text]));
}
