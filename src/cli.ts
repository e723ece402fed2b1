import {parseArgs} from 'node:util';
import type {Command, CommandTable, Context} from './commands/command.ts';
import {versions} from './commands/versions.ts';
import {EXIT, UsageError} from './errors.ts';
import {bugText, commandHelp, overview, unknownCommand} from './report/help.ts';
import {VERSION} from './version.ts';

/** What the command line knows of the process; tests hand in their own. */
export type Surroundings = Pick<Context, 'cwd' | 'env' | 'out' | 'err' | 'color' | 'confirm'>;

/**
 * Run the command line of this process and set its exit code: the only place that ends the process.
 * A reader that went away (`migration-guard graph | head`) is silent; Ctrl-C ends with 130.
 */
export async function main(table: CommandTable, argv: readonly string[] = process.argv.slice(2)): Promise<void> {
	for (const stream of [process.stdout, process.stderr]) {
		stream.on('error', (error: NodeJS.ErrnoException) => {
			if (error.code !== 'EPIPE') throw error;
		});
	}
	process.once('SIGINT', () => process.exit(EXIT.interrupted));
	process.exitCode = await runCommandLine(table, argv, {
		cwd: process.cwd(),
		env: process.env,
		out: text => void process.stdout.write(text),
		err: text => void process.stderr.write(text),
		color: process.stdout.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
		confirm,
	});
}

/** A question with a yes or a no, on standard error, so that a result that goes elsewhere stays whole. Anything but a yes is a no. */
async function confirm(question: string): Promise<boolean | null> {
	if (!process.stdin.isTTY) return null;
	const {createInterface} = await import('node:readline');
	const lines = createInterface({input: process.stdin, output: process.stderr});
	try {
		const answer = await new Promise<string>(resolve => {
			lines.once('close', () => resolve(''));
			lines.question(`${question} [y/N] `, resolve);
		});
		return /^y(?:es)?$/i.test(answer.trim());
	} finally {
		lines.close();
	}
}

/** Arguments → command → exit code. Every error ends here: `UsageError` is 2, anything else is our bug, 70. */
export async function runCommandLine(table: CommandTable, argv: readonly string[], around: Surroundings): Promise<number> {
	const [name = '', ...rest] = argv;
	try {
		if (name === '--version' || name === '-v') return print(around, `migration-guard ${VERSION}\n`);
		if (name === '' || name === '--help' || name === '-h' || name === 'help') return await help(table, rest, around, name === '');
		const command = await load(table, name);
		const {values, positionals} = parse(command, rest);
		if (values.help) return print(around, commandHelp(command));
		return await command.run({...around, values, positionals});
	} catch (error) {
		// By name: a chunk that is loaded on demand was built apart and has a class of its own.
		if (error instanceof Error && error.name === 'UsageError') {
			around.err(`migration-guard: ${error.message}\n`);
			return EXIT.usage;
		}
		around.err(bugText(error, versions(around.cwd)));
		return EXIT.bug;
	}
}

function print(around: Surroundings, text: string): number {
	around.out(text);
	return EXIT.ok;
}

/** `help NAME` is that command's help; without a command the overview, which is a mistake only when nothing was typed. */
async function help(table: CommandTable, rest: readonly string[], around: Surroundings, nothingTyped: boolean): Promise<number> {
	if (rest[0] !== undefined) return print(around, commandHelp(await load(table, rest[0])));
	const commands = await Promise.all(Object.keys(table).map(name => load(table, name)));
	const text = overview(commands.filter(command => !command.internal));
	if (!nothingTyped) return print(around, text);
	around.err(text);
	return EXIT.usage;
}

async function load(table: CommandTable, name: string): Promise<Command> {
	const entry = Object.hasOwn(table, name) ? table[name] : undefined;
	if (!entry) throw new UsageError(unknownCommand(name, Object.keys(table)));
	return (await entry()).command;
}

function parse(command: Command, args: readonly string[]) {
	try {
		return parseArgs({
			args: [...args],
			options: {...command.options, help: {type: 'boolean', short: 'h'}},
			allowPositionals: true,
		});
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS_')) {
			throw new UsageError(`${command.name}: ${(error as Error).message}\nhint: migration-guard ${command.name} --help`);
		}
		throw error;
	}
}
