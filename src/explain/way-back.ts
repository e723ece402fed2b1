import {appOf, nameOf} from '../migrations/key.ts';
import {run, type Way} from './answer.ts';
import type {Facts, Former} from './facts.ts';

/** What `db repair` does: it looks at the database before, and at the tables and the history after. */
export const REPAIR: Way = {
	when: 'on a database for development: nothing is lost',
	steps: [
		run('migration-guard db repair', 'shows what it would do, asks, gives the rows their new names, and looks at the result'),
	],
};

/**
 * The one sequence that is right for every history and database: go back to before the renumbered migrations on a tree that
 * still calls them as the database does, then forward. It loses what is in their own columns and tables.
 */
export function backToForkPoint({manage}: Facts, {key, commit, forkPoint}: Former): Way {
	return {
		when: 'always right; what is in the columns and tables of the renumbered migrations is lost',
		steps: [
			run(`git checkout --detach ${commit}`, 'a tree with the old names; commit or stash first'),
			run(
				`${manage} migrate ${appOf(key)} ${forkPoint === null ? 'zero' : nameOf(forkPoint)}`,
				'unapplies them under the names that the database knows',
			),
			run('git checkout -', 'back to your branch'),
			run(`${manage} migrate`, 'applies everything, in the new order'),
		],
	};
}

/** For what Django has no way to mend in a database. */
export function anew(manage: string, why = ''): Way {
	return {
		when: `on a database that may be thrown away${why}`,
		steps: [run(`${manage} migrate`, 'after deleting the database: its file with SQLite, dropdb and createdb with PostgreSQL')],
	};
}
