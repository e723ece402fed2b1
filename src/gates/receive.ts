import {configAt} from '../doors/config-at.ts';
import {type Examined, examine} from '../doors/examine.ts';
import {openGround} from '../doors/ground.ts';
import {settingsOf} from '../doors/read-settings.ts';
import {headRef, type Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {foldersFromSettings} from '../install/folders.ts';
import {type Finding, isSameFinding} from '../migrations/finding.ts';

/** A ref that somebody pushes, as git tells a pre-receive hook (githooks: pre-receive). Zeros: it is not there yet. */
export interface Received {
	readonly old: string;
	readonly new: string;
	readonly ref: string;
}

/** What a push adds to a protected branch. */
export interface Judgement {
	readonly ref: string;
	/** What Django would refuse, and the branch did not have before. */
	readonly errors: readonly Finding[];
	/** Published migrations that were edited, deleted or renamed. */
	readonly notices: readonly Finding[];
}

/**
 * Judge what a push adds. The configuration is that of the branch as it is, so that a push cannot silence itself; of a branch that is
 * new, that of HEAD. Nothing is written but our own cache: in quarantine there is nothing to write to.
 */
export async function judgeReceived(repo: Repo, {old, new: pushed, ref}: Received): Promise<Judgement> {
	const isNew = !/[^0]/.test(old);
	const before = resolveCommit(repo, isNew ? 'HEAD' : old);
	const commit = resolveCommit(repo, pushed);
	// A tag of a tree, or an object that is no commit: no history to guard.
	if (commit === null) return {ref, errors: [], notices: []};
	const config = await configAt(repo, before ?? commit);
	const {load} = settingsOf(config, foldersFromSettings(repo, before ?? commit));
	const ground = openGround(repo, commit, load);
	const published = {
		refs: before === null ? [] : [{ref: isNew ? (headRef(repo) ?? 'HEAD') : ref, oid: before, remote: true}],
		has: before === null ? null : (path: string) => ground.at(before).has(path),
		byCommit: true,
	};
	const {findings} = examine(ground, commit, {mainline: [], ignore: config.ignore}, published);
	const errors = findings.filter(({severity}) => severity === 'error');
	const known = before === null || errors.length === 0 ? [] : inTree(repo, before, load);
	return {
		ref,
		errors: errors.filter(error => !known.some(other => isSameFinding(error, other))),
		notices: findings.filter(({code}) => code === 'MG112' || code === 'MG113'),
	};
}

function inTree(repo: Repo, commit: string, load: ReturnType<typeof settingsOf>['load']): Examined['findings'] {
	return examine(openGround(repo, commit, load), commit, {mainline: [], ignore: []}, {refs: [], has: null}).findings;
}
