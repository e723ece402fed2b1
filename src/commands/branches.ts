import {openGround} from '../doors/ground.ts';
import {shortRef} from '../doors/label.ts';
import {readSettings} from '../doors/read-settings.ts';
import {EXIT, UsageError} from '../errors.ts';
import {behindMainline} from '../gates/behind.ts';
import {branchTable, landings} from '../gates/branch-table.ts';
import {sameMigration} from '../gates/collisions.ts';
import {mergeOrder} from '../gates/merge-order.ts';
import {openBranches, tipsOf} from '../gates/open-branches.ts';
import {mainlineRefs} from '../git/mainline.ts';
import {isStale} from '../plan/age.ts';
import {branchesText, branchJson, mergeOrderText} from '../report/branches.ts';
import {jsonDocument} from '../report/json.ts';
import type {Command} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo} from './repository.ts';

/** What are the open branches about to do to each other? */
export const command: Command = {
	name: 'branches',
	summary: 'list the open branches that bring migrations, those that will hurt first on top',
	usage: '[--local] [--merge-order] [--json]',
	about:
		'Looks at the remote-tracking branches that mainline has not merged: how old they are, what they add, how far mainline has moved on since, and which of them add to the same app. Nothing is fetched: what is told is what the last `git fetch` brought.',
	options: {
		local: {type: 'boolean', about: 'local branches, too'},
		'merge-order': {type: 'boolean', about: 'propose an order of landing with the fewest renumberings'},
		json: JSON_OUTPUT,
	},
	examples: [
		['git fetch --prune && migration-guard branches', 'who is in whose way'],
		['migration-guard branches --merge-order', 'in which order to merge them'],
	],
	async run(context) {
		const repo = requireRepo(context.cwd);
		const settings = await readSettings(repo);
		const refs = mainlineRefs(repo, settings.mainline);
		const remote = refs.filter(ref => ref.remote);
		if (remote.length === 0 && !context.values.local)
			context.err('There is no remote, and so no open branch of anybody; your own: migration-guard branches --local\n');
		const mainline = remote.length > 0 ? remote : refs;
		const [first] = mainline;
		if (!first) throw new UsageError('there is no mainline ref; name one with the key "mainline" of the configuration');
		const ground = openGround(repo, first.oid, settings.load);
		const cache = tipsOf(repo, settings.load);
		const below = ['refs/remotes/', ...(context.values.local ? ['refs/heads/'] : [])];
		const looked = openBranches(ground, settings.load, cache, {mainline, below, except: () => false, hasTime: () => true});
		const now = Math.floor(Date.now() / 1000);
		const rows = branchTable(looked.branches, {
			behindOf: behindMainline(ground, first.oid),
			isSame: sameMigration(ground),
			isStale: ({tip}) => isStale(tip.oldest, now, settings.staleAfter),
		});
		ground.library.save();
		cache.save();
		const order = context.values['merge-order'] ? mergeOrder(landings(rows)) : null;
		const name = shortRef(first.ref)!;
		if (context.values.json) {
			context.out(jsonDocument({mainline: name, unmerged: looked.unmerged, branches: rows.map(branchJson), order}));
		} else {
			context.out(`${branchesText(rows, {...looked, mainline: name}, now)}${order ? mergeOrderText(order) : ''}`);
		}
		return EXIT.ok;
	},
};
