import {readFileSync} from 'node:fs';
import {loadConfig} from '../config/find.ts';
import {readSettings} from '../doors/read-settings.ts';
import {STOP} from '../errors.ts';
import {examinePush} from '../gates/examine-push.ts';
import {judgePush} from '../gates/pre-push.ts';
import {readPushedRefs} from '../gates/pushed-refs.ts';
import {openRepo} from '../git/repo.ts';
import {gateLines, pushEnding} from '../report/gate.ts';
import type {Command} from './command.ts';
import {finishInterrupted} from './interrupted.ts';

/**
 * Milliseconds since the start of the process after which other people's branches are left alone: who pushes has to wait for it.
 * MIGRATION_GUARD_PATIENCE in the environment says another number.
 */
const PATIENCE = 800;

/**
 * What `hook pre-push` is: built into a file of its own, because it needs much that the other hooks do not. Answers STOP when the push
 * must not go on. A failure of ours never stops a push.
 */
export const command: Command = {
	name: 'hook',
	summary: 'look at what is pushed',
	usage: 'pre-push REMOTE URL',
	options: {},
	examples: [],
	internal: true,
	async run(context) {
		const [, remote = ''] = context.positionals;
		try {
			const repo = openRepo(context.cwd);
			const refs = readPushedRefs(readFileSync(0, 'utf8'));
			if (!repo || refs.length === 0) return 0;
			finishInterrupted(repo, context);
			const settings = await readSettings(repo);
			const config = await loadConfig(repo.top);
			const patience = Number(context.env.MIGRATION_GUARD_PATIENCE ?? PATIENCE);
			const hasTime = () => performance.now() < patience;
			const {singleOwner, ignore, prePush} = config;
			const {facts, unexamined} = examinePush(repo, refs, settings, {remote, singleOwner, ignore, hasTime});
			const rules = {prePush, singleOwner, staleAfter: settings.staleAfter};
			const now = Math.floor(Date.now() / 1000);
			const judged = facts.map(fact => ({branch: fact.branch, problems: judgePush(fact, rules, now)}));
			const isStopped = judged.some(({problems}) => problems.some(({weight}) => weight === 'stop'));
			const lines = [
				...judged.flatMap(({branch, problems}) => gateLines(problems, judged.length > 1 ? `${branch}: ` : '')),
				...(facts.length > 0 ? pushEnding(isStopped, unexamined) : []),
			];
			if (lines.length > 0) context.err(`${lines.join('\n')}\n`);
			return isStopped ? STOP : 0;
		} catch (error) {
			context.err(`migration-guard: pre-push failed, so nothing was examined: ${(error as Error).message}\n`);
			if (context.env.MIGRATION_GUARD_DEBUG) context.err(`${(error as Error).stack}\n`);
			return 0;
		}
	},
};
