import {weigh} from '../commute/weigh.ts';
import {compare} from '../doors/commute.ts';
import {shortRef} from '../doors/label.ts';
import {readSettings} from '../doors/read-settings.ts';
import {EXIT, UsageError} from '../errors.ts';
import type {Repo} from '../git/repo.ts';
import {mainlineRefs, resolveCommit} from '../git/revisions.ts';
import {conflictsText, verdictJson} from '../report/conflicts.ts';
import {jsonDocument} from '../report/json.ts';
import type {Command} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo} from './repository.ts';

/** Would two branches be right together? */
export const command: Command = {
	name: 'conflicts',
	summary: 'say whether the migrations of two branches commute',
	usage: '[MAINLINE] [INCOMING] [--json]',
	about:
		'Order is not enough: both may alter one field, or one may remove what the other indexes. Reads the operations of both sides since they parted and says what Django would do with them, MAINLINE first (by default the mainline ref, and HEAD). Exit code 1: a conflict that the configuration does not accept. No Python is run.',
	options: {json: JSON_OUTPUT},
	examples: [
		['migration-guard conflicts', 'HEAD against the mainline'],
		['migration-guard conflicts origin/main feature', 'any two revisions'],
	],
	async run(context) {
		const repo = requireRepo(context.cwd);
		const settings = await readSettings(repo);
		const [mainline = defaultMainline(repo, settings.mainline), incoming = 'HEAD'] = context.positionals;
		const commits = {mainline: commitOf(repo, mainline), incoming: commitOf(repo, incoming)};
		const compared = compare(repo, commits, settings.load);
		const {stops, warns, accepted} = weigh(compared.verdicts, {...settings.handling, conflicts: 'stop', reviews: 'warn'});
		const verdicts = [...stops, ...warns];
		const migrations = {mainline: compared.mainline, incoming: compared.incoming};
		context.out(
			context.values.json
				? jsonDocument({
						mainline,
						incoming,
						commits,
						migrations,
						verdicts: verdicts.map(verdictJson),
						accepted: accepted.map(({verdict, reason}) => ({...verdictJson(verdict), because: reason})),
					})
				: conflictsText(verdicts, accepted, {mainline: shortRef(mainline)!, incoming, migrations}),
		);
		return stops.length > 0 ? EXIT.problems : EXIT.ok;
	},
};

function defaultMainline(repo: Repo, configured: readonly string[] | null): string {
	const [first] = mainlineRefs(repo, configured);
	if (!first) throw new UsageError('there is no mainline ref; say which revision to compare with');
	return first.ref;
}

function commitOf(repo: Repo, revision: string): string {
	const commit = resolveCommit(repo, revision);
	if (commit === null) throw new UsageError(`${revision} is no commit of this repository`);
	return commit;
}
