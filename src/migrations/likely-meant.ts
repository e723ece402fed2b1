import type {MigrationGraph} from './graph.ts';
import {appOf, type NodeKey, nameOf} from './key.ts';
import {parseNumber, suffixOf} from './name.ts';

/** The migrations of the app that a dangling name may mean by now: the same but for the number, or of the same number. */
export function likelyMeant(graph: MigrationGraph, app: string, name: string): NodeKey[] {
	const own = graph.keys.filter(key => appOf(key) === app);
	const renumbered = own.filter(key => suffixOf(nameOf(key)) === suffixOf(name) && suffixOf(name) !== '');
	return renumbered.length > 0
		? renumbered
		: own.filter(key => parseNumber(name) !== null && parseNumber(nameOf(key)) === parseNumber(name));
}
