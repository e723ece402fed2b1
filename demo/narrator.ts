import {mkdirSync, mkdtempSync, realpathSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {styleText} from 'node:util';
import {execa} from 'execa';
import {build} from '../scripts/build.mjs';

/** What a command said, both streams as a person sees them, and its exit code. */
export interface Said {
	readonly code: number;
	readonly output: string;
}

/** Somebody who runs commands in a temporary folder and shows them: a session in a terminal, with a word between. */
export interface Narrator {
	readonly folder: string;
	/** Begin a part of the story. */
	title(text: string): void;
	say(text: string): void;
	/** Run a command line, show it and the beginning of what it prints. `migration-guard` is the program of this checkout. */
	show(
		cwd: string,
		command: readonly string[],
		options?: {readonly lines?: number; readonly only?: RegExp; readonly off?: boolean},
	): Promise<Said>;
	/** Run a command line unseen. `input` goes to its standard input. */
	run(cwd: string, command: readonly string[], input?: string): Promise<Said>;
	/** The same; what it printed. Throws when it fails. */
	text(cwd: string, command: readonly string[]): Promise<string>;
	end(): void;
}

const MOST_LINES = 12;

/** Build the program and open a folder. Commands run cut off from the machine's git configuration. */
export async function openNarrator(keep: boolean): Promise<Narrator> {
	const folder = realpathSync(mkdtempSync(join(tmpdir(), 'migration-guard-demo-')));
	mkdirSync(join(folder, 'home'));
	await build(join(folder, 'program'));
	const {PATH = '', SystemRoot = ''} = process.env;
	const env = {
		PATH,
		...(SystemRoot === '' ? {} : {SystemRoot}),
		HOME: join(folder, 'home'),
		GIT_CONFIG_NOSYSTEM: '1',
		GIT_CONFIG_GLOBAL: join(folder, 'home', 'gitconfig'),
		GIT_AUTHOR_NAME: 'Ada',
		GIT_AUTHOR_EMAIL: 'ada@example.org',
		GIT_COMMITTER_NAME: 'Ada',
		GIT_COMMITTER_EMAIL: 'ada@example.org',
		GIT_EDITOR: ':',
		GIT_TERMINAL_PROMPT: '0',
		LC_ALL: 'C',
	};
	const start = async (
		cwd: string,
		[file = '', ...args]: readonly string[],
		input = '',
		more: Readonly<Record<string, string>> = {},
	): Promise<Said> => {
		const own = file === 'migration-guard';
		const command = own ? process.execPath : file;
		const done = await execa(command, own ? [join(folder, 'program', 'cli.cjs'), ...args] : args, {
			cwd,
			env: {...env, ...more},
			extendEnv: false,
			reject: false,
			all: true,
			input,
		});
		if (done.exitCode === undefined) throw new Error(done.shortMessage);
		return {code: done.exitCode, output: done.all};
	};
	const print = (text: string) => process.stdout.write(`${text}\n`);
	return {
		folder,
		title: text => print(`\n${styleText('bold', `== ${text}`)}`),
		say: print,
		async show(cwd, command, {lines = MOST_LINES, only = /./, off = false} = {}) {
			const typed = command.map(word => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word}'`)).join(' ');
			print(`  ${styleText('cyan', `$ ${off ? 'MIGRATION_GUARD=0 ' : ''}${typed}`)}`);
			const said = await start(cwd, command, '', off ? {MIGRATION_GUARD: '0'} : {});
			const all = said.output
				.replaceAll(folder, '…')
				.split('\n')
				.map(line => line.replace(/^.*\r/, ''))
				.filter(line => only.test(line));
			const shown = all.length > lines ? [...all.slice(0, lines - 1), `… ${all.length - lines + 1} more lines`] : all;
			for (const line of shown) print(`    ${line}`);
			return said;
		},
		run: start,
		async text(cwd, command) {
			const {code, output} = await start(cwd, command);
			if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}: ${output}`);
			return output;
		},
		end() {
			if (keep) print(`\nkept: ${folder}`);
			else rmSync(folder, {recursive: true, force: true});
		},
	};
}
