import type {Look} from '../database/ask.ts';
import type {Sequence} from '../database/sequence.ts';
import type {Survey, Surveyed} from '../database/survey.ts';
import {nameOf} from '../migrations/key.ts';
import {count} from './words.ts';

/** `db status` for people: each database, what it knows under old names, and what to do. */
export function statusText(look: Look, {origins, databases}: Survey): string {
	const found = origins.length > 0 && databases.some(({renamed}) => renamed.length > 0);
	return [
		...databases.flatMap(surveyed => lines(look, surveyed)),
		...(found ? [`The old names are those of ${origins.map(({label}) => label).join(' and ')}.`] : []),
		'',
	].join('\n');
}

function lines({django}: Look, {database, state, renamed, orphans, check, error}: Surveyed): string[] {
	const {alias, vendor, name, file, host} = database;
	const head = `${alias} (${vendor}, ${file ?? name}${host === '' ? '' : ` on ${host}`}, Django ${django})`;
	const stray = orphans.length === 0 ? [] : [`  applied, and no migration of this worktree: ${orphans.join(', ')}`];
	if (state === 'unknown') return [`${head}: could not be asked`, `  ${error}`, ...stray];
	if (state === 'current')
		return [`${head}: ${stray.length === 0 ? 'in step with this worktree' : 'knows no old names of this worktree'}`, ...stray];
	const names = renamed.map(({from, to}) => `  ${from} is applied; it is ${nameOf(to)} now`);
	const waiting = (check?.waiting ?? []).map(key => `  ${key} is not applied, and has to come before`);
	const missing =
		state === 'damaged'
			? (check?.complaints ?? [])
					.filter(([, , kind]) => kind === 'missing')
					.map(([, what]) => `  ${what}, although its migration is applied`)
			: [];
	const doubt =
		state === 'undecided' ? ['  mainline has migrations of these names, too, and the tables look the same with either'] : [];
	const next = state === 'old-names' ? ['  next: migration-guard db repair'] : [];
	return [`${head}: knows ${count(renamed.length, 'old name')}`, ...names, ...waiting, ...missing, ...doubt, ...stray, ...next];
}

/** What `--json` says of a survey. */
export function statusJson(look: Look, {origins, databases}: Survey): Readonly<Record<string, unknown>> {
	return {
		django: look.django,
		settings: look.settings,
		debug: look.debug,
		from: origins.map(({commit, label}) => ({commit, label})),
		databases: databases.map(({database: {alias, vendor, name, host, file}, state, renamed, orphans, check, error}) => ({
			alias,
			vendor,
			name,
			host,
			file,
			state,
			oldNames: renamed,
			notInWorktree: orphans,
			before: check?.waiting ?? [],
			problems: (check?.complaints ?? []).map(([app, what, kind]) => ({app, what, kind})),
			error,
		})),
	};
}

/** The steps of a sequence, as they will be run. */
export function sequenceText(sequence: Sequence): string[] {
	const where = sequence.alias === 'default' ? '' : ` --database ${sequence.alias}`;
	const steps =
		sequence.kind === 'keep'
			? [
					...sequence.targets.map(key => `migrate ${key.replace('.', ' ')}${where}, with the rows read under their new names`),
					...sequence.renamed.map(({from, to}) => `rename the row ${from} to ${nameOf(to)}`),
				]
			: [
					`check out ${sequence.origin.label}`,
					...sequence.targets.map(
						([app, name]) =>
							`migrate ${app} ${name || 'zero'}${where}, which takes back ${sequence.leaving.filter(key => key.startsWith(`${app}.`)).join(', ')} and all that depends on it`,
					),
					'return to this checkout',
				];
	const end = [`migrate${where}`, 'look at the tables and the history'];
	const head = sequence.kind === 'keep' ? 'This keeps the data:' : 'This loses the data in what these migrations added:';
	return [`${sequence.alias}: ${head}`, ...[...steps, ...end].map((step, index) => `  ${index + 1}. ${step}`)];
}
