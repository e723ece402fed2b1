import type {SyntaxNode} from '@lezer/common';
import {readString} from '../python/literal.ts';
import {type Code, parsePython, spanOf} from '../python/parse.ts';
import {lineAt, type Span, type TextEdit} from '../python/source.ts';

/** A migration that got another name. */
export interface Rename {
	readonly app: string;
	readonly folder: string;
	readonly from: string;
	readonly to: string;
	/** The side whose migration it was: only what that side wrote means this one for certain. */
	readonly side: number | null;
}

/** A place that names a renamed migration. */
export interface Mention {
	readonly line: number;
	readonly from: string;
	readonly to: string;
}

/** What a Python file says of renamed migrations. */
export interface Mentions {
	readonly edits: readonly TextEdit[];
	/** Rewritten. */
	readonly followed: readonly Mention[];
	/** Left alone: not certain, or not written by the moving side. */
	readonly reported: readonly Mention[];
}

/**
 * Find the strings of a Python file that name a renamed migration, and the edits that make them follow.
 *
 * Certain are: the name right after its app label (`("users", "0003_add_phone")`, `call_command("migrate", "users", …)`), the dotted
 * module (`import_module("users.migrations.0003_add_phone")`), and a bare `migrate_from`/`migrate_to` where the class names the
 * app or only one renamed migration has that name. `owns(line)` tells whether the moving side wrote that line (from 1).
 * Spans in `except` are somebody else's business (a migration's own edges).
 */
export function findMentions(
	text: string,
	renames: readonly Rename[],
	owns: (line: number) => boolean,
	except: readonly Span[] = [],
): Mentions {
	const edits: TextEdit[] = [];
	const followed: Mention[] = [];
	const reported: Mention[] = [];
	if (!renames.some(({from}) => text.includes(from))) return {edits, followed, reported};
	const code = parsePython(text);
	const cursor = code.tree.cursor();
	do {
		if (cursor.name !== 'String') continue;
		const node = cursor.node;
		const literal = readString(code, node);
		const span = spanOf(code, node);
		if (!literal || except.some(({from, to}) => from <= span.from && span.to <= to)) continue;
		const named = renames.filter(({from}) => literal.value === from || literal.value.endsWith(`.${from}`));
		if (named.length === 0) continue;
		const certain = named.filter(rename => isCertain(code, node, literal.value, rename, named));
		const rename = certain[0] ?? named[0]!;
		const line = lineAt(text, span.from);
		const mention = {line, from: rename.from, to: rename.to};
		if (certain.length === 1 && literal.inside && owns(line)) {
			edits.push({from: literal.inside.to - rename.from.length, to: literal.inside.to, insert: rename.to});
			followed.push(mention);
		} else if (certain.length > 0 || named.some(({from}) => literal.value === from)) {
			reported.push(mention);
		}
	} while (cursor.next());
	return {edits, followed, reported};
}

function isCertain(code: Code, node: SyntaxNode, value: string, rename: Rename, named: readonly Rename[]): boolean {
	if (value !== rename.from) return isModuleOf(value.slice(0, -rename.from.length - 1), rename.folder);
	const before = previousValue(node);
	if (before && readString(code, before)?.value === rename.app) return true;
	return isMigrateAttribute(code, node) && (named.length === 1 || classNames(code, node, rename.app));
}

/** `users.migrations` for the folder `src/users/migrations`. */
function isModuleOf(module: string, folder: string): boolean {
	const dotted = folder.split('/').join('.');
	return module !== '' && (dotted === module || dotted.endsWith(`.${module}`));
}

/** The element or argument before this one, if only a comma is between them. */
function previousValue(node: SyntaxNode): SyntaxNode | null {
	let previous = node.prevSibling;
	while (previous && (previous.name === 'Comment' || previous.name === ',')) previous = previous.prevSibling;
	return previous;
}

/** The value of `migrate_from = …` or `migrate_to = …`, on a class, on self, or as a keyword. */
function isMigrateAttribute(code: Code, node: SyntaxNode): boolean {
	const statement = code.text.slice(code.text.lastIndexOf('\n', spanOf(code, node).from - 1) + 1, spanOf(code, node).from);
	return /\bmigrate_(from|to)\s*(:[^=]*)?=\s*$/.test(statement);
}

/** Does the class around the node say which app it is about (`app = "users"`, `app_label = …`, `app_name = …`)? */
function classNames(code: Code, node: SyntaxNode, app: string): boolean {
	for (let outer = node.parent; outer; outer = outer.parent) {
		if (outer.name !== 'ClassDefinition') continue;
		const span = spanOf(code, outer);
		const labels = code.text
			.slice(span.from, span.to)
			.matchAll(/\b(?:app|app_label|app_name|django_app)\s*=\s*["']([^"']+)["']/g);
		return [...labels].some(([, label]) => label === app);
	}
	return false;
}

/** The lines (texts) that a side wrote: in its version and not in the common ancestor's. */
export function writtenLines(before: string | null, after: string): ReadonlySet<string> {
	const old = new Set(before === null ? [] : before.split(/\r?\n/));
	return new Set(after.split(/\r?\n/).filter(line => !old.has(line)));
}
