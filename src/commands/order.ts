import {readSettings} from '../doors/read-settings.ts';
import {EXIT} from '../errors.ts';
import {appOf, nameOf} from '../migrations/key.ts';
import {findingsText} from '../report/findings.ts';
import {jsonDocument} from '../report/json.ts';
import type {Command} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo} from './repository.ts';

/** In which order would Django run the migrations? */
export const command: Command = {
	name: 'order',
	summary: 'list all migrations in the order in which Django would run them',
	usage: '[REV] [--json]',
	about:
		"What `migrate --plan` says on an empty database, for all apps, without Django; its own apps are among them where the project's migrations need them. Exit code 1: Django would refuse.",
	options: {json: JSON_OUTPUT},
	examples: [
		['migration-guard order', 'the worktree'],
		['migration-guard order origin/main', 'any revision'],
	],
	async run(context) {
		const repo = requireRepo(context.cwd);
		const {load} = await readSettings(repo);
		const {orderAt} = await import('../doors/order.ts');
		const {order, errors, summary} = await orderAt(repo, load, context.positionals[0]);
		if (context.values.json) {
			const described = order.map(({key, path}) => ({key, app: appOf(key), name: nameOf(key), path}));
			context.out(jsonDocument({revision: summary.revision, order: described, errors}));
		} else {
			context.out(order.map(({key}) => `${key}\n`).join(''));
			if (errors.length > 0) context.err(findingsText(errors, summary));
		}
		return errors.length > 0 ? EXIT.problems : EXIT.ok;
	},
};
