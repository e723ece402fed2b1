// A process of its own for one call: `act.ts <cwd> <action> <argument as JSON>`. See `act` in repository.ts.
import {openRepo} from '../../src/git/repo.ts';
import {applyToIndex, applyTransition, recover} from '../../src/worktree/apply.ts';
import {undo} from '../../src/worktree/undo.ts';

const [cwd, action, argument] = process.argv.slice(2) as [string, string, string];
const repo = openRepo(cwd)!;
const input = JSON.parse(argument);
const actions: Readonly<Record<string, () => unknown>> = {
	apply: () => applyTransition(repo, input),
	index: () => applyToIndex(repo, input),
	recover: () => recover(repo),
	undo: () => undo(repo, input),
};
process.stdout.write(JSON.stringify(actions[action]!()));
