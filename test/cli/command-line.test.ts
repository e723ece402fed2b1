import test from 'ava';
import {runCommandLine, type Surroundings} from '../../src/cli.ts';
import type {Command, CommandTable, Context} from '../../src/commands/command.ts';
import {HOT_COMMANDS} from '../../src/commands/hot.ts';
import {COMMANDS} from '../../src/commands/index.ts';
import {ACTION, SERVER_COMMANDS} from '../../src/commands/internal.ts';
import {EXIT, UsageError} from '../../src/errors.ts';

/** A table of one command that does what the test says, and the streams it writes to. */
function surroundings() {
	const written = {out: '', err: ''};
	const around: Surroundings = {
		cwd: import.meta.dirname,
		env: {},
		color: false,
		confirm: async () => null,
		out(text) {
			written.out += text;
		},
		err(text) {
			written.err += text;
		},
	};
	return {written, around};
}

function table(run: (context: Context) => Promise<number>): CommandTable {
	const command: Command = {
		name: 'check',
		summary: 'say what is wrong',
		usage: '[REV] [--json]',
		options: {
			json: {type: 'boolean', about: 'as JSON'},
			base: {type: 'string', short: 'b', value: 'REF', about: 'compare with it'},
		},
		examples: [['migration-guard check HEAD~1', 'the commit before']],
		run,
	};
	const internal: Command = {...command, name: 'hook', internal: true};
	return {check: async () => ({command}), hook: async () => ({command: internal})};
}

async function call(argv: readonly string[], run: (context: Context) => Promise<number> = async () => EXIT.ok) {
	const {written, around} = surroundings();
	return {code: await runCommandLine(table(run), argv, around), ...written};
}

test('a command gets its words and its flags, and its answer is the exit code', async t => {
	const seen: Context[] = [];
	const {code, out} = await call(['check', 'HEAD', '--json', '-b', 'main', '--', '--odd'], async context => {
		seen.push(context);
		context.out('found\n');
		return EXIT.problems;
	});
	t.is(code, 1);
	t.is(out, 'found\n');
	t.deepEqual(seen[0]?.positionals, ['HEAD', '--odd']);
	t.deepEqual({...seen[0]?.values}, {json: true, base: 'main'});
});

test('help is made from the table', async t => {
	const {code, out, err} = await call(['check', '--help']);
	t.is(code, 0);
	t.is(err, '');
	t.is(
		out,
		`usage: migration-guard check [REV] [--json]

say what is wrong.

  --json          as JSON
  -b, --base REF  compare with it
  -h, --help      show this

examples:
  migration-guard check HEAD~1  the commit before
`,
	);
	t.is((await call(['help', 'check'])).out, out);
});

test('the overview lists what people call; without a command it is a mistake', async t => {
	for (const flag of ['--help', '-h', 'help']) {
		const {code, out} = await call([flag]);
		t.is(code, 0);
		t.regex(out, /^ {2}check {2}say what is wrong$/m);
		t.notRegex(out, /^ {2}hook/m);
	}
	const {code, out, err} = await call([]);
	t.is(code, 2);
	t.is(out, '');
	t.regex(err, /^ {2}check {2}say what is wrong$/m);
});

test('usage is 2, and says which command, what, and where to look', async t => {
	const unknown = await call(['chek']);
	t.is(unknown.code, 2);
	t.is(unknown.err, 'migration-guard: there is no command "chek"; did you mean "check"?\nhint: migration-guard --help\n');
	t.is((await call(['toString'])).code, 2);
	const option = await call(['check', '--jsno']);
	t.is(option.code, 2);
	t.regex(option.err, /^migration-guard: check: Unknown option '--jsno'.*\nhint: migration-guard check --help\n$/s);
	const thrown = await call(['check'], async () => {
		throw new UsageError('package.json: strategy: expected one of …');
	});
	t.is(thrown.code, 2);
	t.is(thrown.err, 'migration-guard: package.json: strategy: expected one of …\n');
});

test('anything else that is thrown is our bug: 70, with what a report needs', async t => {
	const {code, out, err} = await call(['check'], async () => {
		throw new TypeError('x is undefined');
	});
	t.is(code, 70);
	t.is(out, '');
	t.regex(err, /^migration-guard: internal error: TypeError: x is undefined\n {4}at /);
	t.regex(err, /Please report it .*:\n {2}migration-guard \S+, node v\d+\.\S+, git \S+, \S+ \S+\n/);
});

test('every command of the tables says what it is and how to call it', async t => {
	for (const [name, load] of Object.entries({...COMMANDS, ...HOT_COMMANDS, ...SERVER_COMMANDS, ...ACTION})) {
		const {command} = await load();
		t.is(command.name, name);
		t.regex(command.summary, /^[a-z].*[^.]$/, name);
		t.is(command.internal ?? false, !Object.hasOwn(COMMANDS, name), name);
		for (const [option, {about, short}] of Object.entries(command.options)) {
			t.regex(option, /^[a-z]+(-[a-z]+)*$/);
			t.regex(about, /[^.]$/, `${name} --${option}`);
			t.not(short, 'h');
		}
		for (const [line] of command.examples) t.regex(line, new RegExp(`migration-guard ${name}\\b`));
	}
});

test('the exit codes are these', t => {
	t.deepEqual(EXIT, {ok: 0, problems: 1, usage: 2, bug: 70, interrupted: 130});
});
