import {readFileSync} from 'node:fs';
import {Ajv2020, type AnySchemaObject} from 'ajv/dist/2020.js';

type Schema = AnySchemaObject;

/** A published schema, as strict as a test wants it: a field that it does not name is a mistake. */
export function validator(name: string) {
	const schema = JSON.parse(readFileSync(new URL(`../../docs/json/${name}.schema.json`, import.meta.url), 'utf8')) as Schema;
	return new Ajv2020({strict: true, allErrors: true, allowUnionTypes: true}).compile(closed(schema) as Schema);
}

function closed(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(closed);
	if (typeof value !== 'object' || value === null) return value;
	const copy = Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, closed(inner)]));
	return copy.type === 'object' && copy.properties ? {...copy, additionalProperties: false} : copy;
}
