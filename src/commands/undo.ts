import {EXIT} from '../errors.ts';
import {nameOf} from '../migrations/key.ts';
import type {Plan} from '../plan/plan.ts';
import {refusalText} from '../report/refusal.ts';
import {undo} from '../worktree/undo.ts';
import type {Command} from './command.ts';
import {requireRepo} from './repository.ts';

/** Give back what git alone had made, or the tip before the command. */
export const command: Command = {
	name: 'undo',
	summary: 'give back exactly what git alone had made',
	usage: '[--to-start]',
	about:
		'Puts back the exact commits that git had made before the last renumbering, and leaves them alone from then on. Refused when the branch has moved on or was pushed.',
	options: {'to-start': {type: 'boolean', about: 'go back to the tip before the merge or rebase itself'}},
	examples: [
		['migration-guard undo', "back to git's own merge or rebase"],
		['migration-guard undo --to-start', 'back to before the merge or rebase'],
	],
	async run(context) {
		const repo = requireRepo(context.cwd);
		const undone = undo(repo, {toStart: context.values['to-start'] === true});
		if (!undone.ok) {
			context.err(refusalText(undone.refusal));
			return EXIT.problems;
		}
		const plan = undone.entry.plan as Partial<Plan> | null;
		const moves = (plan?.steps ?? []).flatMap(step =>
			step.kind === 'renumber' ? [`${step.to} is ${nameOf(step.from)} again`] : [],
		);
		const where = undone.from === undone.to ? 'index and worktree are' : `HEAD is ${undone.to.slice(0, 9)}`;
		context.out([`Undone: ${where} as before.`, ...moves.map(move => `  ${move}`), ''].join('\n'));
		return EXIT.ok;
	},
};
