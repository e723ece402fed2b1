import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';
import {type Draft, edit, run, type Step, type Way} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {before, commitText, listed, mentionOf, mentionText, pathOf} from './look-up.ts';
import {anew, backToForkPoint, REPAIR} from './way-back.ts';

type Inconsistent = Extract<Diagnosis, {kind: 'inconsistent-history'}>;

type Since = ReturnType<Facts['mentionedSince']>;

/** So far up what a migration came after before is looked for, one git process each. */
const MOST_ABOVE = 10;

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
			: `${child} depends on ${parent}, ${isUserModel ? 'which makes the user model' : 'through what a squash replaces or by a dependency that is computed'}.`,
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
				? [anew(facts.manage, '; Django has no way to change the user model of one that may not')]
				: [...apart(facts, child, parent), ...lastInstead(facts, child, parent, since), ...backward(facts, child, parent, since)];
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

/**
 * Inside one app: for one migrate the other order, in which what is missing comes last. An old tree would not do: it has the fork, or the state there lacks the
 * child's columns, and SQLite, which makes tables anew, would drop them.
 */
function lastInstead(facts: Facts, child: NodeKey, parent: NodeKey, since: Since): Way[] {
	const {graph, manage} = facts;
	const app = appOf(child);
	const old = formerParent(facts, child, parent, since);
	const [leaf, ...leaves] = graph.leafNodes(app);
	if (app !== appOf(parent) || old === null || leaf === undefined || leaves.length > 0) return [];
	const chain = lineOf(facts, parent);
	const first = chain[chain.indexOf(old) - 1]!;
	const only = graph.children(parent).every(other => other === child || appOf(other) !== app);
	const [upper, lower] = [swap(facts, child, parent, old), swap(facts, first, old, leaf)];
	if (!only || upper === null || lower === null) return [];
	const missing = listed(chain.slice(0, chain.indexOf(old)).reverse());
	return [
		{
			when: `when ${old} is applied, and ${child} works without ${missing}: no data is lost`,
			steps: [
				upper.there,
				lower.there,
				run(`${manage} migrate ${app} ${nameOf(parent)}`, `applies ${missing}`),
				lower.back,
				upper.back,
				run(`${manage} migrate`, 'applies the rest'),
			],
		},
	];
}

/** A migration and what it comes after in its own app, as long as that is one line. */
function lineOf({graph}: Facts, key: NodeKey): NodeKey[] {
	const line = new Set([key]);
	for (const each of line) {
		const parents = graph.parents(each).filter(other => appOf(other) === appOf(key));
		if (parents.length === 1) line.add(parents[0]!);
	}
	return [...line];
}

/** What the child named before it named the parent: the commit that put one in took the other out. Else what the parent comes after. */
function formerParent(facts: Facts, child: NodeKey, parent: NodeKey, since: Since): NodeKey | null {
	const above = lineOf(facts, parent).slice(1);
	const path = pathOf(facts, child);
	const named = above
		.slice(0, MOST_ABOVE)
		.find(key => path !== null && since !== null && facts.mentionedSince(path, nameOf(key))?.oid === since.oid);
	return named ?? above[0] ?? null;
}

function swap(facts: Facts, key: NodeKey, from: NodeKey, to: NodeKey): {readonly there: Step; readonly back: Step} | null {
	const mention = mentionOf(facts, key, from);
	if (mention?.attribute !== 'dependencies' || mention.reference.nameSpan.from === -1) return null;
	const text = mentionText(facts, mention.place.path, mention.reference);
	const other = text.replace(nameOf(from), nameOf(to));
	return {
		there: edit(mention.place, text, other, 'only for the next migrate'),
		back: edit(mention.place, other, text, 'as it was'),
	};
}

/** Not inside one app: there the tree before has the fork, or has not the child. */
function backward(facts: Facts, child: NodeKey, parent: NodeKey, since: Since): Way[] {
	const path = pathOf(facts, child);
	if (since === null || appOf(child) === appOf(parent) || path === null || facts.origin(path)?.oid === since.oid) return [];
	const {manage} = facts;
	return [
		{
			when: `else: take ${child} back where it did not need the other yet; what is in its own columns and tables is lost`,
			steps: [
				run(`git checkout --detach ${since.parent}`, 'the tree before the dependency was added; commit or stash first'),
				run(`${manage} migrate ${appOf(child)} ${before(facts, child)}`, `unapplies ${child}`),
				run('git checkout -', 'back to your branch'),
				run(`${manage} migrate`, 'applies both, in the right order'),
			],
		},
	];
}
