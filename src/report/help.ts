import type {Command, Option} from '../commands/command.ts';
import {table} from './words.ts';

/** `migration-guard --help`: every command on a line of its own. */
export function overview(commands: readonly Command[]): string {
	return [
		'Keeps Django migration histories linear through every git merge, pull and rebase.',
		'',
		'usage: migration-guard COMMAND [OPTIONS]',
		'',
		...table(commands.map(({name, summary}) => [name, summary])),
		'',
		'migration-guard COMMAND --help explains one of them; migration-guard --version prints the version.',
		'Exit codes: 0 linear or done, 1 problems left, 2 usage or configuration, 70 our bug, 130 interrupted.',
		'MIGRATION_GUARD=0 in the environment switches the hooks and the merge driver off.',
		'',
	].join('\n');
}

/** `migration-guard COMMAND --help`: usage, options and examples from the table. */
export function commandHelp(command: Command): string {
	const options = Object.entries(command.options).map(([name, option]) => [flag(name, option), option.about] as const);
	return [
		`usage: migration-guard ${`${command.name} ${command.usage}`.trim()}`,
		'',
		command.about ?? `${command.summary}.`,
		'',
		...table([...options, ['-h, --help', 'show this']]),
		...(command.examples.length === 0 ? [] : ['', 'examples:', ...table(command.examples)]),
		'',
	].join('\n');
}

/** The message for a command that does not exist, with the nearest one that does. */
export function unknownCommand(name: string, known: readonly string[]): string {
	const near = known.find(candidate => candidate.startsWith(name) || distance(candidate, name) <= 2);
	return `there is no command "${name}"${near ? `; did you mean "${near}"?` : ''}\nhint: migration-guard --help`;
}

/** What is printed when an impossible thing happened: everything a report needs. */
export function bugText(error: unknown, versions: readonly string[]): string {
	const shown = error instanceof Error ? (error.stack ?? String(error)) : String(error);
	return [
		`migration-guard: internal error: ${shown}`,
		'',
		'This is a bug in migration-guard and not your mistake; your repository is as git left it or as it was before.',
		'Please report it with the lines above and these versions:',
		`  ${versions.join(', ')}`,
		'MIGRATION_GUARD=0 in the environment switches the hooks and the merge driver off meanwhile.',
		'',
	].join('\n');
}

function flag(name: string, option: Option): string {
	const short = option.short === undefined ? '' : `-${option.short}, `;
	return `${short}--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`;
}

/** Levenshtein distance, for two short words. */
function distance(a: string, b: string): number {
	let previous = Array.from({length: b.length + 1}, (_, index) => index);
	for (let i = 1; i <= a.length; i++) {
		const current = [i];
		for (let j = 1; j <= b.length; j++) {
			const substitution = previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
			current.push(Math.min(substitution, previous[j]! + 1, current[j - 1]! + 1));
		}
		previous = current;
	}
	return previous[b.length]!;
}
