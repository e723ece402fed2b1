import test from 'ava';
import {execaSync} from 'execa';
import fc from 'fast-check';
import {effective} from '../../src/install/changes.ts';
import {foldersOfModules, migrationModules} from '../../src/install/folders.ts';
import {configText, withInclude, withoutInclude} from '../../src/install/git-config.ts';
import {parseGitVersion} from '../../src/install/git-version.ts';
import {chainFile, fillTemplate, hookCommand, hookFile, isOurs, shellQuote, takeOverFile} from '../../src/install/launchers.ts';
import {hasBlock, putBlock, removeBlock} from '../../src/install/marked-block.ts';
import {attributeLines, literal, pathspecs} from '../../src/install/patterns.ts';

const anyText = fc.string({unit: fc.constantFrom('a', '#', ' ', '\n', '\r\n', '[include]', '>>>', '# >>> migration-guard x')});

test('a block put in and taken out leaves any text as it was, also when it was put in twice', t => {
	fc.assert(
		fc.property(anyText, fc.array(fc.constantFrom('one', 'two', '')), (text, lines) => {
			const once = putBlock(text, lines);
			t.true(hasBlock(once));
			t.is(putBlock(once, lines), once);
			t.is(removeBlock(once), text);
			t.is(withoutInclude(withInclude(text)), text);
		}),
	);
});

test('what is written after our block does not run into what was before it', t => {
	const text = `${withInclude('[core]\n\tbare = false')}[user]\n\tname = Ada\n`;
	t.is(withoutInclude(text), '[core]\n\tbare = false\n[user]\n\tname = Ada\n');
});

test('a configuration file says to git what it was made from', t => {
	const value = 'a "quoted" \\ ; # $HOME \'x\'';
	const text = configText({'hook.migration-guard-x.y': {command: value}, core: {hooksPath: '/with space'}});
	const get = (name: string) => execaSync('git', ['config', '-f', '-', '--get', name], {input: text}).stdout;
	t.is(get('hook.migration-guard-x.y.command'), value);
	t.is(get('core.hooksPath'), '/with space');
});

test('one word for the shell is one word', t => {
	fc.assert(
		fc.property(
			fc.string().filter(word => !/\0/.test(word)),
			word => {
				t.is(execaSync('sh', ['-c', `printf %s. ${shellQuote(word)}`], {stripFinalNewline: false}).stdout, `${word}.`);
			},
		),
		{numRuns: 20},
	);
});

test('everything made for sh is sh, and is known again as ours', t => {
	for (const text of [hookFile('post-merge'), chainFile('pre-commit'), takeOverFile('commit-msg', false, "it's here")]) {
		execaSync('sh', ['-n'], {input: text});
		t.true(isOurs(text));
	}
	execaSync('sh', ['-n'], {input: `${hookCommand('post-merge')} "$@"`});
	t.false(isOurs('#!/bin/sh\nmigration-guard hook post-merge\n'));
	t.is(fillTemplate('@NODE@ @PATHSPECS@', {node: "/it's/$&", paths: ['a b']}), "'/it'\\''s/$&' 'a b'");
});

test('patterns in the three languages of git', t => {
	t.deepEqual(pathspecs(['db/*']), ['*migrations/*.py', '*migrations/max_migration.txt', ':(top,glob)db/*/**']);
	t.deepEqual(attributeLines(['old stuff']).slice(2), [
		'"/old stuff/[!_~]*.py" merge=migration-guard',
		'"/old stuff/max_migration.txt" merge=migration-guard',
	]);
	t.is(literal('a[1]*/b'), 'a\\[1\\]\\*/b');
});

test('MIGRATION_MODULES is found as Django projects write it', t => {
	t.deepEqual(
		migrationModules(
			"MIGRATION_MODULES = {\n    'shop': 'db.shop',  # why\n    \"blog\": \"db.blog.history\",\n    'auth': None,\n}\nOTHER = {'x': 'not.this'}\n",
		),
		['db.blog.history', 'db.shop'],
	);
	t.deepEqual(migrationModules("settings.MIGRATION_MODULES['shop'] = 'db.shop'\n"), ['db.shop']);
	t.deepEqual(migrationModules('MIGRATION_MODULES = DisableMigrations()\n'), []);
	t.deepEqual(foldersOfModules(['db.shop', 'a.migrations'], ['src/db/shop', 'db/shop', 'db/shop2', 'a/migrations']), [
		'db/shop',
		'src/db/shop',
	]);
});

test('versions of git as its builders write them', t => {
	for (const [said, supported, configurableHooks] of [
		['git version 2.37.7', false, false],
		['git version 2.38.0', true, false],
		['git version 2.39.5 (Apple Git-154)', true, false],
		['git version 2.53.0.windows.2', true, false],
		['git version 2.54.0-rc1', true, true],
		['git version 2.55.GIT', true, true],
		['git version 3.0.0', true, true],
	] as const) {
		const version = parseGitVersion(said);
		t.deepEqual([version.supported, version.configurableHooks], [supported, configurableHooks], said);
	}
	t.is(parseGitVersion('git version 2.39.5 (Apple Git-154)').text, '2.39.5');
});

test('a change that changes nothing is not one', t => {
	const file = import.meta.filename;
	t.deepEqual(effective([{kind: 'remove', path: `${file}.not-there`}]), []);
	t.is(effective([{kind: 'write', path: file, text: ''}]).length, 1);
});
