import type {ExecutionContext} from 'ava';
import type {Django} from '../referee/django.ts';
import type {Result} from './command.ts';
import {type Manage, type ManageOptions, manageIn} from './django-project.ts';
import {type ForkOptions, forked} from './forked.ts';
import type {Scenario} from './scenario.ts';

export interface AppliedOptions extends ForkOptions {
	readonly manage?: ManageOptions;
	/** Migrate only so far: an app, and a name. All by default. */
	readonly target?: readonly string[];
}

export interface Applied extends Scenario {
	readonly manage: Manage;
	/** `migration-guard db …`, told how manage.py is started. */
	db(...args: readonly string[]): Promise<Result>;
}

/** The fork, and a developer whose database has the branch applied, with one row: tea, price 3, discount 7. Ends on `feature`. */
export async function applied(t: ExecutionContext, django: Django, options: AppliedOptions = {}): Promise<Applied> {
	const {manage: how, target = [], base, ...rest} = options;
	let manage!: Manage;
	const story = await forked(t, {
		...rest,
		base: async scenario => {
			manage = manageIn(scenario, django, how);
			await base?.(scenario);
		},
	});
	await story.git.checkout('-q', 'feature');
	await manage.run('migrate', ...target);
	await manage.sql("INSERT INTO shop_item (name, price, discount) VALUES ('tea', 3, 7)");
	return {...story, manage, db: (...args) => story.guard.run('db', ...args, '--command', manage.command)};
}

/** The rows of the fork's table once both sides are applied; the branch's data is there. */
export const TEA = [['tea', 3, 7, 0]];

export const ALL_COLUMNS = 'SELECT name, price, discount, currency FROM shop_item';
