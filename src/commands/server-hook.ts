import {readFileSync} from 'node:fs';
import {EXIT, STOP} from '../errors.ts';
import {judgeReceived, type Received} from '../gates/receive.ts';
import {openRepo} from '../git/repo.ts';
import {receivedText} from '../report/received.ts';
import type {Command} from './command.ts';

/** Called by the hook of a bare repository, with the refs that matter on standard input. Ends with 40 to refuse the push. */
export const command: Command = {
	name: 'server-hook',
	summary: 'judge what is pushed to a protected branch',
	usage: '',
	options: {},
	examples: [],
	internal: true,
	async run(context) {
		try {
			const repo = openRepo(context.cwd);
			if (!repo) return EXIT.ok;
			let isRefused = false;
			for (const received of refsIn(readFileSync(0, 'utf8'))) {
				const judgement = await judgeReceived(repo, received);
				context.err(receivedText(judgement));
				isRefused ||= judgement.errors.length > 0;
			}
			return isRefused ? STOP : EXIT.ok;
		} catch (error) {
			context.err(`migration-guard: this push was not checked: ${(error as Error).message}\n`);
			return EXIT.ok;
		}
	},
};

function refsIn(input: string): Received[] {
	return input.split('\n').flatMap(line => {
		const [, old, pushed, ref] = /^([0-9a-f]+) ([0-9a-f]+) (.+)$/.exec(line) ?? [];
		return old && pushed && ref ? [{old, new: pushed, ref}] : [];
	});
}
