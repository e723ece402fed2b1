import type {Assembly, Entry} from '../../src/history/meeting.ts';
import {meetingOnto} from '../../src/history/rebased.ts';
import {identityIn} from '../../src/history/renumbered.ts';
import {type Files, folderOf, stemOf} from '../../src/history/revision.ts';
import {type Arm, armsOf, type Rank} from '../../src/history/sides.ts';
import {nodeKey} from '../../src/migrations/key.ts';
import {isMigrationFile} from '../../src/migrations/project.ts';
import type {Shelf} from './library.ts';
import {labelsOf, type Met, optionsFor, planned} from './meet.ts';

/** A branch that git put on top of another history, commit by commit: each with its own part of the plan, the last one last. */
export function rebase(library: Shelf, fork: Files, onto: Files, branch: readonly Files[]): readonly Met[] {
	const picked: Files[] = [];
	for (const [index, commit] of branch.entries())
		picked.push(library.merge(branch[index - 1] ?? fork, [picked[index - 1] ?? onto, commit]));
	const start = branch.at(-1) ?? fork;
	const head = picked.at(-1) ?? onto;
	const labels = labelsOf(library, head, fork, onto, start);
	const options = optionsFor(library, {armsOf: ontoFirst, formerly: formerNames(library, fork, start, labels)});
	const tip = planned(meetingOnto({fork, onto, start, commit: head, labels}, library), library, options);
	const names = new Map([...tip.decisions.names].map(([entry, name]) => [nodeKey(entry.app, entry.name), name]));
	const decided = (entry: Entry) => (entry.side === 1 ? (names.get(nodeKey(entry.app, entry.name)) ?? null) : null);
	return picked.map((commit, index) => {
		const strict = index < picked.length - 1;
		return planned(meetingOnto({fork, onto, start, commit, tip: head, labels}, library), library, {...options, decided, strict});
	});
}

/** As the door of a rebase does it: onto stays, also where it has nothing new. */
function ontoFirst(app: string, assembly: Assembly, rankOf: (entry: Entry) => Rank): readonly Arm[] {
	const arms = armsOf(app, assembly, rankOf);
	return arms.length === 1 && arms[0]!.side === 1
		? [
				{side: 0, own: [], rank: 0},
				{...arms[0]!, rank: 0},
			]
		: arms;
}

function formerNames(
	library: Shelf,
	fork: Files,
	start: Files,
	labels: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
	const added = [...start].filter(([path]) => isMigrationFile(path) && !fork.has(path));
	return new Map(
		added.flatMap(([path, file]) => {
			const identity = identityIn(library, file);
			return identity === null ? [] : [[nodeKey(labels.get(folderOf(path))!, stemOf(path)), identity] as const];
		}),
	);
}
