import {openAt} from '../doors/examine.ts';
import {readSettings} from '../doors/read-settings.ts';
import {otherApps, planRollback, type Rollback, stopOf} from '../doors/rollback.ts';
import {EXIT, UsageError} from '../errors.ts';
import {jsonDocument} from '../report/json.ts';
import {rollbackJson, rollbackText} from '../report/rollback.ts';
import type {Command} from './command.ts';
import {JSON_OUTPUT, REVISION} from './options.ts';
import {requireRepo} from './repository.ts';

/** What would going back undo, and what could not be undone? */
export const command: Command = {
	name: 'rollback-plan',
	summary: 'say what `migrate APP NAME` would reverse, and what cannot be',
	usage: 'APP NAME|zero [--rev REV] [--json]',
	about:
		'Lists the migrations in the order in which Django would reverse them, dependents in other apps among them, on a database that has applied all of the tree; and says of each operation whether it can be undone and whether data is lost. NAME may be cut short as for Django. No Python is run, no database is asked. Exit code 1: something is irreversible.',
	options: {rev: REVISION, json: JSON_OUTPUT},
	examples: [
		['migration-guard rollback-plan users 0005', 'what comes after users.0005_…'],
		['migration-guard rollback-plan users zero --rev origin/main', 'all of an app, in another revision'],
	],
	async run(context) {
		const {positionals, values} = context;
		const [app, name, ...more] = positionals;
		if (app === undefined || name === undefined || more.length > 0)
			throw new UsageError('rollback-plan: say APP and NAME, as for migrate');
		const repo = requireRepo(context.cwd);
		const {load} = await readSettings(repo);
		const {ground, revision} = await openAt(repo, load, values.rev as string | undefined);
		const rollback = planRollback(ground, app, name, null);
		ground.library.save();
		const {target, steps} = expectPlan(rollback, app, name);
		const stop = stopOf(steps);
		const report = {app, target, revision, steps, stop, otherApps: otherApps(steps, app)};
		context.out(values.json ? jsonDocument(rollbackJson(report)) : rollbackText(report));
		return stop === null ? EXIT.ok : EXIT.problems;
	},
};

function expectPlan(rollback: Rollback, app: string, name: string): Extract<Rollback, {kind: 'plan'}> {
	switch (rollback.kind) {
		case 'plan':
			return rollback;
		case 'no-such-app':
			throw new UsageError(
				`there is no app ${app} with migrations${rollback.apps.length === 0 ? '' : `; there are ${rollback.apps.join(', ')}`}`,
			);
		case 'no-such-name':
			throw new UsageError(`no migration of ${app} begins with ${name}; there are ${rollback.names.join(', ')}`);
		case 'ambiguous':
			throw new UsageError(`several migrations of ${app} begin with ${name}: ${rollback.names.join(', ')}; Django wants one`);
		case 'unloadable':
			throw new UsageError(
				`Django cannot load these migrations: ${rollback.leaves.join(' → ')} is a circle\nhint: migration-guard check`,
			);
	}
}
