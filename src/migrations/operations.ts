import {childrenOf, unwrap} from '../python/parse.ts';
import type {Header} from './header.ts';
import type {Migration} from './migration.ts';
import type {MigrationClass} from './migration-class.ts';

type Operations = Migration['operations'];

/** What the value of `operations` is, from a look at the text: used when only the header was parsed. */
export function scanOperations(text: string, {operations, rest: {closed, computed}}: Header): Operations {
	VALUE.lastIndex = operations;
	const open = VALUE.exec(text);
	if (open?.[0] !== '[') {
		return /^\(\s*\)/.test(text.slice(operations, operations + 80).trimStart()) ? 'empty' : 'dynamic';
	}
	ENDS_WITH_LINE.lastIndex = closed;
	if (computed || !ENDS_WITH_LINE.test(text)) {
		return 'dynamic';
	}
	NOTHING.lastIndex = open.index + 1;
	NOTHING.test(text);
	return NOTHING.lastIndex === closed - 1 ? 'empty' : 'some';
}

const VALUE = /[^\s\\]/g;
const ENDS_WITH_LINE = /[^\S\n]*(?:[#;][^\n]*)?(?:\n|$)/y;
const NOTHING = /(?:\s|#[^\n]*)*/y;

/** The same from the parsed class. */
export function readOperations(migration: MigrationClass): Operations {
	const bindings = migration.scopes.find(scope => scope.has('operations'))?.get('operations');
	if (!bindings) {
		return migration.unknownBase ? 'dynamic' : 'none';
	}
	const [only] = bindings;
	const value =
		bindings.length === 1 && only?.kind === 'value' && !only.conditional && only.value.length === 1 ? only.value[0] : null;
	const literal = value && unwrap(value);
	if (!literal || !/^(?:Array|Tuple)Expression$/.test(literal.name)) {
		return 'dynamic';
	}
	const elements = childrenOf(literal).slice(1, -1);
	if (elements.length === 0) {
		return 'empty';
	}
	return elements.some(element => element.name === '*' || element.name === 'ConditionalExpression') ? 'dynamic' : 'some';
}
