import {codeAfter, codeBefore, concerns} from './code-beside-change.ts';
import {type Judgement, review} from './judgement.ts';
import type {Mentions, Operation} from './operation.ts';
import type {Models} from './state.ts';

/** Whether any part of an operation is code, SQL or unreadable. */
export function isOpaque(operation: Operation): boolean {
	return partsOf(operation).some(({kind}) => kind === 'Run' || kind === 'Opaque');
}

/** Judge two operations of which at least one is code or unreadable; `models` is what both start from. Null: they have nothing to do with each other. */
export function judgeOpaque(mainline: Operation, incoming: Operation, models: Models): Judgement | null {
	const found = partsOf(mainline).flatMap(first => partsOf(incoming).flatMap(second => judgeParts(first, second, models) ?? []));
	return found.find(({verdict}) => verdict === 'conflict') ?? found[0] ?? besideParted(mainline, incoming, models);
}

/** Code on a model of which Django knows other things than the database has. */
function besideParted(mainline: Operation, incoming: Operation, models: Models): Judgement | null {
	for (const [one, other] of [[mainline, incoming] as const, [incoming, mainline] as const]) {
		if (one.kind !== 'Separate') continue;
		const codes = partsOf(other).flatMap(part => (part.kind === 'Run' ? [part.mentions] : []));
		if (codes.some(code => partsOf(one).some(part => concerns(code, part, models)))) {
			return review('this code works on a model whose state and table are changed apart');
		}
	}
	return null;
}

function partsOf(operation: Operation): Operation[] {
	if (operation.kind === 'Separate') return [...operation.database, ...operation.state].flatMap(partsOf);
	return operation.kind === 'Run' ? [operation, ...operation.state.flatMap(partsOf)] : [operation];
}

function judgeParts(mainline: Operation, incoming: Operation, models: Models): Judgement | null {
	if (mainline.kind === 'Opaque' || incoming.kind === 'Opaque') return besideOpaque(mainline, incoming);
	if (mainline.kind === 'Run' && incoming.kind === 'Run') return besideCode(mainline.mentions, incoming.mentions);
	if (incoming.kind === 'Run') return codeAfter(incoming.mentions, mainline, models, incoming.app);
	if (mainline.kind === 'Run') return codeBefore(mainline.mentions, incoming, models, mainline.app);
	return null;
}

function besideOpaque(mainline: Operation, incoming: Operation): Judgement | null {
	const [one, other] = mainline.kind === 'Opaque' ? [mainline, incoming] : [incoming, mainline];
	if (one.kind !== 'Opaque' || other.kind === 'Harmless') return null;
	const models = other.kind === 'Run' ? [...other.mentions.models] : [other.model];
	const meets = one.model === null ? one.app === other.app : models.includes(one.model) || other.model === null;
	return meets && (one.app === other.app || models.includes(one.model)) ? review(`cannot be read: ${one.why}`) : null;
}

/** Asked for to look up a key, by all code that has to do with generic relations. */
const LOOKED_UP = 'contenttypes.contenttype';

function besideCode(mainline: Mentions, incoming: Mentions): Judgement | null {
	const shared = [...mainline.models].find(key => incoming.models.has(key) && key !== LOOKED_UP);
	if (shared) return review(`both work on the rows of ${shared}`);
	const tables = (mentions: Mentions) => [...mentions.words].filter(word => /^[a-z]\w*_\w/.test(word));
	const table =
		mainline.language === 'sql' && incoming.language === 'sql' && tables(mainline).find(word => incoming.words.has(word));
	return table ? review(`both name ${table}`) : null;
}
