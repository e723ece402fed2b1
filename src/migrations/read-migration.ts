import {type Code, childrenOf, firstError, parsePython, spanOf} from '../python/parse.ts';
import {scan} from '../python/scan.ts';
import {lineAt, type Span} from '../python/source.ts';
import {readEdgeList} from './edge-list.ts';
import {findHeader, type Header} from './header.ts';
import type {EdgeList, Migration, Reading, Unreadable} from './migration.ts';
import {findMigrationClass, type MigrationClass} from './migration-class.ts';
import {readOperations, scanOperations} from './operations.ts';
import {readPlain} from './read-plain.ts';

/** Longer files are not looked at. The largest migration in 24,000 public ones has 0.3 MB. */
const LONGEST = 5_000_000;

const MARKER = /^(?:<{7}|>{7}|\|{7})(?: .*)?\r?$/m;
const CARRY = /^# >>> migration-guard carry\b/m;
const SOUTH = /^[ \t]*(?:from|import)[ \t]+south\b/m;
/** Another statement that may change the edges of a finished class. */
const CHANGED_LATER = /\b(?:Migration|self|cls)\.(?:dependencies|replaces|run_before)\b/;

/**
 * Read a migration module without running it: its edges with their places in the text. Never throws. Modules of the
 * ordinary shape are parsed only from the class line to the operations, all others as a whole.
 */
export function readMigration(text: string): Reading {
	if (text.length > LONGEST) {
		return {unreadable: 'too-large', why: `the file is longer than ${LONGEST / 1_000_000} MB`, line: 1};
	}
	return marked(text) ?? readHeader(text) ?? readWhole(text);
}

function marked(text: string): Unreadable | null {
	if (text.includes('# >>> migration-guard carry')) {
		const carry = CARRY.exec(text);
		if (carry) {
			const why = 'it holds two migrations that were added under one name and have not been split yet';
			return {unreadable: 'carry', why, line: lineAt(text, carry.index)};
		}
	}
	if (text.includes('<<<<<<<') || text.includes('>>>>>>>')) {
		const marker = MARKER.exec(text);
		if (marker) {
			return {unreadable: 'conflict-markers', why: 'it holds conflict markers of git', line: lineAt(text, marker.index)};
		}
	}
	return null;
}

function readHeader(text: string): Migration | null {
	const header = findHeader(text);
	return header && (readPlain(text, header) ?? parseHeader(text, header));
}

/** Read a header with the parser: null when it takes the whole module to understand it. */
export function parseHeader(text: string, header: Header): Migration | null {
	const code = parsePython(text, header);
	// The parser lets a string end with its line; Python does not.
	const isWhole = firstError(code) === null && scan(text, header.from, header.to).balanced;
	const found = isWhole ? findMigrationClass(code) : 'none';
	if (typeof found !== 'object' || !('node' in found)) {
		return null;
	}
	const migration = describe(code, found, scanOperations(text, header));
	const {dependencies, replaces, runBefore} = migration;
	// What is not literal may be a name that the rest of the module explains.
	return [dependencies, replaces, runBefore].every(({dynamic}) => dynamic === null) ? migration : null;
}

function readWhole(text: string): Reading {
	const code = parsePython(text);
	const found = findMigrationClass(code);
	if (found === 'none' || found === 'foreign') {
		return withoutMigration(code, found);
	}
	if (SOUTH.test(text)) {
		return {unreadable: 'south', why: 'it is a migration of South, not of Django', line: 1};
	}
	if ('imported' in found) {
		return elsewhere(found.imported);
	}
	const error = firstError(code);
	// New syntax the parser does not know is no error of the file. Unbalanced brackets are, and errors in the class head.
	if (error !== null && (!scan(text, 0, text.length).balanced || headIsBroken(code, found))) {
		return {unreadable: 'syntax', why: 'it is not valid Python', line: lineAt(text, error)};
	}
	const migration = describe(code, found, readOperations(found), CHANGED_LATER.test(text));
	const values = [migration.dependencies, migration.replaces, migration.runBefore].flatMap(list => list.values);
	const isBroken = (span: Span) =>
		!scan(text, span.from, span.to).balanced || (error !== null && firstError(code, span) !== null);
	const broken = values.find(isBroken);
	return broken ? {unreadable: 'syntax', why: 'it is not valid Python', line: lineAt(text, broken.from)} : migration;
}

function withoutMigration(code: Code, found: 'none' | 'foreign'): Unreadable {
	const {text} = code;
	const error = firstError(code);
	if (SOUTH.test(text)) {
		return {unreadable: 'south', why: 'it is a migration of South, not of Django', line: 1};
	}
	if (found === 'foreign') {
		const line = lineAt(text, Math.max(text.search(/^[ \t]*class[ \t]+Migration\b/m), 0));
		return {unreadable: 'not-a-migration', why: 'its class Migration does not inherit from django.db.migrations.Migration', line};
	}
	return error !== null && /\bMigration\b/.test(text)
		? {unreadable: 'syntax', why: 'it is not valid Python', line: lineAt(text, error)}
		: {unreadable: 'no-migration-class', why: 'it has no class Migration', line: 1};
}

/** Whether something between the class line and the operations is no Python. */
function headIsBroken(code: Code, {node, scopes}: MigrationClass): boolean {
	const operations = scopes[0]?.get('operations')?.[0]?.statement;
	const {from, to} = spanOf(code, node);
	return firstError(code, {from, to: operations ? operations.from + code.base : to}) !== null;
}

function describe(code: Code, migration: MigrationClass, operations: Migration['operations'], changedLater = false): Migration {
	const classSpan = spanOf(code, migration.node);
	const edges = (attribute: 'dependencies' | 'replaces' | 'run_before'): EdgeList => {
		const list = readEdgeList(code, migration, attribute);
		return changedLater ? {...list, dynamic: 'changed after it was set', dynamicSpan: classSpan} : list;
	};
	return {
		dependencies: edges('dependencies'),
		replaces: edges('replaces'),
		runBefore: edges('run_before'),
		classSpan,
		line: lineAt(code.text, classSpan.from),
		operations,
		...bodyOf(code, migration),
	};
}

/** Where a statement can be put into the class body, and behind which indentation. */
function bodyOf(code: Code, {node}: MigrationClass): {insertAt: number | null; indent: string} {
	const body = node.getChild('Body');
	const statements = body ? childrenOf(body).filter(child => child.name !== ':') : [];
	const [first] = statements;
	const isDocstring = first?.name === 'ExpressionStatement' && /String$/.test(first.firstChild?.name ?? '');
	const at = spanOf(code, (isDocstring && statements[1]) || first || node).from;
	const indent = code.text.slice(code.text.lastIndexOf('\n', at - 1) + 1, at);
	const possible = first !== undefined && /^[ \t]+$/.test(indent) && !(isDocstring && statements.length === 1);
	return {insertAt: possible ? at : null, indent: /^[ \t]+$/.test(indent) ? indent : '    '};
}

/** A module whose Migration is imported: Django takes it, and nothing here says what it depends on. */
function elsewhere(path: string): Migration {
	const unknown: EdgeList = {items: [], values: [], list: null, dynamic: `imported from ${path}`, dynamicSpan: START};
	const none: EdgeList = {items: [], values: [], list: null, dynamic: null};
	return {
		dependencies: unknown,
		replaces: none,
		runBefore: none,
		classSpan: START,
		line: 1,
		operations: 'dynamic',
		insertAt: null,
		indent: '    ',
	};
}

const START: Span = {from: 0, to: 0};
