import {expectSuccess, type Result, run} from './command.ts';

/** The git under test; the suite is run with several. */
export const GIT = process.env.MIGRATION_GUARD_TEST_GIT || 'git';

type Verb = (...args: readonly string[]) => Promise<Result>;

/** git in one worktree. Every verb throws unless git succeeds; `attempt` hands the failure back to be looked at. */
export interface Git {
	(...args: readonly string[]): Promise<Result>;
	attempt: Verb;
	/** `git add -A && git commit -m MESSAGE`: everything that lies there. */
	commit(message: string, ...options: readonly string[]): Promise<Result>;
	add: Verb;
	branch: Verb;
	checkout: Verb;
	config: Verb;
	fetch: Verb;
	merge: Verb;
	mv: Verb;
	pull: Verb;
	push: Verb;
	rebase: Verb;
	reset: Verb;
	stash: Verb;
	/** Standard output of a successful command. */
	text(...args: readonly string[]): Promise<string>;
	/** Lines of a successful command's output. */
	lines(...args: readonly string[]): Promise<readonly string[]>;
	/** The commit a revision names. */
	oid(revision?: string): Promise<string>;
	/** The parents of a commit, in order. */
	parents(revision?: string): Promise<readonly string[]>;
	/** Status of the worktree, one line a path; empty when clean. */
	status(): Promise<string>;
	/** `A shop/migrations/0004_discount.py` …: what one commit changed, renames not guessed. */
	changes(revision?: string): Promise<readonly string[]>;
	/** The same git with more in its environment. */
	with(env: Readonly<Record<string, string>>): Git;
	/** The same git in another worktree. */
	in(cwd: string): Git;
}

/** Put git at work in `cwd`. `environment` is asked anew for each command: it holds the stepping clock. */
export function gitIn(cwd: string, environment: () => Record<string, string>): Git {
	const attempt: Verb = (...args) => run(GIT, args, {cwd, env: environment()});
	const succeed: Verb = async (...args) => expectSuccess(await attempt(...args));
	const text = async (...args: readonly string[]) => (await succeed(...args)).stdout;
	const lines = async (...args: readonly string[]) => (await text(...args)).split('\n').filter(line => line !== '');
	const verb =
		(name: string): Verb =>
		(...args) =>
			succeed(name, ...args);
	return Object.assign((...args: readonly string[]) => succeed(...args), {
		attempt,
		async commit(message: string, ...options: readonly string[]) {
			await succeed('add', '-A');
			return succeed('commit', '-m', message, ...options);
		},
		add: verb('add'),
		branch: verb('branch'),
		checkout: verb('checkout'),
		config: verb('config'),
		fetch: verb('fetch'),
		merge: verb('merge'),
		mv: verb('mv'),
		pull: verb('pull'),
		push: verb('push'),
		rebase: verb('rebase'),
		reset: verb('reset'),
		stash: verb('stash'),
		text,
		lines,
		oid: (revision = 'HEAD') => text('rev-parse', '--verify', revision),
		parents: async (revision = 'HEAD') => (await text('rev-list', '--parents', '-1', revision)).split(' ').slice(1),
		status: () => text('status', '--porcelain', '--untracked-files=all'),
		changes: async (revision = 'HEAD') =>
			(await lines('diff-tree', '-r', '--no-renames', '--name-status', '--no-commit-id', revision)).map(line =>
				line.replace('\t', ' '),
			),
		with: (env: Readonly<Record<string, string>>) => gitIn(cwd, () => ({...environment(), ...env})),
		in: (other: string) => gitIn(other, environment),
	});
}
