import type {Field} from '../operations/field.ts';
import type {Operation, Rule} from '../operations/operation.ts';
import {flatInDatabase} from '../operations/parts.ts';
import {conflict, type Judgement, review} from './judgement.ts';

/** What PostgreSQL has for a whole database, as keys of Names: `collation:nocase`, `extension:hstore`. */
type Thing = string;

/** What an operation takes away of it. */
export function thingsTaken(operation: Operation): readonly Thing[] {
	return flatInDatabase(operation).flatMap(part => {
		if (part.kind === 'RemoveThing') return [part.thing.toLowerCase()];
		if (part.kind === 'Opaque') return OTHERS.test(part.title) ? [...part.words].map(word => `extension:${word}`) : [];
		if (part.kind !== 'Run') return [];
		const {mentions} = part;
		return [...mentions.drops, ...(mentions.sql?.drops ?? [])].filter(key => /^(?:collation|extension):/.test(key));
	});
}

/** Django has no such operation, but projects do. */
const OTHERS = /^(?:Remove|Drop|Delete)\w*Extension\b/;

/**
 * A thing that one side takes away, and the other needs: PostgreSQL neither makes a column with what is gone nor lets go of what a column has. SQLite has none
 * (contrib/postgres/operations.py leaves it alone). `rest`: what mainline does behind its operation.
 */
export function judgeThings(mainline: Operation, incoming: Operation, rest: readonly Operation[]): Judgement | null {
	const judgement = judge(mainline, incoming, rest);
	const isRead = [mainline, incoming].flatMap(flatInDatabase).every(({kind}) => kind !== 'Opaque');
	return judgement && (isRead ? judgement : review(judgement.what));
}

function judge(mainline: Operation, incoming: Operation, rest: readonly Operation[]): Judgement | null {
	for (const thing of thingsTaken(mainline)) {
		const isTwice = incoming.kind === 'RemoveThing' && mainline.kind === 'RemoveThing' && thingsTaken(incoming).includes(thing);
		if (isTwice) return conflict(`ProgrammingError: ${thing.replace(':', ' ')} does not exist`);
		const user = userOf(incoming, thing);
		const isMadeAgain = rest
			.flatMap(flatInDatabase)
			.some(each => each.kind === 'CreateThing' && each.thing.toLowerCase() === thing);
		if (user && isMadeAgain) return {verdict: 'review', reason: 'order', what: `mainline makes ${nameOf(thing)} anew before`};
		if (user?.certain) return conflict(`ProgrammingError: ${thing.replace(':', ' ')} does not exist`);
		if (user) return review(`this SQL may need ${nameOf(thing)}, which mainline takes away`);
	}
	for (const thing of thingsTaken(incoming)) {
		const user = userOf(mainline, thing);
		const isForced = flatInDatabase(incoming).some(part => part.kind === 'Run' && part.mentions.words.has('cascade'));
		if (user && (isForced || !user.certain)) return review(`${nameOf(thing)} goes away, and ${mainline.title} may need it`);
		if (user) return conflict(`InternalError: cannot drop ${thing.replace(':', ' ')} because other objects depend on it`);
	}
	return null;
}

function nameOf(thing: Thing): string {
	return `the ${thing.replace(':', ' ')}`;
}

function userOf(operation: Operation, thing: Thing): {readonly certain: boolean} | null {
	const parts = flatInDatabase(operation);
	if (parts.some(part => thingsNeeded(part).includes(thing))) return {certain: true};
	const name = thing.slice(thing.indexOf(':') + 1);
	const isNamed = parts.some(part => part.kind === 'Run' && part.mentions.words.has(name) && !part.mentions.drops.has(thing));
	return isNamed ? {certain: false} : null;
}

function thingsNeeded(operation: Operation): Thing[] {
	switch (operation.kind) {
		case 'AddField':
		case 'AlterField':
			return neededBy(operation.field);
		case 'AddIndex':
		case 'AddConstraint':
			return neededByRule(operation.rule);
		case 'CreateModel':
			return [...operation.fields.flatMap(neededBy), ...[...operation.indexes, ...operation.constraints].flatMap(neededByRule)];
		default:
			return [];
	}
}

/** Whose types are an extension's. */
const TYPES: readonly (readonly [RegExp, string])[] = [
	[/^HStoreField$/, 'hstore'],
	[/^CI(?:Char|Text|Email)Field$/, 'citext'],
	[/^(?:Geometry|GeometryCollection|Point|LineString|Polygon|MultiPoint|MultiLineString|MultiPolygon|Raster)Field$/, 'postgis'],
	[/^BloomIndex$/, 'bloom'],
];

function extensionOf(type: string): Thing[] {
	return TYPES.filter(([types]) => types.test(type)).map(([, name]) => `extension:${name}`);
}

function neededBy({type, text}: Field): Thing[] {
	const collation = /\bdb_collation="([^"]*)"/.exec(text)?.[1];
	return [...extensionOf(type), ...(collation ? [`collation:${collation.toLowerCase()}`] : [])];
}

function neededByRule({type, text}: Rule): Thing[] {
	const collations = [...text.matchAll(/\bCollate\([^()]*,"([^"]*)"\)/g)].map(([, name]) => `collation:${name!.toLowerCase()}`);
	return [...extensionOf(type), ...collations, ...(/"gi(?:n|st)_trgm_ops"/.test(text) ? ['extension:pg_trgm'] : [])];
}
