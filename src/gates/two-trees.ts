import {compareFiles} from '../doors/commute.ts';
import type {Ground} from '../doors/ground.ts';
import {fetchDifferences, labelsOf, stampFinder} from '../doors/meeting.ts';
import type {Settings} from '../doors/settings.ts';
import type {Entry, Meeting} from '../history/meeting.ts';
import {identityIn} from '../history/renumbered.ts';
import {type FileState, type Files, folderOf, stemOf} from '../history/revision.ts';
import {isVersionOf} from '../history/signature.ts';
import {meetingWithin} from '../history/standing.ts';
import {isMigrationFile} from '../migrations/folders.ts';
import {type NodeKey, nodeKey} from '../migrations/key.ts';
import type {Plan} from '../plan/plan.ts';
import {type PlanOptions, planMeeting} from '../plan/plan-meeting.ts';
import type {Verdict} from '../state/work.ts';

/** What two trees tell about a merge of them, without any history. */
export interface TwoTrees {
	readonly plan: Plan;
	/** The branch's tree is the merge itself, and is forked. */
	readonly isMerged: boolean;
	/** Published migrations that read otherwise in the branch's tree. */
	readonly otherwise: readonly {readonly key: NodeKey; readonly path: string}[];
	/** Published migrations that the branch's tree has not: deleted, or younger than the branch. */
	readonly absent: readonly NodeKey[];
	verdicts(): readonly Verdict[];
}

/**
 * Judge a branch by its tree and mainline's alone. What both have is taken for what they parted from, a file that reads otherwise
 * for an edit where it still does the same; what only one has, for what that one added.
 */
export function compareTrees(ground: Ground, trees: {mainline: string; incoming: string}, settings: Settings): TwoTrees {
	const [mainline, incoming] = [ground.at(trees.mainline), ground.at(trees.incoming)];
	fetchDifferences(ground, mainline, incoming);
	const edited = [...mainline].filter(([path, file]) => isEdit(ground, path, file, incoming.get(path)));
	const base = new Map([...mainline].filter(([path, file]) => incoming.get(path)?.oid === file.oid).concat(edited));
	const labels = labelsOf(ground, [mainline, incoming]);
	const options = optionsFor(ground, mainline, trees, settings);
	const merged = new Map([...mainline, ...[...incoming].filter(([path]) => !mainline.has(path) || base.has(path))]);
	const {plan} = planMeeting({base, sides: [mainline, incoming], git: merged, result: merged, labels}, ground.library, options);
	const standing = plan.forks.length > 0 || plan.refusals.length > 0 ? null : standingIn(ground, incoming);
	const keyOf = (path: string) => nodeKey(labels.get(folderOf(path)) ?? '', stemOf(path));
	return {
		plan: standing ? planMeeting(standing, ground.library, options).plan : plan,
		isMerged: standing !== null,
		otherwise: edited.filter(([path]) => isMigrationFile(path)).map(([path]) => ({key: keyOf(path), path})),
		absent: [...mainline.keys()]
			.filter(path => isMigrationFile(path) && !incoming.has(path) && labels.has(folderOf(path)))
			.map(keyOf),
		verdicts: () => compareFiles(ground, {bases: [base], mainline, incoming}).verdicts,
	};
}

/** Another text of one migration, and not another migration of one name. */
function isEdit({library}: Ground, path: string, published: FileState, here: FileState | undefined): boolean {
	if (!here || here.oid === published.oid) return false;
	if (!isMigrationFile(path)) return true;
	if (identityIn(library, here) === identityIn(library, published)) return true;
	return isVersionOf(library.source(published.oid).text, library.source(here.oid).text);
}

/** The checked out tree is a merge already, made by a forge, and forked: its arms stand beside each other. Ranks say which one stays. */
function standingIn(ground: Ground, incoming: Files): Meeting | null {
	return meetingWithin(incoming, ground.load(incoming), ({arms}) => arms.map((_, index) => index), ground.library);
}

function optionsFor(
	ground: Ground,
	mainline: Files,
	trees: {mainline: string; incoming: string},
	{strategy}: Settings,
): PlanOptions {
	const holds = ({path, origin}: Entry) => {
		const file = mainline.get(path);
		return (
			file !== undefined && (file.oid === origin.oid || identityIn(ground.library, file) === identityIn(ground.library, origin))
		);
	};
	return {
		strategy,
		rankOf: entry => (holds(entry) ? 2 : 0),
		isPublished: (path, file) => mainline.get(path)?.oid === file.oid,
		stamp: stampFinder(ground, [trees.mainline, trees.incoming]),
		load: ground.load,
	};
}
