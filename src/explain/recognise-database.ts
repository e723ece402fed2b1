import type {Thing} from './diagnosis.ts';
import type {Reading, Recogniser} from './recogniser.ts';

type Words = readonly (string | undefined)[];

/** `public.shop_item` and `db.shop_item` are tables of a schema or database; of `shop_item.price` the first part is the table. */
const last = (name = ''): string => name.slice(name.lastIndexOf('.') + 1).replaceAll(/["'`]/g, '');

const column = (name: string | undefined, table?: string): Thing => {
	const parts = (name ?? '').replaceAll(/["'`]/g, '').split('.');
	return {what: 'column', name: parts.at(-1)!, table: table ? last(table) : (parts.at(-2) ?? null)};
};
const other = (what: 'table' | 'index' | 'constraint', name: string | undefined, table?: string): Thing => ({
	what,
	name: last(name),
	table: table ? last(table) : null,
});

type Wording = readonly [pattern: RegExp, read: (words: Words) => Thing];

/** What is there already: SQLite, PostgreSQL, MySQL and MariaDB, Oracle. */
const EXISTS: readonly Wording[] = [
	[/duplicate column name: "?([\w$]+)"?/g, ([name]) => column(name)],
	[/column "([^"]+)" of relation "([^"]+)" already exists/g, ([name, table]) => column(name, table)],
	[/Duplicate column name '([^']+)'/g, ([name]) => column(name)],
	[/\btable "?([\w$.]+)"? already exists/g, ([name]) => other('table', name)],
	[/Table '([^']+)' already exists/g, ([name]) => other('table', name)],
	[/(?<!of |for )relation "([^"]+)" already exists/g, ([name]) => other('table', name)],
	[/index "?([\w$]+)"? already exists/g, ([name]) => other('index', name)],
	[/Duplicate key name '([^']+)'/g, ([name]) => other('index', name)],
	[/constraint "([^"]+)" for relation "([^"]+)" already exists/g, ([name, table]) => other('constraint', name, table)],
	[/Duplicate (?:CHECK|FOREIGN KEY|foreign key|check) constraint name:? '([^']+)'/g, ([name]) => other('constraint', name)],
];

/** What is asked for and is not there. */
const LACKS: readonly Wording[] = [
	[/no such table: (?:main\.)?"?([\w$.]+)"?/g, ([name]) => other('table', name)],
	[/no such column: "?([\w$.]+)"?/g, ([name]) => column(name)],
	[/table "?([\w$]+)"? has no column named "?([\w$]+)"?/g, ([table, name]) => column(name, table)],
	[/no such index: "?([\w$]+)"?/g, ([name]) => other('index', name)],
	[/column "([^"]+)" of relation "([^"]+)" does not exist/g, ([name, table]) => column(name, table)],
	[/column "?([\w$.]+)"? does not exist/g, ([name]) => column(name)],
	[/(?<!of |for )relation "([^"]+)" does not exist/g, ([name]) => other('table', name)],
	[/\btable "([^"]+)" does not exist/g, ([name]) => other('table', name)],
	[/index "([^"]+)" does not exist/g, ([name]) => other('index', name)],
	[/constraint "([^"]+)" of relation "([^"]+)" does not exist/g, ([name, table]) => other('constraint', name, table)],
	[/Table '([^']+)' doesn't exist/g, ([name]) => other('table', name)],
	[/Unknown table '([^']+)'/g, ([name]) => other('table', name)],
	[/Unknown column '([^']+)' in/g, ([name]) => column(name)],
	[/Can't DROP (?:COLUMN )?[`']([^`']+)[`']; check that (?:column\/key|it) exists/g, ([name]) => column(name)],
];

/** What databases say, and the table of applied migrations (recorder.py). */
export const DATABASE: readonly Recogniser[] = [
	...EXISTS.map(wording => recogniser('already-exists', wording)),
	...LACKS.map(wording => recogniser('does-not-exist', wording)),
	{
		// Not the line of the source that a traceback shows. Reasons hold brackets, `(1142, "…")`; and PostgreSQL shows the statement behind its own.
		pattern: /Unable to create the django_migrations table \((?!%s)((?:[^()]|\([^()]*\)){0,400}?)(?: LINE \d+: .{0,200}?\^ )?\)/g,
		read: ([, reason = '']) => ({kind: 'schema-missing', reason: reason.trim()}),
	},
];

function recogniser(kind: 'already-exists' | 'does-not-exist', [pattern, read]: Wording): Recogniser {
	return {
		pattern,
		read([, ...words], {applying}: Reading) {
			const thing = read(words);
			// No migration makes that table: it is explained with the text around it.
			return kind === 'already-exists' && thing.name === 'django_migrations' ? null : {kind, thing, applying};
		},
	};
}
