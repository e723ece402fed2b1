import {withDatabaseHint} from '../doors/applied-here.ts';
import {examine} from '../doors/examine.ts';
import {fix} from '../doors/fix.ts';
import {restoreMarkers} from '../doors/markers.ts';
import {readSettings} from '../doors/read-settings.ts';
import type {Settings} from '../doors/settings.ts';
import {openWorktree} from '../doors/worktree.ts';
import {EXIT, UsageError} from '../errors.ts';
import type {Pushed, Target} from '../gates/push.ts';
import type {Repo} from '../git/repo.ts';
import {namedMainlineRefs} from '../git/revisions.ts';
import type {Outcome} from '../plan/outcome.ts';
import type {Plan} from '../plan/plan.ts';
import {findingsText} from '../report/findings.ts';
import {jsonDocument} from '../report/json.ts';
import {describeOutcome} from '../report/outcome.ts';
import {refusalText} from '../report/refusal.ts';
import type {Command, Context} from './command.ts';
import {fixAgainst} from './fix-against.ts';
import {pushedLine, pushHead, targetOf} from './fix-push.ts';
import {finishInterrupted} from './interrupted.ts';
import {DRY_RUN, JSON_OUTPUT} from './options.ts';
import {requireWorktree} from './repository.ts';

/** Resolve a fork that stands, however it got there. */
export const command: Command = {
	name: 'fix',
	summary: 'make a forked history linear, however the fork got there',
	usage: '[--dry-run] [--commit [--push]] [--against REF] [--merge | --renumber APP.NAME] [--mainline REF] [--json]',
	about:
		'Without local changes an unpushed merge commit at HEAD is replaced, and so are picked or rebased commits that no hook has seen. Everything else is staged for you to commit, and mentions outside the migrations are listed then, not followed. Published migrations stay; among the others the one that came later moves.',
	options: {
		'dry-run': DRY_RUN,
		commit: {type: 'boolean', about: 'make a commit of its own'},
		against: {type: 'string', value: 'REF', about: 'before a merge: merge REF in, if migrations have to move for it'},
		push: {type: 'boolean', about: 'push that commit, never by force'},
		branch: {type: 'string', value: 'NAME', about: 'the branch to push to, where it is not the one at HEAD'},
		merge: {type: 'boolean', about: 'join the leaves with a merge migration, as makemigrations --merge does'},
		renumber: {
			type: 'string',
			value: 'APP.NAME',
			about: 'this migration, of a fork that stands, and what came with it moves; also where it was undone',
		},
		mainline: {type: 'string', value: 'REF', about: 'what is in REF stays'},
		markers: {type: 'boolean', about: "turn two files that travel in one back into git's own conflict"},
		json: JSON_OUTPUT,
	},
	examples: [
		['migration-guard fix --dry-run', 'show what would be done'],
		['migration-guard fix', 'do it'],
		['migration-guard fix --against origin/main --commit --push', 'a branch that would fork mainline'],
		['migration-guard fix --renumber users.0003_add_phone', 'choose who moves'],
	],
	async run(context) {
		const {values} = context;
		const repo = requireWorktree(context.cwd);
		if (values.markers) return markers(context, repo);
		const target = checkedTarget(context, repo);
		if (!finishInterrupted(repo, context)) return EXIT.problems;
		const settings = await readSettings(repo);
		const renumber = typeof values.renumber === 'string' ? values.renumber : null;
		if (renumber !== null && !/^[^.]+\.[^.]+$/.test(renumber))
			throw new UsageError(`--renumber wants APP.NAME, as users.0003_add_phone; not ${renumber}`);
		if (renumber !== null && values.against !== undefined)
			throw new UsageError('--against goes by what is published: --renumber cannot be said with it');
		if (typeof values.against === 'string') return against(context, repo, values.against, target, settings);
		if (typeof values.mainline === 'string' && namedMainlineRefs(repo, [values.mainline]).length === 0)
			throw new UsageError(`--mainline: ${values.mainline} is no ref here`);
		const fixed = fix(repo, typeof values.mainline === 'string' ? {...settings, mainline: [values.mainline]} : settings, {
			dryRun: values['dry-run'] === true,
			commit: values.commit === true,
			merge: values.merge === true,
			renumber,
		});
		const outcome = withDatabaseHint(repo, fixed);
		const pushed = target && pushHead(repo, outcome, target);
		print(context, outcome, settings.staleAfter, pushed, target);
		if (outcome.kind === 'nothing' && !context.values.json) return sayWhatIsLeft(context, repo, settings);
		return exitCode(outcome, pushed);
	},
};

/** `--push` and what it needs. Throws UsageError. */
function checkedTarget({values}: Context, repo: Repo): Target | null {
	if (values.against !== undefined && values.commit !== true && values['dry-run'] !== true)
		throw new UsageError('--against makes a merge commit: say --commit, or --dry-run');
	if (values.push !== true) return null;
	if (values.commit !== true) throw new UsageError('--push pushes a commit: say --commit, too');
	return targetOf(repo, values.branch as string | undefined, (values.against as string | undefined) ?? null);
}

async function against(context: Context, repo: Repo, ref: string, target: Target | null, settings: Settings): Promise<number> {
	const dryRun = context.values['dry-run'] === true;
	const {outcome, pushed} = await fixAgainst(repo, {ref, revision: 'HEAD', dryRun, target});
	print(context, outcome, settings.staleAfter, pushed, target);
	if (outcome.kind === 'nothing' && !context.values.json) context.out(`Nothing has to move for a merge into ${ref}.\n`);
	return exitCode(outcome, pushed);
}

function exitCode(outcome: Outcome, pushed: Pushed | null): number {
	const isLeft = outcome.kind === 'refused' || (outcome.kind === 'done' && outcome.plan.refusals.length > 0);
	return isLeft || pushed?.kind === 'refused' ? EXIT.problems : EXIT.ok;
}

function print(
	context: Context,
	outcome: Outcome,
	staleAfter: number | null,
	pushed: Pushed | null,
	target: Target | null,
): void {
	if (context.values.json) {
		const plan = outcome.kind === 'nothing' ? null : outcome.plan;
		const {forks = [], steps = [], reported = []}: Partial<Plan> = plan ?? {};
		const left = outcome.kind === 'refused' ? outcome.refusals : outcome.kind === 'done' ? outcome.plan.refusals : [];
		const refusals = pushed?.kind === 'refused' ? [...left, pushed.refusal] : left;
		const how = outcome.kind === 'done' ? outcome.how : null;
		const push = target && pushed ? {...target, result: pushed.kind} : null;
		const notices = outcome.kind === 'done' ? outcome.notices.map(notice => notice.trim()) : [];
		context.out(jsonDocument({outcome: outcome.kind, how, pushed: push, forks, steps, reported, refusals, notices}));
		return;
	}
	if (outcome.kind === 'nothing') return;
	if (outcome.kind === 'refused') for (const refusal of outcome.refusals) context.err(refusalText(refusal));
	else context.out(`${describeOutcome(outcome, Math.floor(Date.now() / 1000), staleAfter).join('\n')}\n`);
	if (pushed && target)
		pushed.kind === 'refused' ? context.err(refusalText(pushed.refusal)) : context.out(`${pushedLine(pushed, target)}\n`);
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
