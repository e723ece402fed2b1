import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {withDatabaseHint} from '../doors/applied-here.ts';
import {checkedOutBefore} from '../doors/checked-out-before.ts';
import {resolveIndex} from '../doors/concluded.ts';
import {finishedAm, finishedPick} from '../doors/finished-pick.ts';
import {finishedRebase} from '../doors/finished-rebase.ts';
import {followMaxMigrations} from '../doors/follow-max.ts';
import {resolveMergeCommit} from '../doors/merge.ts';
import {readSettings} from '../doors/read-settings.ts';
import {resolveReplay} from '../doors/replay.ts';
import {indexHeld} from '../doors/replay-refusals.ts';
import type {Settings} from '../doors/settings.ts';
import {unknownMainline} from '../doors/unknown-mainline.ts';
import {STOP} from '../errors.ts';
import {openRepo, type Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {NOTHING, type Outcome} from '../plan/outcome.ts';
import {howToGoOn, judgedText} from '../report/judged.ts';
import {describeOutcome} from '../report/outcome.ts';
import {pruneBackups} from '../worktree/undo.ts';
import type {Command} from './command.ts';
import {finishInterrupted} from './interrupted.ts';

/**
 * Called by the installed hooks. Never fails the user's command: whatever goes wrong, git's own result stands and that is said. Only work that
 * does not commute stops it.
 */
export const command: Command = {
	name: 'hook',
	summary: 'do what a git hook is for',
	usage: 'EVENT [ARGUMENT…]',
	options: {},
	examples: [],
	internal: true,
	async run(context) {
		const [event = '', ...args] = context.positionals;
		try {
			const repo = openRepo(context.cwd);
			if (!repo) return 0;
			finishInterrupted(repo, context);
			const settings = await readSettings(repo, checkedOutBefore(repo, event, args));
			const outcome = withDatabaseHint(repo, act(repo, event, args, settings));
			const lines = [
				...judgedText(outcome.judged, event),
				...describeOutcome(outcome, Math.floor(Date.now() / 1000), settings.staleAfter),
				...howToGoOn(outcome.judged, event),
				...(outcome.kind === 'nothing' ? [] : unknownMainline(repo, settings.mainline)),
			];
			// A rebase leaves its progress ("Rebasing (2/2)") on the line.
			const start =
				existsSync(join(repo.gitDir, 'rebase-merge')) && !existsSync(join(repo.gitDir, 'rebase-merge/quiet')) ? '\n' : '';
			if (lines.length > 0) context.err(`${start}${lines.join('\n')}\n`);
			// Node runs already, and a look into one folder more is not felt.
			pruneBackups(repo, settings.undoFor, Date.now());
			if (settings.autoStart) await startDaemon(repo);
			if (outcome.judged?.how === 'stopped') return STOP;
		} catch (error) {
			context.err(`migration-guard: ${event} failed, git's own result stands: ${(error as Error).message}\n`);
			if (context.env.MIGRATION_GUARD_DEBUG) context.err(`${(error as Error).stack}\n`);
		}
		return 0;
	},
};

/** Loaded only where it is configured: what git calls must stay small. It is not waited for. */
async function startDaemon(repo: Repo): Promise<void> {
	const chunk = await import('../watch/chunk.ts');
	await chunk.startDaemon(repo, process.argv[1]!, 0);
}

function act(repo: Repo, event: string, args: readonly string[], settings: Settings): Outcome {
	const has = (name: string) => existsSync(join(repo.gitDir, name));
	const isRebasing = has('rebase-merge') || has('rebase-apply');
	switch (event) {
		case 'post-merge':
			return args[0] === '1'
				? resolveIndex(repo, settings, 'squash', {judge: 'tell'})
				: resolveMergeCommit(repo, settings, 'git', {hook: true});
		case 'pre-merge-commit':
			return resolveIndex(repo, settings, 'merge', {judge: 'stop'});
		case 'pre-commit':
			return isRebasing ? NOTHING : beforeCommit(repo, settings, has);
		case 'post-commit': {
			if (isRebasing) return NOTHING;
			const merged = resolveMergeCommit(repo, settings, 'person', {hook: true});
			return merged.kind === 'nothing' ? resolvePick(repo, finishedPick(repo), settings) : merged;
		}
		case 'post-applypatch':
			return resolvePick(repo, finishedAm(repo, args[0] === 'resolved'), settings);
		case 'post-rewrite': {
			const head = args[0] === 'rebase' ? resolveCommit(repo, 'HEAD') : null;
			const replay = head === null ? null : finishedRebase(repo, head);
			return replay === null ? NOTHING : resolveReplay(repo, replay, settings, 'rebase', {judge: true});
		}
		default:
			return NOTHING;
	}
}

/** A merge or a squash that is being concluded is made linear; of any commit, max_migration.txt follows the migrations. */
function beforeCommit(repo: Repo, settings: Settings, has: (name: string) => boolean): Outcome {
	const conclusion = has('MERGE_HEAD') ? 'commit' : has('SQUASH_MSG') ? 'squash' : null;
	const merged = conclusion === null ? NOTHING : resolveIndex(repo, settings, conclusion, {judge: 'stop'});
	if (merged.kind === 'refused' || merged.judged?.how === 'stopped') return merged;
	const followed = followMaxMigrations(repo, settings);
	return merged.kind === 'nothing' ? {...merged, ...followed} : merged;
}

function resolvePick(repo: Repo, picked: ReturnType<typeof finishedPick>, settings: Settings): Outcome {
	if (picked === null || picked === 'more') return NOTHING;
	const {replay, kind, isHeld} = picked;
	const outcome = resolveReplay(repo, replay, settings, kind, {dryRun: isHeld, judge: true});
	return isHeld && outcome.kind === 'done' ? {...outcome, kind: 'refused', refusals: [indexHeld(outcome.plan, kind)]} : outcome;
}
