import type {Finding} from './finding.ts';
import type {NodeKey} from './key.ts';

/** A published migration that a branch changed. */
export interface PublishedChange {
	readonly key: NodeKey;
	readonly path: string;
	readonly how: 'edited' | 'deleted' | 'renamed';
	/** What it is called now, where it was renamed. */
	readonly to: {readonly key: NodeKey; readonly path: string} | null;
	/** The ref that has it. */
	readonly ref: string;
	/** What a command finds it in: that ref, or its commit where the reader has no such ref. */
	readonly source: string;
}

/** A migration that lies on disk and is in no commit, and why that matters. */
export interface LooseMigration {
	readonly key: NodeKey;
	readonly path: string;
	readonly ignored: boolean;
	/** A migration in git that depends on it. */
	readonly neededBy: NodeKey | null;
	/** A file with models that changed with it. */
	readonly models: string | null;
}

const WHY = {
	edited: 'databases that have it applied do not run it again, and differ from new ones from then on',
	deleted: 'databases keep the record of it, and branches that build on it lose their parent',
	renamed: 'databases that have it applied know the old name only, and run it again under the new one',
} as const;

/** MG112: a published migration was edited. MG113: it was deleted or renamed. Databases that have it applied never notice. */
export function publishedChange({key, path, how, to, ref, source}: PublishedChange): Finding {
	const back = `git checkout ${source} -- ${path}`;
	return {
		code: how === 'edited' ? 'MG112' : 'MG113',
		severity: 'notice',
		title: `${key} is published on ${ref} and was ${how}${to === null ? '' : ` to ${to.key}`} here`,
		nodes: [key],
		places: [{path, line: 1}],
		why: WHY[how],
		fix:
			to !== null
				? `${back} && git rm ${to.path}, and put the old name back in what depends on it`
				: `${back}${how === 'edited' ? ', and write a new migration for what has to change' : ''}`,
	};
}

/** MG114: a migration that Django sees here and nobody else will. */
export function looseMigration({key, path, ignored, neededBy, models}: LooseMigration): Finding {
	return {
		code: 'MG114',
		severity: 'notice',
		title: `${path} is ${ignored ? 'ignored by git' : 'not added to git'}`,
		nodes: [key],
		places: [{path, line: 1}],
		why: neededBy
			? `${neededBy} depends on it: wherever else it is checked out, Django raises NodeNotFoundError`
			: models
				? `${models} changed with it: others get the models without it, and make a migration of their own`
				: 'others get the models without it, and make a migration of their own',
		fix: ignored ? `take it out of .gitignore, and run: git add ${path}` : `run: git add ${path}`,
	};
}
