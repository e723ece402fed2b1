import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {commute} from '../../src/commute/commute.ts';
import type {Operation} from '../../src/operations/operation.ts';
import {readOperations} from '../../src/operations/read-operations.ts';
import {applyAll} from '../../src/state/apply.ts';
import {EMPTY, failed, type State} from '../../src/state/state.ts';
import type {Verdict, Work} from '../../src/state/work.ts';
import type {Django} from './django.ts';

const SCRIPT = fileURLToPath(new URL('commute.py', import.meta.url));

/** What real Django did with two migrations in both orders; straight is mainline first. */
interface Truth {
	readonly straight: string | null;
	readonly turned: string | null;
	readonly differs: string | null;
	readonly checks: readonly string[];
}

export type Class = 'conflict' | 'review' | 'commutes';

/** A pair, what Django did, and what we say. */
export interface Case {
	readonly name: string | null;
	/** The small project that they start from. */
	readonly world: string;
	readonly kinds: readonly [string, string];
	readonly mainline: string;
	readonly incoming: string;
	readonly truth: Truth;
	/** What Django's answer comes to. */
	readonly is: Class;
	readonly said: Class;
	readonly verdicts: readonly Verdict[];
}

/** How commute.py is to be called, besides its arguments. */
export interface Calling {
	readonly env?: Readonly<Record<string, string>>;
	readonly input?: string;
}

/** Let Django run pairs, and judge the same ones. Pairs that do not work alone are left out. */
export async function askBoth(django: Django, args: readonly string[], calling?: Calling): Promise<readonly Case[]> {
	return judgeAll(await askDjango(django, args, calling));
}

/** Let Django run pairs: one JSON document a line (commute.py says which), of which `judgeAll` makes cases. */
export async function askDjango(django: Django, args: readonly string[], {env = {}, input = ''}: Calling = {}): Promise<string> {
	const {stdout} = await execa(django.python, ['-W', 'ignore', SCRIPT, ...args], {
		env: {PYTHONHASHSEED: '0', PYTHONPATH: '', PYTHONDONTWRITEBYTECODE: '1', DJANGO_SETTINGS_MODULE: '', ...env},
		input,
		maxBuffer: 1e9,
	});
	return stdout;
}

/** Judge the pairs that commute.py wrote. */
export function judgeAll(answers: string): readonly Case[] {
	const bases = new Map<string, State>();
	return answers
		.split('\n')
		.filter(Boolean)
		.map(line => JSON.parse(line) as Case & {base: string | readonly string[]; skipped?: string})
		.filter(({skipped}) => skipped === undefined)
		.map(({base, ...pair}) => {
			const key = String(base);
			if (!bases.has(key)) bases.set(key, baseOf([base].flat()));
			const verdicts = commute(bases.get(key)!, workIn(pair.mainline, '0002_mainline'), workIn(pair.incoming, '0002_incoming'));
			// Answers of before there were worlds have one base and name none.
			return {...pair, world: pair.world ?? 'shop', verdicts, is: classOf(pair.truth), said: verdicts[0]?.verdict ?? 'commutes'};
		});
}

function baseOf(texts: readonly string[]): State {
	const state = applyAll(EMPTY, texts.flatMap(operationsIn));
	if (failed(state)) throw new Error(`the base of the pairs does not apply: ${state.error}`);
	return state;
}

function workIn(text: string, name: string): Work[] {
	return operationsIn(text).map(operation => {
		const {app} = operation;
		return {operation, key: `${app}.${name}`, path: `${app}/migrations/${name}.py`};
	});
}

/** The operations of a module, or of several; the first line of each may say of which app it is. */
function operationsIn(text: string): readonly Operation[] {
	return text.split(/^(?=# app: )/m).flatMap(module => readOperations(module, /^# app: (\w+)/.exec(module)?.[1] ?? 'shop'));
}

function classOf({straight, turned, differs, checks}: Truth): Class {
	if (straight !== null || differs !== null || checks.length > 0) return 'conflict';
	return turned === null ? 'commutes' : 'review';
}

/** Never: Django fails or ends differently, and we say that it commutes. */
export function missed(cases: readonly Case[]): readonly Case[] {
	return cases.filter(({is, said}) => said === 'commutes' && is !== 'commutes');
}

/** Django has nothing to object to, and we stop. */
export function stopped(cases: readonly Case[]): readonly Case[] {
	return cases.filter(({is, said}) => said === 'conflict' && is === 'commutes');
}

/**
 * What SQLite lets pass and PostgreSQL does not: a column or a constraint that is there already (SQLite makes the table anew), and a check
 * on a column whose type changes.
 */
export function onlyPostgres({verdicts}: Case): boolean {
	return /duplicate column name|already exists|operator does not exist|cannot alter type/.test(verdicts[0]?.what ?? '');
}

/** Whether both sides work on one model: others commute for the asking. */
export function meets({mainline, incoming}: Case): boolean {
	const models = (text: string) => operationsIn(text).flatMap(modelsOf);
	const known = new Set(models(mainline));
	return models(incoming).some(model => known.has(model));
}

/** The models an operation is about; those inside of it, and those its code asks for, count. */
function modelsOf(operation: Operation): readonly string[] {
	switch (operation.kind) {
		case 'Separate':
			return [...operation.database, ...operation.state].flatMap(modelsOf);
		case 'Run':
			return [...operation.mentions.models, ...operation.state.flatMap(modelsOf)];
		default:
			return operation.model === null ? [] : [operation.model];
	}
}

/** A case in a few lines, for people. */
export function describeCase({name, mainline, incoming, truth, is, said, verdicts}: Case): string {
	const operations = (text: string) => /operations = \[\s*([\s\S]*?)\s*\]\n$/.exec(text)?.[1]?.replace(/\s+/g, ' ') ?? text;
	return [
		`${is} for Django, ${said} to us: ${name ?? `${operations(mainline)}  |  ${operations(incoming)}`}`,
		`  straight: ${truth.straight ?? 'works'}; turned: ${truth.turned ?? 'works'}; ${truth.differs ?? 'same end'}; ${truth.checks.join(', ')}`,
		...verdicts.map(({verdict, what}) => `  ${verdict}: ${what}`),
	].join('\n');
}
