import type {ExecutionContext} from 'ava';
import type {Django} from '../referee/django.ts';
import {type Result, run} from './command.ts';
import {type Manage, type ManageOptions, manageIn} from './django-project.ts';
import {type ForkOptions, forked} from './forked.ts';
import {product} from './product.ts';
import type {Scenario} from './scenario.ts';

export interface AppliedOptions extends ForkOptions {
	readonly manage?: ManageOptions;
	/** Migrate only so far: an app, and a name. All by default. */
	readonly target?: readonly string[];
	/** More of the branch, committed before anything is applied; begins on `feature`, and must end there. */
	readonly branch?: (scenario: Scenario) => Promise<unknown> | unknown;
	/** The row that is put in, when the table has other columns: `name, price, discount` by default. */
	readonly row?: string;
}

export interface Applied extends Scenario {
	readonly manage: Manage;
	/** `migration-guard db …`, told how manage.py is started. */
	db(...args: readonly string[]): Promise<Result>;
	/** The same with more in the environment. */
	dbWith(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Result>;
}

/** The fork, and a developer whose database has the branch applied, with one row: tea, price 3, discount 7. Ends on `feature`. */
export async function applied(t: ExecutionContext, django: Django, options: AppliedOptions = {}): Promise<Applied> {
	const {manage: how, target = [], base, branch, row = "(name, price, discount) VALUES ('tea', 3, 7)", ...rest} = options;
	let manage!: Manage;
	const story = await forked(t, {
		...rest,
		base: async scenario => {
			manage = manageIn(scenario, django, how);
			await base?.(scenario);
		},
	});
	await story.git.checkout('-q', 'feature');
	await branch?.(story);
	await manage.run('migrate', ...target);
	await manage.sql(`INSERT INTO shop_item ${row}`);
	const dbWith: Applied['dbWith'] = async (env, ...args) =>
		run(process.execPath, [await product(), 'db', ...args], {
			cwd: story.files.root,
			env: {
				PATH: process.env.PATH ?? '',
				HOME: `${story.folder}/home`,
				GIT_CONFIG_NOSYSTEM: '1',
				LC_ALL: 'C',
				...how?.env,
				...env,
			},
		});
	return {...story, manage, dbWith, db: (...args) => dbWith({}, ...args, '--command', manage.command)};
}

/** The rows of the fork's table once both sides are applied; the branch's data is there. */
export const TEA = [['tea', 3, 7, 0]];

export const ALL_COLUMNS = 'SELECT name, price, discount, currency FROM shop_item';
