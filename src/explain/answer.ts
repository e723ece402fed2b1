import type {Place} from '../migrations/check.ts';
import type {NodeKey} from '../migrations/key.ts';
import type {Trouble} from './diagnosis.ts';

/** Something to do: a whole command line, or a change of one line of a file. */
export type Step =
	| {readonly kind: 'run'; readonly command: string; readonly why: string}
	/** `before` becomes `after` on that line; without `before` it is put in after the bracket that opens there, without `after` it goes. */
	| {
			readonly kind: 'edit';
			readonly path: string;
			readonly line: number;
			readonly before: string | null;
			readonly after: string | null;
			readonly why: string;
	  };

/** Steps that belong together, and when they are right. Of several ways the first that is right is the best. */
export interface Way {
	readonly when: string;
	readonly steps: readonly Step[];
}

/** What an error means in this repository. All texts are for people. */
export interface Answer {
	readonly code: Trouble['kind'];
	/** The part of the text that was recognised. */
	readonly said: string;
	/** False: real Django never prints this, or the advice does nothing. */
	readonly genuine: boolean;
	/** What it means, in one sentence. */
	readonly title: string;
	/** Whether the cause was found in the tree that was looked at. */
	readonly here: boolean;
	/** The cause in this repository. */
	readonly cause: readonly string[];
	readonly nodes: readonly NodeKey[];
	readonly places: readonly Place[];
	readonly ways: readonly Way[];
	/** What else should be known before any of it is done. */
	readonly notes: readonly string[];
}

/** An answer without what is the same for all; `explain` adds it. */
export type Draft = Pick<Answer, 'title' | 'cause' | 'ways'> &
	Partial<Pick<Answer, 'genuine' | 'here' | 'nodes' | 'places' | 'notes'>>;

/** A command to run. */
export function run(command: string, why: string): Step {
	return {kind: 'run', command, why};
}

/** A line to change. */
export function edit({path, line}: Place, before: string | null, after: string | null, why: string): Step {
	return {kind: 'edit', path, line, before, after, why};
}
