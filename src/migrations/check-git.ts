import type {Finding} from './finding.ts';
import type {NodeKey} from './key.ts';

/** A published migration that a branch changed. */
export interface PublishedChange {
	readonly key: NodeKey;
	readonly path: string;
	readonly how: 'edited' | 'deleted';
	/** The ref that has it. */
	readonly ref: string;
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

/** MG112: a published migration was edited. MG113: it was deleted. Databases that have it applied never notice. */
export function publishedChange({key, path, how, ref}: PublishedChange): Finding {
	const isEdit = how === 'edited';
	return {
		code: isEdit ? 'MG112' : 'MG113',
		severity: 'notice',
		title: `${key} is published on ${ref} and was ${how} here`,
		nodes: [key],
		places: [{path, line: 1}],
		why: isEdit
			? 'databases that have it applied do not run it again, and differ from new ones from then on'
			: 'databases keep the record of it, and branches that build on it lose their parent',
		fix: `git checkout ${ref} -- ${path}${isEdit ? ', and write a new migration for what has to change' : ''}`,
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
