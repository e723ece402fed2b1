import {main} from '../../src/cli.ts';
import type {Command} from '../../src/commands/command.ts';

/** A program whose one command says that it has begun and never ends. */
const command: Command = {
	name: 'wait',
	summary: 'wait',
	usage: '',
	options: {},
	examples: [],
	async run({out}) {
		out('waiting\n');
		setInterval(() => {}, 1 << 30);
		return await new Promise<number>(() => {});
	},
};

await main({wait: async () => ({command})});
