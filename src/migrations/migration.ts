import type {Span} from '../python/source.ts';

/** `('users', '0002_email')` in `dependencies`, `replaces` or `run_before`. */
export interface NodeReference {
	readonly kind: 'node';
	readonly app: string;
	readonly name: string;
	/** The whole tuple. */
	readonly span: Span;
	/** Inside the quotes; NOWHERE when the text is not one plain literal that only this reference uses. */
	readonly appSpan: Span;
	readonly nameSpan: Span;
}

/** `migrations.swappable_dependency(settings.AUTH_USER_MODEL)`. */
export interface SwappableReference {
	readonly kind: 'swappable';
	/** The name of the setting. */
	readonly setting: string;
	readonly span: Span;
}

export type Reference = NodeReference | SwappableReference;

/** The span of what cannot be edited in place. */
export const NOWHERE: Span = {from: -1, to: -1};

/** What was read of one of the three attributes that hold edges. */
export interface EdgeList {
	readonly items: readonly Reference[];
	/** Why not all of it could be read ("a function call"), or null. What is dynamic is never edited by guess. */
	readonly dynamic: string | null;
	readonly dynamicSpan?: Span;
	/** The whole assigned values: blanked for identity. */
	readonly values: readonly Span[];
	/** The list or tuple literal into which an element can be inserted. */
	readonly list: Span | null;
}

/** A module with a class Migration, as far as the graph needs it. */
export interface Migration {
	readonly dependencies: EdgeList;
	readonly replaces: EdgeList;
	readonly runBefore: EdgeList;
	readonly classSpan: Span;
	/** The line of the class, from 1. */
	readonly line: number;
	/** An empty literal, a literal with elements, something computed, or no such attribute. */
	readonly operations: 'empty' | 'some' | 'dynamic' | 'none';
	/** Where a `dependencies = [...]` statement can be put: the first statement of the body after its docstring. */
	readonly insertAt: number | null;
	/** The indentation of the class body. */
	readonly indent: string;
}

/** A module that Django refuses to load, or that this program cannot read. */
export interface Unreadable {
	readonly unreadable: 'syntax' | 'conflict-markers' | 'carry' | 'no-migration-class' | 'not-a-migration' | 'too-large' | 'south';
	readonly why: string;
	readonly line: number;
}

/** Tell them apart with `'unreadable' in reading`. */
export type Reading = Migration | Unreadable;
