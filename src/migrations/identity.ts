import {applyEdits, type TextEdit} from '../python/source.ts';
import type {Migration} from './migration.ts';

/** Stands for a value that does not belong to the identity; no Python text holds it. */
const BLANK = '\0';

/**
 * What stays the same when a migration is renumbered: its text without line endings and without the values of
 * `dependencies`, `replaces` and `run_before`. Two migrations with one identity are one migration under two names.
 * One without operations is nothing but its dependencies (a merge), so it keeps them.
 */
export function identityOf(text: string, migration: Migration): string {
	const {dependencies, replaces, runBefore, operations, insertAt, indent} = migration;
	const edges = operations === 'empty' || operations === 'none' ? [replaces, runBefore] : [dependencies, replaces, runBefore];
	const blanks = new Map<number, TextEdit>();
	for (const span of edges.flatMap(list => list.values)) {
		blanks.set(span.from, {...span, insert: BLANK});
	}
	if (edges.includes(dependencies) && dependencies.values.length === 0 && insertAt !== null && !blanks.has(insertAt)) {
		// As if it had the statement that addDependency would write: gaining one does not make it another migration.
		blanks.set(insertAt, {from: insertAt, to: insertAt, insert: `dependencies = ${BLANK}\n\n${indent}`});
	}
	return applyEdits(text, [...blanks.values()]).replaceAll('\r\n', '\n');
}
