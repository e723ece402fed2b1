import {examine} from '../doors/examine.ts';
import {fix} from '../doors/fix.ts';
import {restoreMarkers} from '../doors/markers.ts';
import {readSettings} from '../doors/read-settings.ts';
import type {Settings} from '../doors/settings.ts';
import {openWorktree} from '../doors/worktree.ts';
import {EXIT, UsageError} from '../errors.ts';
import type {Outcome} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import {findingsText} from '../report/findings.ts';
import {jsonDocument} from '../report/json.ts';
import {describeOutcome} from '../report/outcome.ts';
import {refusalText} from '../report/refusal.ts';
import type {Command, Context} from './command.ts';
import {finishInterrupted} from './interrupted.ts';
import {DRY_RUN, JSON_OUTPUT} from './options.ts';
import {requireWorktree} from './repository.ts';

/** Resolve a fork that stands, however it got there. */
export const command: Command = {
	name: 'fix',
	summary: 'make a forked history linear, however the fork got there',
	usage: '[--dry-run] [--commit] [--merge | --renumber APP.NAME] [--mainline REF] [--json]',
	about:
		'An unpushed merge commit at HEAD is replaced; everything else is staged for you to commit. Published migrations stay; among the others the one that came later moves.',
	options: {
		'dry-run': DRY_RUN,
		commit: {type: 'boolean', about: 'make a commit of its own'},
		merge: {type: 'boolean', about: 'join the leaves with a merge migration, as makemigrations --merge does'},
		renumber: {type: 'string', value: 'APP.NAME', about: 'this migration, and what is built on it, moves'},
		mainline: {type: 'string', value: 'REF', about: 'what is in REF stays'},
		markers: {type: 'boolean', about: "turn two files that travel in one back into git's own conflict"},
		json: JSON_OUTPUT,
	},
	examples: [
		['migration-guard fix --dry-run', 'show what would be done'],
		['migration-guard fix', 'do it'],
		['migration-guard fix --renumber users.0003_add_phone', 'choose who moves'],
	],
	async run(context) {
		const {values} = context;
		const repo = requireWorktree(context.cwd);
		if (values.markers) return markers(context, repo);
		if (!finishInterrupted(repo, context)) return EXIT.problems;
		const settings = await readSettings(repo);
		const renumber = typeof values.renumber === 'string' ? values.renumber : null;
		if (renumber !== null && !/^[^.]+\.[^.]+$/.test(renumber))
			throw new UsageError(`--renumber wants APP.NAME, as users.0003_add_phone; not ${renumber}`);
		const outcome = fix(repo, typeof values.mainline === 'string' ? {...settings, mainline: [values.mainline]} : settings, {
			dryRun: values['dry-run'] === true,
			commit: values.commit === true,
			merge: values.merge === true,
			renumber,
		});
		print(context, outcome, settings.staleAfter);
		if (outcome.kind === 'nothing' && !context.values.json) return sayWhatIsLeft(context, repo, settings);
		return outcome.kind === 'refused' || (outcome.kind === 'done' && outcome.plan.refusals.length > 0) ? EXIT.problems : EXIT.ok;
	},
};

function print(context: Context, outcome: Outcome, staleAfter: number | null): void {
	if (context.values.json) {
		const plan = outcome.kind === 'nothing' ? null : outcome.plan;
		const {forks = [], steps = [], reported = []}: Partial<Plan> = plan ?? {};
		const refusals = outcome.kind === 'refused' ? outcome.refusals : outcome.kind === 'done' ? outcome.plan.refusals : [];
		context.out(
			jsonDocument({outcome: outcome.kind, how: outcome.kind === 'done' ? outcome.how : null, forks, steps, reported, refusals}),
		);
		return;
	}
	if (outcome.kind === 'nothing') return;
	if (outcome.kind === 'refused') for (const refusal of outcome.refusals) context.err(refusalText(refusal));
	else context.out(`${describeOutcome(outcome, Math.floor(Date.now() / 1000), staleAfter).join('\n')}\n`);
}

/** Nothing to fix: either all is well, or what is wrong is for a person to mend. */
function sayWhatIsLeft(context: Context, repo: ReturnType<typeof requireWorktree>, {load}: Settings): number {
	const {findings, summary} = examine(openWorktree(repo, load), null);
	const errors = findings.filter(({severity}) => severity === 'error');
	if (errors.length === 0) {
		context.out('Linear: nothing to fix.\n');
		return EXIT.ok;
	}
	context.err(findingsText(errors, summary));
	return EXIT.problems;
}

function markers(context: Context, repo: ReturnType<typeof requireWorktree>): number {
	const paths = restoreMarkers(repo);
	context.out(
		paths.length === 0
			? 'No file holds two migrations.\n'
			: `${paths.map(path => `${path} is in conflict again, as git alone would have left it\n`).join('')}`,
	);
	return EXIT.ok;
}
