import type {Assembly, Entry} from '../history/meeting.ts';
import type {FileState, Files} from '../history/revision.ts';
import type {Arm, Rank} from '../history/sides.ts';
import type {NodeKey} from '../migrations/key.ts';
import type {Project} from '../migrations/project.ts';

/** What a plan depends on besides the files: who stands how firmly, what the team wants, what was decided elsewhere. */
export interface PlanOptions {
	readonly strategy: 'renumber' | 'merge';
	readonly rankOf: (entry: Entry) => Rank;
	/** Is this very file in a remote mainline ref's tree? Asked only of migrations that a side renamed. */
	readonly isPublished: (path: string, file: FileState) => boolean;
	/** `%Y%m%d_%H%M`, UTC: the latest committer date of the commits that added the leaves. */
	readonly stamp: (leaves: readonly Entry[]) => string;
	/** Read a set of guarded files as Django would. */
	readonly load: (files: Files) => Project;
	/** One leaf even where mainline has more by itself: in the middle of a rebase, where a commit may have deleted what joins them. */
	readonly strict?: boolean;
	/** Write every max_migration.txt that is out of step, not only those this meeting brought out of step. */
	readonly refreshAll?: boolean;
	/** A migration that keeps its name where it moves: a picked one that is published. */
	readonly keepsName?: (entry: Entry) => boolean;
	/** What moves may have lost its parent on the way (it was picked alone): it follows the leaf then, and is not refused. */
	readonly adopt?: boolean;
	/** A name decided at the tip of a rebase for an entry of the branch, or null. */
	readonly decided?: (entry: Entry) => string | null;
	/** Names the branch used in earlier revisions → the identity they had. */
	readonly formerly?: ReadonlyMap<NodeKey, string>;
	/** Arms chosen by the user or found otherwise; by default they follow from ranks and sides. */
	readonly armsOf?: (app: string, assembly: Assembly, rankOf: (entry: Entry) => Rank) => readonly Arm[];
}
