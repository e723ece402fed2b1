import test, {type ExecutionContext} from 'ava';
import {eachDjango} from '../referee/django.ts';
import {BASE, BEFORE, BRANCH, renumbered} from '../referee/renumbered-files.ts';
import {type Answer, addField, alterName, migration, playAll, type Session, type Step} from '../referee/steps.ts';

/*
 * What comes of each way to bring a database up to date whose branch was applied and then renumbered: the facts that `db repair` is built
 * on, and the table of docs/database.md.
 */

/** SQLite appends such a column to the table since Django 4.1; for one with a default it makes the table anew. */
const nullable = (name: string) => `        migrations.AddField('item', '${name}', models.IntegerField(null=True)),`;
const NULLABLE = nullable('main');
/** The branch's first with a column of that kind, before and after. */
const nullableBranch = (path: string, parent: string): Step => ['write', migration(path, parent, nullable('a'))];

const LOOK: Step[] = [
	['columns', 'shop_item'],
	['rows', 'shop'],
];
const WHOLE = ['a', 'b', 'id', 'main', 'name', 'price'];
const DATA: Step = ['sql', 'SELECT name, price, a, b FROM shop_item'];
const TEA = [['tea', 3, 7, 8]];

/** Whether something is of a Django line or younger. */
const since = (version: string, major: number, minor: number): boolean => {
	const [a = 0, b = 0] = version.split('.').map(Number);
	return a > major || (a === major && b >= minor);
};

const error = (answer: Answer | undefined): string | null => (answer as {error: string | null}).error;
const output = (answer: Answer | undefined): string => (answer as {output: string}).output;

async function each(
	t: ExecutionContext,
	session: (version: string) => Session,
	judge: (answers: readonly Answer[], version: string) => void,
): Promise<void> {
	await eachDjango(t, async django => {
		const {steps, ...rest} = session(django.version);
		const [answers = []] = await playAll(django, [{...rest, steps: [...BEFORE, ...steps]}]);
		judge(answers.slice(BEFORE.length), django.version);
	});
}

test('S0: migrate at once adds the column again, or SQLite makes the table anew and the data is gone without a word', async t => {
	for (const operations of [NULLABLE, addField('main')]) {
		await each(
			t,
			() => ({
				steps: [
					renumbered(operations),
					...(operations === NULLABLE ? [nullableBranch('0004_feat_a', 'shop.0003_main')] : []),
					['manage', 'migrate'],
					['rows', 'shop'],
					['sql', 'SELECT a FROM shop_item'],
				],
			}),
			(answers, version) => {
				const [migrated, rows, data] = answers.slice(-3);
				t.true((rows as string[]).includes('0003_main'));
				// A column that may be null is appended since Django 4.1.
				if (operations === NULLABLE && since(version, 4, 1)) {
					t.regex(error(migrated) ?? '', /duplicate column name: a/);
					t.deepEqual(data, [[7]]);
				} else {
					t.is(error(migrated), null);
					t.notDeepEqual(data, [[7]], 'the data is gone');
				}
			},
		);
	}
});

test('S1: back to the fork point on the old files is right', async t => {
	await each(
		t,
		() => ({steps: [['manage', 'migrate', 'shop', '0002'], renumbered(), ['manage', 'migrate'], ...LOOK, DATA]}),
		([back, , forth, columns, rows, data]) => {
			t.is(error(back), null);
			t.is(error(forth), null);
			t.deepEqual(columns, WHOLE);
			t.deepEqual(rows, ['0001_initial', '0002_price', '0003_main', '0004_feat_a', '0005_feat_b']);
			t.deepEqual(data, [['tea', 3, 0, 0]]);
		},
	);
});

test('S2, S17: apply, fake, prune is right only where SQLite does not make the table anew', async t => {
	for (const operations of [addField('main'), alterName]) {
		await each(
			t,
			version => ({
				steps: [
					renumbered(operations),
					['manage', 'migrate', 'shop', '0003_main'],
					['manage', 'migrate', 'shop', '0005_feat_b', '--fake'],
					...(since(version, 4, 1) ? [['manage', 'migrate', 'shop', '--prune'] as const] : []),
					...LOOK,
				],
			}),
			(answers, version) => {
				const columns = answers.at(-2) as string[];
				t.deepEqual(
					answers.slice(1, -2).map(error),
					answers.slice(1, -2).map(() => null),
					'nobody complains',
				);
				t.false(columns.includes('a'), `${version}: the column is gone, and its data`);
			},
		);
	}
});

