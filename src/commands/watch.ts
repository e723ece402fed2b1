import {EXIT} from '../errors.ts';
import {refusalText} from '../report/refusal.ts';
import type {Command} from './command.ts';
import {requireRepo} from './repository.ts';

/** Know of a fork before the merge, and see what no hook sees. */
export const command: Command = {
	name: 'watch',
	summary: 'say at once what the next merge will do, and what no hook has seen',
	usage: '[--json]',
	about:
		'Watches the migrations of all worktrees and the mainline refs, and speaks when git is idle: of a fork that stands (a stash, a copied file, a merge by another program), and of migrations that mainline has gained beside those of a branch. Each thing is said once. Ends with Ctrl-C; in the background: migration-guard daemon start.',
	options: {
		json: {type: 'boolean', about: 'print events, a JSON document on each line'},
		polling: {type: 'boolean', about: 'look around every few seconds, where the system does not tell of changes'},
		background: {type: 'boolean', about: 'be the daemon: tell the log alone'},
	},
	examples: [
		['migration-guard watch', 'in a terminal beside the editor'],
		['migration-guard watch --json', 'for a program that reads events'],
	],
	async run(context) {
		const {values} = context;
		const repo = requireRepo(context.cwd);
		const {watch} = await import('../watch/chunk.ts');
		const result = await watch(repo, {
			voice: values.background ? 'log' : values.json ? 'json' : 'text',
			isPolling: values.polling === true,
			out: context.out,
		});
		if ('ended' in result) return EXIT.ok;
		context.err(
			refusalText({
				code: 'watched',
				what: 'This repository is watched already.',
				nodes: [],
				paths: [],
				why: `Process ${result.busy} does it; one is enough for all worktrees.`,
				next: 'migration-guard daemon status',
			}),
		);
		return EXIT.problems;
	},
};
