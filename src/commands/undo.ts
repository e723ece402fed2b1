import {EXIT, UsageError} from '../errors.ts';
import type {Repo} from '../git/repo.ts';
import {nameOf} from '../migrations/key.ts';
import type {Plan} from '../plan/plan.ts';
import {jsonDocument} from '../report/json.ts';
import {refusalText} from '../report/refusal.ts';
import {oneLine} from '../report/words.ts';
import {undo} from '../worktree/undo.ts';
import {listUndoable, type Undoable} from '../worktree/undo-list.ts';
import type {Command, Context} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo} from './repository.ts';

/** Give back what git alone had made, or the tip before the command. */
export const command: Command = {
	name: 'undo',
	summary: 'give back exactly what git alone had made',
	usage: '[ID] [--to-start] | --list [--json]',
	about:
		'Puts back the exact commits that git had made before the last renumbering (or the one named by its ID), and leaves them alone from then on. Refused when the branch has moved on or was pushed.',
	options: {
		'to-start': {type: 'boolean', about: 'go back to the tip before the merge or rebase itself'},
		list: {type: 'boolean', about: 'show what is still kept, and what of it can be undone'},
		json: JSON_OUTPUT,
	},
	examples: [
		['migration-guard undo', "back to git's own merge or rebase"],
		['migration-guard undo --to-start', 'back to before the merge or rebase'],
		['migration-guard undo --list', 'the resolutions that are still kept, newest first'],
	],
	async run(context) {
		const repo = requireRepo(context.cwd);
		const {values, positionals} = context;
		if (values.list) return list(context, repo);
		const [id, ...more] = positionals;
		if (more.length > 0) throw new UsageError('undo takes one ID; `migration-guard undo --list` shows them');
		const undone = undo(repo, {toStart: values['to-start'] === true, ...(id === undefined ? {} : {id})});
		if (!undone.ok) {
			context.err(refusalText(undone.refusal));
			return EXIT.problems;
		}
		const moves = movesOf(undone.entry.plan).map(({from, to}) => `${to} is ${nameOf(from)} again`);
		const where = undone.from === undone.to ? 'index and worktree are' : `HEAD is ${undone.to.slice(0, 9)}`;
		const stays = undone.kept === null ? [] : [`  The commit "${oneLine(undone.kept)}" stays: it holds other work, too.`];
		context.out([`Undone: ${where} as before.`, ...moves.map(move => `  ${move}`), ...stays, ''].join('\n'));
		return EXIT.ok;
	},
};

function list(context: Context, repo: Repo): number {
	const undoable = listUndoable(repo);
	if (context.values.json) {
		context.out(
			jsonDocument({
				resolutions: undoable.map(({entry, why}) => ({
					id: entry.id,
					kind: entry.kind,
					branch: entry.branch,
					time: new Date(entry.created).toISOString(),
					canBeUndone: why === null,
					why,
					renumbered: movesOf(entry.plan),
				})),
			}),
		);
	} else context.out(undoable.length === 0 ? 'Nothing is kept that could be undone.\n' : undoable.map(listed).join(''));
	return EXIT.ok;
}

function listed({entry, why}: Undoable): string {
	const branch = entry.branch?.replace('refs/heads/', '') ?? 'no branch';
	const time = new Date(entry.created).toISOString().slice(0, 16).replace('T', ' ');
	const moves = movesOf(entry.plan).map(({from, to}) => `    ${from} -> ${to}\n`);
	return [`${entry.id}  ${entry.kind} on ${branch}, ${time} UTC: ${why ?? 'can be undone'}\n`, ...moves].join('');
}

function movesOf(plan: unknown): {from: string; to: string}[] {
	const steps = (plan as Partial<Plan> | null)?.steps ?? [];
	return steps.flatMap(step => (step.kind === 'renumber' ? [{from: step.from, to: step.to}] : []));
}
