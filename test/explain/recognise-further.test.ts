import test from 'ava';
import {recognise} from '../../src/explain/recognise.ts';

test('a half applied squash: the second exception tells more than the first', t => {
	const plain = "NodeNotFoundError: Migration shop.0004_x dependencies reference nonexistent parent node ('shop', '0003_c')";
	const detailed =
		"NodeNotFoundError: Migration shop.0004_x depends on nonexistent node ('shop', '0003_c'). Django tried to replace migration shop.0003_c with any of [shop.0001_squashed_0003] but wasn't able to because some of the replaced migrations are already applied.";
	const found = recognise(`${plain}\n\nThe above exception was the direct cause of the following exception:\n\n${detailed}`);
	t.is(found.length, 1);
	t.regex(found[0]!.said, /^Migration shop\.0004_x depends on nonexistent node .* with any of \[shop\.0001_squashed_0003\]$/);
	for (const text of [plain, detailed])
		t.deepEqual(withoutSaid(text), [{kind: 'node-not-found', by: 'dependency', node: 'shop.0004_x', missing: 'shop.0003_c'}]);
});

const NO_NODE: readonly (readonly [text: string, by: string])[] = [
	["NodeNotFoundError: Node ('shop', '0002_price') not a valid node", 'command'],
	["    plan.append(…)\nKeyError: ('shop', '0002_price')", 'command'],
	[
		"Unable to find replacement node ('shop', '0002_price'). It was either never added to the migration graph, or has been removed.",
		'squash',
	],
	[
		"Unable to remove replacement node ('shop', '0002_price'). It was either never added to the migration graph, or has been removed already.",
		'squash',
	],
];

for (const [text, by] of NO_NODE) {
	test(`no node: ${text}`, t => {
		t.deepEqual(withoutSaid(text), [{kind: 'node-not-found', by, node: null, missing: 'shop.0002_price'}]);
	});
}

test('a KeyError that is the cause of the next exception is not one more', t => {
	t.deepEqual(
		recognise(
			"KeyError: ('shop', '0001_a')\n\nThe above exception was the direct cause of the following exception:\n\nUnable to find replacement node ('shop', '0001_a').",
		).map(({said}) => said),
		["Unable to find replacement node ('shop', '0001_a')"],
	);
});

const REASONS: readonly (readonly [text: string, reason: string])[] = [
	['attempt to write a readonly database', 'attempt to write a readonly database'],
	[
		'permission denied for schema public\nLINE 1: CREATE TABLE "django_migrations" ("id" bigint NOT NULL PRIMA...\n                     ^\n',
		'permission denied for schema public',
	],
	[
		'duplicate key value violates unique constraint "pg_type_typname_nsp_index"\nDETAIL:  Key (typname, typnamespace)=(django_migrations, 2200) already exists.\n',
		'duplicate key value violates unique constraint "pg_type_typname_nsp_index" DETAIL: Key (typname, typnamespace)=(django_migrations, 2200) already exists.',
	],
	[
		"(1142, \"CREATE command denied to user 'app'@'localhost' for table 'django_migrations'\")",
		"(1142, \"CREATE command denied to user 'app'@'localhost' for table 'django_migrations'\")",
	],
];

for (const [text, reason] of REASONS) {
	test(`the table of applied migrations: ${text}`, t => {
		const line = `raise MigrationSchemaMissing("Unable to create the django_migrations table (%s)" % exc)`;
		const said = `${line}\ndjango.db.migrations.exceptions.MigrationSchemaMissing: Unable to create the django_migrations table (${text})`;
		t.deepEqual(withoutSaid(said), [{kind: 'schema-missing', reason}]);
	});
}

function withoutSaid(text: string): unknown[] {
	return recognise(text).map(({said: _, ...rest}) => rest);
}
