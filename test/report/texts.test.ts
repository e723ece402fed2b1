import test from 'ava';
import {changesText, installedText} from '../../src/report/installation.ts';
import {JSON_VERSION, jsonDocument} from '../../src/report/json.ts';
import {refusalText} from '../../src/report/refusal.ts';
import {count, table} from '../../src/report/words.ts';

test('a refusal has its four parts, and nothing behind an id', t => {
	t.is(
		refusalText({
			code: 'pushed',
			what: 'the merge commit is on a remote already',
			nodes: ['shop.0003_price'],
			paths: ['shop/migrations/0003_price.py'],
			why: 'a pushed commit is never replaced',
			next: 'migration-guard fix --commit',
		}),
		`migration-guard: the merge commit is on a remote already
  shop.0003_price
  shop/migrations/0003_price.py
  why: a pushed commit is never replaced
  next: migration-guard fix --commit
`,
	);
});

test('a JSON document is one object with its version first, and a final newline', t => {
	const text = jsonDocument({findings: []});
	t.regex(text, /^\{\n\t"version": 1,\n[\s\S]*\}\n$/);
	t.deepEqual(JSON.parse(text), {version: JSON_VERSION, findings: []});
});

test('columns and numbers', t => {
	t.deepEqual(
		table([
			['a', 'one'],
			['long', ''],
		]),
		['  a     one', '  long'],
	);
	t.deepEqual(table([]), []);
	t.deepEqual([count(0, 'file'), count(1, 'file'), count(2, 'entry', 'entries')], ['0 files', '1 file', '2 entries']);
});

test('what an installation did and how to take it away fits on a screen', t => {
	const common = '/repo/.git';
	for (const way of ['configuration', 'files', 'take-over'] as const) {
		const text = installedText({version: '1.2.3', common, way, git: '2.55.0', folders: ['db/history'], again: false});
		t.regex(text, /^migration-guard 1\.2\.3 is set up in \/repo\/\.git\n/);
		t.regex(text, /merge driver {2}for \*migrations\/\*\.py, db\/history\n/);
		t.regex(text, /migration-guard uninstall/);
		t.true(text.split('\n').length <= 7);
	}
	t.is(changesText([], common), 'nothing to do\n');
	t.is(
		changesText(
			[
				{kind: 'copy', path: '/dist', to: '/repo/.git/migration-guard/program'},
				{kind: 'save', path: '/repo/.git/hooks/post-merge', to: '/repo/.git/migration-guard-saved/post-merge'},
				{kind: 'remove-if-empty', path: '/repo/.git/info'},
			],
			common,
		),
		`in /repo/.git:
  copy the program to migration-guard/program
  save hooks/post-merge as migration-guard-saved/post-merge
  remove, if it is empty, info
`,
	);
});
