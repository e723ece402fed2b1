import {appOf, nameOf} from '../migrations/key.ts';
import {type Draft, run, type Step} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {placesOf} from './look-up.ts';

type Irreversible = Extract<Diagnosis, {kind: 'irreversible'}>;

/** IrreversibleError: which operation has no way back, and the two ways on. */
export function explainIrreversible({node, operation}: Irreversible, facts: Facts): Draft {
	const loaded = node === null ? undefined : facts.project.nodes.get(node);
	const type = operation && /^\w+$/.test(operation) ? operation : null;
	const found = loaded ? callsOf(facts.text(loaded.path), type) : [];
	const places =
		loaded && found.length > 0
			? found.map(({line}) => ({path: loaded.path, line}))
			: placesOf(facts, node === null ? [] : [node]);
	const [first] = found;
	const edits: Step[] =
		loaded && first
			? [
					{
						kind: 'edit',
						path: loaded.path,
						line: first.end.line,
						before: first.end.before,
						after: first.end.after,
						why: 'going back then does nothing; write what undoes it where it has to be undone',
					},
				]
			: [];
	return {
		title: `${node ?? 'a migration'} has an operation that cannot be undone, so Django does not go back past it`,
		cause: [
			...found.map(({line, name}) => `${name} in ${loaded!.path}:${line} has no reverse.`),
			...(node !== null && !loaded ? [`This tree has no ${node}.`] : []),
			'What ran before it in the same command is already unapplied: showmigrations tells where the database stands now.',
		],
		here: loaded !== undefined,
		nodes: node === null ? [] : [node],
		places,
		ways: [
			...(edits.length > 0
				? [
						{
							when: 'when going back needs to undo nothing',
							steps: [...edits, run(`${facts.manage} migrate ${appOf(node!)} ${parentName(facts, node!)}`, 'goes back')],
						},
					]
				: []),
			{
				when: 'in production: go on, not back',
				steps: [
					run(
						`${facts.manage} makemigrations ${node === null ? 'APP' : appOf(node)} --empty --name undo${node === null ? '' : `_${nameOf(node).replace(/^\d+_/, '').replace(/\W/g, '_')}`}`,
						'a new migration for the operations that mend it',
					),
				],
			},
		],
		notes: [
			...(node === null
				? []
				: [
						`migration-guard rollback-plan ${appOf(node)} ${parentName(facts, node)} lists beforehand what would be reversed, and what cannot be.`,
					]),
			'RemoveField and DeleteModel can be reversed: the column or table comes back, empty. Only RunPython without reverse_code and RunSQL without reverse_sql cannot.',
		],
	};
}

const REVERSE: Readonly<Record<string, string>> = {
	RunPython: 'reverse_code=migrations.RunPython.noop',
	RunSQL: 'reverse_sql=migrations.RunSQL.noop',
};

interface Call {
	readonly name: string;
	readonly line: number;
	/** The last line of the call, and what it becomes with the argument. */
	readonly end: {readonly line: number; readonly before: string; readonly after: string};
}

/** The calls in a text that have no word of a reverse before their bracket closes. */
function callsOf(text: string, only: string | null): Call[] {
	const lineOf = (at: number) => text.slice(0, at).split('\n').length;
	return [...text.matchAll(/^[ \t]*[^\n#]*?\b(RunPython|RunSQL)\(/gm)].flatMap(match => {
		const name = match[1]!;
		const end = closing(text, match.index + match[0].length);
		const call = text.slice(match.index, end);
		const positional = /\(\s*[\w.]+\s*,\s*(?!(?:atomic|hints|elidable|state_operations)\b)[\w.]+\s*[,)]/.test(call);
		if ((only !== null && only !== name) || /\breverse_(?:code|sql)\s*=/.test(call) || positional) return [];
		const before = text.slice(Math.max(match.index, text.lastIndexOf('\n', end - 1) + 1), end).trimStart();
		const comma = /,\s*\)$/.test(call) ? '' : ', ';
		const after = `${before.slice(0, -1)}${comma}${REVERSE[name]})`;
		return [{name, line: lineOf(match.index), end: {line: lineOf(end), before, after}}];
	});
}

function closing(text: string, from: number): number {
	let depth = 1;
	let at = from;
	for (; at < text.length && depth > 0; at++) {
		if (text[at] === '(') depth++;
		else if (text[at] === ')') depth--;
	}
	return at;
}

function parentName({graph}: Facts, node: string): string {
	const parent = graph.parents(node).find(other => appOf(other) === appOf(node));
	return parent === undefined ? 'zero' : nameOf(parent);
}
