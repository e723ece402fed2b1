import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import test from 'ava';
import {type Config, DEFAULTS} from '../../src/config/config.ts';
import {loadConfig, loadConfigFrom} from '../../src/config/find.ts';
import {CONFIG_FILES} from '../../src/config/places.ts';
import {KEYS} from '../../src/config/schema.ts';
import {UsageError} from '../../src/errors.ts';
import {PROJECT} from '../helpers/product.ts';

/** The configuration of some files, read from a worktree and from texts: both must agree, in the error too. */
async function read(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<Config | Error> {
	const top = mkdtempSync(join(tmpdir(), 'migration-guard-config-'));
	t.teardown(() => rmSync(top, {recursive: true}));
	for (const [name, text] of Object.entries(files)) writeFileSync(join(top, name), text);
	const inWorktree = await loadConfig(top).catch((error: Error) => error);
	const asTexts = await loadConfigFrom(Object.entries(files).map(([path, text]) => ({path, text}))).catch(
		(error: Error) => error,
	);
	if (inWorktree instanceof Error || asTexts instanceof Error) {
		t.true(inWorktree instanceof UsageError, String(inWorktree));
		t.is((asTexts as Error).message, (inWorktree as Error).message);
		return inWorktree as Error;
	}
	t.deepEqual(asTexts, inWorktree);
	return inWorktree;
}

test('nothing configured: the defaults, and nothing is loaded', async t => {
	t.is(await read(t, {}), DEFAULTS);
	t.is(await read(t, {'package.json': '{"name": "x"', 'pyproject.toml': '[tool.black'}), DEFAULTS);
	t.is(await loadConfig(null), DEFAULTS);
});

for (const [name, text] of Object.entries({
	'package.json': '{"name": "x", "migrationguard": {"mainline": "origin/stable", "staleAfter": "12h"}}',
	'.migrationguardrc': 'mainline: origin/stable\nstaleAfter: 12h\n',
	'.migrationguardrc.json': '{"mainline": ["origin/stable"], "staleAfter": "12h"}',
	'.migrationguardrc.yaml': '# why\nmainline:\n  - origin/stable\nstaleAfter: 12h\n',
	'.migrationguardrc.yml': 'mainline: [origin/stable]\nstaleAfter: 12h\n',
	'pyproject.toml': '[tool.black]\nline-length = 100\n[tool.migration-guard]\nmainline = ["origin/stable"]\nstaleAfter = "12h"\n',
})) {
	test(`read from ${name}`, async t => {
		t.true(CONFIG_FILES.includes(name));
		t.deepEqual(await read(t, {[name]: text}), {...DEFAULTS, mainline: ['origin/stable'], staleAfter: 12 * 3_600_000});
	});
}

test('the first file that has some is the only one read', async t => {
	const files = {
		'package.json': '{"name": "migrationguard"}',
		'pyproject.toml': '[tool.migration-guard]\nstrategy = "renumber"\n',
		'.migrationguardrc.yaml': 'strategy: merge\n',
	};
	t.is(((await read(t, files)) as Config).strategy, 'merge');
});

test('a file that only mentions us configures nothing', async t => {
	t.deepEqual(
		await read(t, {'pyproject.toml': '[project]\ndependencies = ["migration-guard"]\n', '.migrationguardrc': ''}),
		DEFAULTS,
	);
});

for (const [title, file, text, message] of [
	[
		'an unknown key',
		'.migrationguardrc',
		'mainlin: x',
		/^\.migrationguardrc: there is no key "mainlin"; the keys are mainline, folders, /,
	],
	[
		'a wrong word',
		'.migrationguardrc.json',
		'{"conflicts": "no"}',
		/^\.migrationguardrc\.json: conflicts: expected \("stop" \| "warn" \| "off"\) but received "no"$/,
	],
	[
		'a wrong type',
		'package.json',
		'{"migrationguard": {"folders": "a"}}',
		/^package\.json: folders: expected Array but received "a"$/,
	],
	[
		'a wrong element',
		'pyproject.toml',
		'[tool.migration-guard]\nfolders = [1]',
		/^pyproject\.toml: folders\.0: expected string but received 1$/,
	],
	[
		'a wrong time',
		'.migrationguardrc',
		'undoFor: 30',
		/^\.migrationguardrc: undoFor: expected a text like "12h", "30d" or "1w"$/,
	],
	['a wrong unit', '.migrationguardrc', 'undoFor: 30y', /^\.migrationguardrc: undoFor: expected a number and one of m, h, d, w/],
	[
		'a reason that is missing',
		'.migrationguardrc',
		'ignore: {MG004: {users: ""}}',
		/^\.migrationguardrc: ignore\.MG004\.users: expected a reason$/,
	],
	[
		'a code that is none',
		'.migrationguardrc',
		'ignore: {users: {MG004: why}}',
		/^\.migrationguardrc: ignore\.users: expected the code of a finding, like MG004$/,
	],
	[
		'a pair of one',
		'.migrationguardrc',
		'ignore: {MG201: {shop.0003_currency: why}}',
		/^\.migrationguardrc: ignore: expected under MG201 and MG202 an app label or a pair, like "shop\.0003_currency\.\.\.shop\.0003_discount"$/,
	],
	[
		'an unknown key of the daemon',
		'.migrationguardrc',
		'watch: {idle: 3s}',
		/^\.migrationguardrc: watch\.idle: expected fetchEvery, autoFix, notify or autoStart/,
	],
	[
		'a wrong time of the daemon',
		'.migrationguardrc',
		'watch: {fetchEvery: 3}',
		/^\.migrationguardrc: watch\.fetchEvery: expected "off" or a text like "10m" or "1h"$/,
	],
	['a list', '.migrationguardrc', '- mainline', /^\.migrationguardrc: expected keys and values$/],
	[
		'two mistakes',
		'.migrationguardrc',
		'a: 1\nb: 2',
		/^\.migrationguardrc: there is no key "a".*\nmigration-guard: \.migrationguardrc: there is no key "b"/,
	],
] as const) {
	test(`${title} is named with file and key`, async t => {
		const error = await read(t, {[file]: text});
		t.true(error instanceof UsageError, JSON.stringify(error));
		t.regex((error as Error).message, message);
	});
}

test('syntax errors name the file', async t => {
	for (const [name, text] of Object.entries({
		'.migrationguardrc': 'a: [',
		'.migrationguardrc.json': '{',
		'pyproject.toml': '[tool.migration-guard]\nx = ',
		'package.json': '{"migrationguard": ',
	})) {
		const error = await read(t, {[name]: text});
		t.regex((error as Error).message, new RegExp(`^(YAML|JSON|TOML) Error in ${name.replaceAll('.', '\\.')}:`));
	}
});

test('every value of every key', async t => {
	const config = await read(t, {
		'.migrationguardrc': `
mainline: [origin/production, origin/staging]
folders: ['db/*/history']
apps: {db/shop/history: shop}
strategy: merge
commit: separate
forks: warn
conflicts: warn
reviews: off
staleAfter: 90m
prePush: warn
backport: refuse
singleOwner: warn
ignore:
  MG004:
    users: they were applied by hand in 2019
    shop.0003_price: "#812"
  MG201:
    shop.0003_price...blog.0002_post: the price goes away
undoFor: 2w
watch: {fetchEvery: 10m, autoFix: true}
`,
	});
	t.deepEqual(config, {
		mainline: ['origin/production', 'origin/staging'],
		folders: ['db/*/history'],
		apps: {'db/shop/history': 'shop'},
		strategy: 'merge',
		commit: 'separate',
		forks: 'warn',
		conflicts: 'warn',
		reviews: 'off',
		staleAfter: 90 * 60_000,
		prePush: 'warn',
		backport: 'refuse',
		singleOwner: 'warn',
		ignore: [
			{code: 'MG004', target: 'users', reason: 'they were applied by hand in 2019'},
			{code: 'MG004', target: 'shop.0003_price', reason: '#812'},
			{code: 'MG201', target: 'shop.0003_price...blog.0002_post', reason: 'the price goes away'},
		],
		undoFor: 14 * 86_400_000,
		watch: {...DEFAULTS.watch, fetchEvery: 600_000, autoFix: true},
	});
});

test('the example is valid, names every key, and each of its values is the default or an example', async t => {
	const text = readFileSync(join(PROJECT, '.migrationguardrc.example'), 'utf8');
	for (const key of KEYS) t.regex(text, new RegExp(`^#${key}:`, 'm'), key);
	t.deepEqual(await read(t, {'.migrationguardrc': text}), DEFAULTS);
	const uncommented = text.replaceAll(/^#(?=[a-zA-Z]+:| {2})/gm, '');
	t.false((await read(t, {'.migrationguardrc': uncommented})) instanceof Error, uncommented);
});