test('S2 is right where mainline’s column can be appended', async t => {
	await each(
		t,
		() => ({
			steps: [
				renumbered(NULLABLE),
				['manage', 'migrate', 'shop', '0003_main'],
				['manage', 'migrate', 'shop', '0005_feat_b', '--fake'],
				...LOOK,
			],
		}),
		(answers, version) => {
			const columns = answers.at(-2) as string[];
			if (since(version, 4, 1)) t.deepEqual(columns, WHOLE);
			else t.false(columns.includes('a'));
		},
	);
});

test('S3: --fake first fakes mainline’s, too', async t => {
	await each(
		t,
		() => ({steps: [renumbered(), ['manage', 'migrate', 'shop', '0005_feat_b', '--fake'], ['manage', 'migrate'], ...LOOK]}),
		([, faked, migrated, columns]) => {
			t.is(error(faked), null);
			t.regex(output(migrated), /No migrations to apply/);
			t.deepEqual(columns, ['a', 'b', 'id', 'name', 'price']);
		},
	);
});

test('S4: --prune first helps nothing', async t => {
	await each(
		t,
		version => ({
			steps: since(version, 4, 1)
				? [
						renumbered(NULLABLE),
						nullableBranch('0004_feat_a', 'shop.0003_main'),
						['manage', 'migrate', 'shop', '--prune'],
						['manage', 'migrate'],
					]
				: [],
		}),
		(answers, version) => {
			if (since(version, 4, 1)) t.regex(error(answers[3]) ?? '', /duplicate column name: a/);
			else t.is(answers.length, 0);
		},
	);
});

test('S9: after the renumbering nothing can be taken back', async t => {
	await each(
		t,
		() => ({steps: [renumbered(), ['manage', 'migrate', 'shop', '0002'], ['columns', 'shop_item']]}),
		([, migrated, columns]) => {
			t.regex(output(migrated), /No migrations to apply/);
			t.true((columns as string[]).includes('a'));
		},
	);
});

test('S5: a new name that is an old one makes Django refuse everything', async t => {
	await each(
		t,
		() => ({
			steps: [
				[
					'write',
					{
						'shop/migrations/0003_feat_a.py': null,
						...migration('0003_main', 'shop.0002_price', addField('main')),
						...migration('0004_feat_b', 'shop.0003_main', addField('a')),
						...migration('0005_feat_b', 'shop.0004_feat_b', addField('b')),
					},
				],
				['manage', 'migrate'],
				['manage', 'migrate', 'shop', '0003_main'],
			],
		}),
		answers => {
			for (const answer of answers.slice(1))
				t.regex(
					error(answer)!,
					/InconsistentMigrationHistory: Migration shop\.0004_feat_b is applied before its dependency shop\.0003_main/,
				);
		},
	);
});

test('S6: an applied migration of another app that depends on a renumbered one, too', async t => {
	const other = (parent: string): Step => [
		'write',
		migration('0001_initial', parent, "        migrations.CreateModel('Bag', [('id', models.BigAutoField(primary_key=True))]),", {
			app: 'bag',
		}),
	];
	await eachDjango(t, async django => {
		const steps: Step[] = [
			BASE,
			BRANCH,
			other('shop.0004_feat_b'),
			['manage', 'migrate'],
			renumbered(),
			other('shop.0005_feat_b'),
			['manage', 'migrate'],
			['manage', 'migrate', 'shop', '0003_main'],
		];
		const [answers = []] = await playAll(django, [{apps: ['shop', 'bag'], steps}]);
		for (const answer of answers.slice(-2))
			t.regex(error(answer)!, /InconsistentMigrationHistory: Migration bag\.0001_initial is applied before/);
	});
});

test('S12: with `replaces` a plain migrate skips mainline’s, and then refuses everything', async t => {
	await each(
		t,
		() => ({steps: [renumbered(addField('main'), true), ['manage', 'migrate'], ['columns', 'shop_item'], ['manage', 'migrate']]}),
		([, first, columns, second]) => {
			t.is(error(first), null);
			t.false((columns as string[]).includes('main'));
			t.regex(error(second)!, /InconsistentMigrationHistory/);
		},
	);
});

test('S12b, S17c: with `replaces` and mainline’s leaf first all is right, also where the table is made anew', async t => {
	for (const operations of [addField('main'), alterName]) {
		await each(
			t,
			() => ({
				steps: [renumbered(operations, true), ['manage', 'migrate', 'shop', '0003_main'], ['manage', 'migrate'], ...LOOK, DATA],
			}),
			([, first, second, columns, , data]) => {
				t.is(error(first), null);
				t.is(error(second), null);
				t.deepEqual(columns, operations === alterName ? WHOLE.filter(name => name !== 'main') : WHOLE);
				t.deepEqual(data, TEA);
			},
		);
	}
});

