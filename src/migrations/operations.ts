import {childrenOf, unwrap} from '../python/parse.ts';
import {scan} from '../python/scan.ts';
import type {Migration} from './migration.ts';
import type {MigrationClass} from './migration-class.ts';

type Operations = Migration['operations'];

/** What the value of `operations` is, from a look at the text: used when only the header was parsed. */
export function scanOperations(text: string, value: number): Operations {
	const list = /[^\s\\]/g;
	list.lastIndex = value;
	const open = list.exec(text);
	if (open?.[0] !== '[') {
		return /^\(\s*\)/.test(text.slice(value, value + 80).trimStart()) ? 'empty' : 'dynamic';
	}
	const {closed, computed} = scan(text, open.index, text.length, true);
	const after = /[^\n]*/y;
	after.lastIndex = closed;
	if (computed || !/^\s*(?:[#;][^\n]*)?$/.test(after.exec(text)?.[0] ?? '')) {
		return 'dynamic';
	}
	return /^(?:\s|#[^\n]*)*$/.test(text.slice(open.index + 1, closed - 1)) ? 'empty' : 'some';
}

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
