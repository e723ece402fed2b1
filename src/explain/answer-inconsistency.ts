import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import {type Draft, edit, run, type Way} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {before, commitText, mentionOf, mentionText, pathOf} from './look-up.ts';
import {backToForkPoint, REPAIR} from './way-back.ts';

type Inconsistent = Extract<Diagnosis, {kind: 'inconsistent-history'}>;

/** InconsistentMigrationHistory: why the table of applied migrations has a child and not its parent. */
export function explainInconsistency({child, parent, database}: Inconsistent, facts: Facts): Draft {
	const mention = mentionOf(facts, child, parent);
	const path = pathOf(facts, child);
	const since = mention && path ? facts.mentionedSince(path, nameOf(parent)) : null;
	const renumbered = [parent, child].flatMap(key =>
		facts
			.formerNames(key)
			.slice(0, 1)
			.map(former => ({key, former})),
	);
	const isUserModel = appOf(facts.settings.swappable.AUTH_USER_MODEL ?? '') === appOf(parent) && appOf(child) !== appOf(parent);
	const cause = [
		mention
			? `${child} depends on ${parent} (${mention.place.path}:${mention.place.line}${since ? `, since ${commitText(since)}` : ''}).`
			: `${child} depends on ${parent}, through what a squash replaces or by a dependency that is computed.`,
		`The database ${database} has a row for ${child} and none for ${parent}.`,
		...renumbered.map(
			({key, former}) =>
				`${key} was ${former.key} before it was renumbered (${former.commit}); a database that applied it then knows the old name only.`,
		),
		...(isUserModel && renumbered.length === 0
			? [`${appOf(parent)} is the app of AUTH_USER_MODEL: the setting was changed after the first migrate of this database.`]
			: []),
	];
	const ways =
		renumbered.length > 0
			? [REPAIR, backToForkPoint(facts, renumbered[0]!.former)]
			: isUserModel
				? [fresh(facts)]
				: [...apart(facts, child, parent), ...backward(facts, child, since)];
	return {
		title: `in the database ${database}, ${child} is applied and ${parent}, which has to come before it, is not; Django refuses every migrate until that is true`,
		cause,
		here: mention !== null,
		nodes: [child, parent],
		places: mention ? [mention.place] : [],
		ways,
		notes: ['Neither --fake nor an edit of the table django_migrations makes the missing columns; do not begin with them.'],
	};
}

/** The parent can be applied while nothing says that the child needs it. Not inside one app: there would be two leaves. */
function apart(facts: Facts, child: NodeKey, parent: NodeKey): Way[] {
	const mention = mentionOf(facts, child, parent);
	if (mention?.attribute !== 'dependencies' || appOf(child) === appOf(parent)) return [];
	const text = mentionText(facts, mention.place.path, mention.reference);
	return [
		{
			when: `when ${child} works without ${parent}: no data is lost`,
			steps: [
				edit(mention.place, text, `# ${text}`, 'only for the next command'),
				run(`${facts.manage} migrate ${appOf(parent)} ${nameOf(parent)}`, 'applies what is missing'),
				edit(mention.place, `# ${text}`, text, 'as it was'),
				run(`${facts.manage} migrate`, 'applies the rest'),
			],
		},
	];
}

function backward({manage, graph, ...facts}: Facts, child: NodeKey, since: {readonly parent: string} | null): Way[] {
	if (!since) return [];
	return [
		{
			when: `else: take ${child} back where it did not need the other yet; what is in its own columns and tables is lost`,
			steps: [
				run(`git checkout --detach ${since.parent}`, 'the tree before the dependency was added; commit or stash first'),
				run(`${manage} migrate ${appOf(child)} ${before({...facts, manage, graph}, child)}`, `unapplies ${child}`),
				run('git checkout -', 'back to your branch'),
				run(`${manage} migrate`, 'applies both, in the right order'),
			],
		},
	];
}

function fresh({manage}: Facts): Way {
	return {
		when: 'on a database that may be thrown away; Django has no way to change the user model of one that may not',
		steps: [run(`${manage} migrate`, 'after deleting the database: its file with SQLite, dropdb and createdb with PostgreSQL')],
	};
}