test('S16: with `replaces` and the last one not applied a plain migrate is right', async t => {
	await eachDjango(t, async django => {
		const steps: Step[] = [
			BASE,
			BRANCH,
			['manage', 'migrate', 'shop', '0003_feat_a'],
			renumbered(addField('main'), true),
			['manage', 'migrate'],
			['columns', 'shop_item'],
			['manage', 'migrate'],
		];
		const [answers = []] = await playAll(django, [{steps}]);
		t.is(error(answers.at(-3)), null);
		t.deepEqual(answers.at(-2), WHOLE);
		t.is(error(answers.at(-1)), null);
	});
});

test('S7: of a chain only the first was applied: that one is faked, and the rest is migrated', async t => {
	await eachDjango(t, async django => {
		const steps: Step[] = [
			BASE,
			BRANCH,
			['manage', 'migrate', 'shop', '0003_feat_a'],
			['sql', "INSERT INTO shop_item (name, price, a) VALUES ('tea', 3, 7)"],
			renumbered(NULLABLE),
			['manage', 'migrate', 'shop', '0003_main'],
			['manage', 'migrate', 'shop', '0004_feat_a', '--fake'],
			['manage', 'migrate'],
			...LOOK,
			['sql', 'SELECT a FROM shop_item'],
		];
		const [answers = []] = await playAll(django, [{steps}]);
		t.deepEqual(answers.slice(-6, -3).map(error), [null, null, null]);
		const [columns, rows, data] = answers.slice(-3);
		t.deepEqual(columns, WHOLE);
		t.deepEqual(rows, ['0001_initial', '0002_price', '0003_feat_a', '0003_main', '0004_feat_a', '0005_feat_b']);
		// Where the table was made anew for mainline's column, the branch's came back without what was in it.
		if (since(django.version, 4, 1)) t.deepEqual(data, [[7]]);
		else t.notDeepEqual(data, [[7]]);
	});
});

test('S13, S18: with both on disk and neither renumbered every migrate is refused', async t => {
	await each(
		t,
		() => ({
			steps: [
				['write', migration('0003_main', 'shop.0002_price', addField('main'))],
				['manage', 'migrate'],
				['manage', 'migrate', 'shop', '0002'],
				['manage', 'migrate', 'shop', '0003_main'],
				['manage', 'migrate', 'shop', '0003_main', '--fake'],
				...LOOK,
			],
		}),
		answers => {
			for (const answer of answers.slice(1, 5))
				t.regex(error(answer)!, /CommandError: Conflicting migrations detected; multiple leaf nodes/);
			t.deepEqual(answers.at(-1), ['0001_initial', '0002_price', '0003_feat_a', '0004_feat_b']);
		},
	);
});

test('S15: with `replaces` an empty database is right as well, and gets rows of the old names', async t => {
	await eachDjango(t, async django => {
		const steps: Step[] = [
			BASE,
			BRANCH,
			renumbered(addField('main'), true),
			['manage', 'migrate'],
			...LOOK,
			['manage', 'migrate'],
		];
		const [answers = []] = await playAll(django, [{steps}]);
		t.is(error(answers[3]), null);
		t.deepEqual(answers[4], WHOLE);
		const rows = answers[5] as string[];
		for (const name of ['0003_main', '0004_feat_a', '0005_feat_b', '0003_feat_a', '0004_feat_b'])
			t.true(rows.includes(name), name);
		t.is(error(answers[6]), null);
	});
});

test('S20: --prune is refused as long as something replaces', async t => {
	await each(
		t,
		version => ({
			steps: since(version, 4, 1)
				? [
						renumbered(addField('main'), true),
						['manage', 'migrate', 'shop', '0003_main'],
						['manage', 'migrate'],
						['manage', 'migrate', 'shop', '--prune'],
						[
							'write',
							{
								...migration('0004_feat_a', 'shop.0003_main', addField('a')),
								...migration('0005_feat_b', 'shop.0004_feat_a', addField('b')),
							},
						] as const,
						['manage', 'migrate', 'shop', '--prune'],
						...LOOK,
					]
				: [],
		}),
		(answers, version) => {
			if (!since(version, 4, 1)) return t.is(answers.length, 0);
			t.regex(`${error(answers[3])}${output(answers[3])}`, /Cannot use --prune because the following squashed migrations/);
			t.deepEqual(answers.at(-1), ['0001_initial', '0002_price', '0003_main', '0004_feat_a', '0005_feat_b']);
			return t.deepEqual(answers.at(-2), WHOLE);
		},
	);
});
