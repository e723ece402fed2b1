/** What to do about a finding: fail, say it, or neither. */
export type Verdict = 'stop' | 'warn' | 'off';

/** A finding that is known and accepted, with the reason why. */
export interface Ignored {
	/** Code of the finding, for example `MG004`. */
	readonly code: string;
	/** What it is accepted for: an app label, a node key, or, for work that does not commute, `app.node...app.node`. */
	readonly target: string;
	readonly reason: string;
}

/** The configuration, complete: every key has a value. */
export interface Config {
	/** Mainline refs, or null: found (see git/revisions.ts). */
	readonly mainline: readonly string[] | null;
	/** Globs of migration folders, beside those found. */
	readonly folders: readonly string[];
	/** Folder → app label. */
	readonly apps: Readonly<Record<string, string>>;
	readonly strategy: 'renumber' | 'merge';
	readonly commit: 'amend' | 'separate';
	/** A branch that would fork mainline, where it is judged before its merge (`check --against`). */
	readonly forks: Verdict;
	readonly conflicts: Verdict;
	readonly reviews: Verdict;
	/** Milliseconds. */
	readonly staleAfter: number;
	readonly prePush: 'refuse' | 'warn';
	readonly backport: 'repoint' | 'merge' | 'refuse';
	readonly singleOwner: Verdict;
	readonly ignore: readonly Ignored[];
	/** Milliseconds. */
	readonly undoFor: number;
	readonly watch: Watch;
}

/** What the daemon does besides watching. */
export interface Watch {
	/** Milliseconds between two looks at the remotes; 0: it never fetches. */
	readonly fetchEvery: number;
	/** Whether a fork that stands is resolved without being asked. */
	readonly autoFix: boolean;
	/** Whether news are shown on the desktop, where there is one. */
	readonly notify: 'desktop' | 'off';
	/** Whether a hook starts the daemon where none runs. */
	readonly autoStart: boolean;
}

const day = 24 * 60 * 60 * 1000;

/** What holds where nothing is configured. */
export const DEFAULTS: Config = {
	mainline: null,
	folders: [],
	apps: {},
	strategy: 'renumber',
	commit: 'amend',
	forks: 'stop',
	conflicts: 'stop',
	reviews: 'warn',
	staleAfter: 7 * day,
	prePush: 'refuse',
	backport: 'repoint',
	singleOwner: 'off',
	ignore: [],
	undoFor: 30 * day,
	watch: {fetchEvery: 0, autoFix: false, notify: 'desktop', autoStart: false},
};
