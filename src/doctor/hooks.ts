import {existsSync} from 'node:fs';
import path from 'node:path';
import type {Repo} from '../git/repo.ts';
import {fields, type GitPlace, git, text} from '../git/run.ts';
import type {Layout} from '../install/layout.ts';
import {hooksPathInForce, ownHooksPath} from '../install/wish.ts';
import {type Answer, answers} from './answers.ts';
import {type Complaint, INSTALL, shellWord} from './complaint.ts';

/** What keeps our hooks from running in this worktree and in the others. */
export function hookComplaints(repo: Repo, layout: Layout, configurable: boolean, here: readonly Answer[]): Complaint[] {
	const silent = here.filter(({ours}) => !ours);
	const complaints = silent.length === 0 ? [] : because(repo, layout, silent);
	return [...complaints, ...otherWorktrees(repo).flatMap(place => elsewhere(place, configurable, here))];
}

function because(repo: Repo, layout: Layout, silent: readonly Answer[]): Complaint[] {
	const off = silent.filter(({disabledBy}) => disabledBy !== null);
	if (off.length > 0) return off.map(answer => switchedOff(repo, answer));
	const own = ownHooksPath(repo, layout);
	if (own !== '' && own !== layout.hooks.replaceAll('\\', '/')) return [moved(own)];
	const hiding = worktreeHooksPath(repo);
	if (hiding !== '') return [hidden(hiding, null)];
	return byManager(silent);
}

function switchedOff(repo: Repo, {event, disabledBy}: Answer): Complaint {
	const [line = ''] = text(git(repo, ['config', '--show-scope', '--get-all', disabledBy!], {ok: [0, 1]}))
		.split('\n')
		.reverse();
	const scope = line.split('\t')[0] || 'local';
	return {
		code: 'hook-off',
		what: `the hook of ${event} is switched off`,
		why: `${disabledBy} is false`,
		mend: `git config --${scope} --unset-all ${disabledBy}`,
	};
}

function moved(own: string): Complaint {
	return {
		code: 'moved',
		what: 'the repository was moved, and its hooks are looked for where it was',
		why: `core.hooksPath has to be a whole path, and is ${own}`,
		mend: INSTALL,
	};
}

function hidden(folder: string, worktree: string | null): Complaint {
	const [whose, command] = worktree === null ? ['this worktree', 'git'] : [worktree, `git -C ${shellWord(worktree)}`];
	return {
		code: 'hidden-in-worktree',
		what: `core.hooksPath of ${whose} hides the hooks`,
		why: `its config.worktree names ${folder}, and is read after everything else`,
		mend: `${command} config --worktree --unset-all core.hooksPath`,
	};
}

/** One complaint for each file or manager that took a place of ours. */
function byManager(silent: readonly Answer[]): Complaint[] {
	const groups = new Map<string, Answer[]>();
	for (const answer of silent) {
		const key = answer.manager ?? (answer.by === 'nothing' ? 'nothing' : 'somebody');
		groups.set(key, [...(groups.get(key) ?? []), answer]);
	}
	return [...groups].map(([key, group]) => ({code: 'hook-silent', what: says(group), why: reason(key, group), mend: INSTALL}));
}

function says(group: readonly Answer[]): string {
	return `${group.map(({event}) => event).join(', ')}: git does not come to us`;
}

function reason(key: string, [first]: readonly Answer[]): string {
	const aside = first!.setAside === null ? '' : `; ours lies in ${first!.setAside}, which nobody runs`;
	switch (key) {
		case 'nothing':
			return `there is no hook that runs${aside}`;
		case 'husky':
			return `husky has set core.hooksPath, and its ${first!.by} answers${aside}`;
		case 'lefthook':
			return `lefthook wrote ${first!.by} anew${aside}; \`migration-guard install --shared\` shows a job for lefthook.yml that stays`;
		case 'simple-git-hooks':
		case 'pre-commit':
			return `${key} wrote ${first!.by} anew${aside}`;
		default:
			return `${first!.by} answers${aside}`;
	}
}

/** Worktrees beside this one, those whose folder is gone left out. */
function otherWorktrees(repo: Repo): (GitPlace & {readonly cwd: string})[] {
	const lines = fields(git(repo, ['worktree', 'list', '--porcelain', '-z']));
	const folders = lines.flatMap(line => (line.startsWith('worktree ') ? [line.slice('worktree '.length)] : []));
	const others = folders.filter(
		folder => path.resolve(folder) !== path.resolve(repo.cwd) && existsSync(path.join(folder, '.git')),
	);
	// Variables that name one repository must not follow us into another one.
	return others.map(cwd => ({cwd, env: {GIT_DIR: undefined, GIT_WORK_TREE: undefined, GIT_INDEX_FILE: undefined}}));
}

/** A worktree where hooks are silent that run here. */
function elsewhere(place: GitPlace & {readonly cwd: string}, configurable: boolean, here: readonly Answer[]): Complaint[] {
	const running = new Set(here.filter(({ours}) => ours).map(({event}) => event));
	const silent = answers(place, configurable).filter(({event, ours}) => !ours && running.has(event));
	if (silent.length === 0) return [];
	const hiding = worktreeHooksPath(place);
	if (hiding !== '') return [hidden(hiding, place.cwd)];
	return byManager(silent).map(complaint => ({
		...complaint,
		code: 'worktree-silent',
		what: `in ${place.cwd}: ${complaint.what}`,
	}));
}

function worktreeHooksPath(place: GitPlace): string {
	// Without extensions.worktreeConfig --worktree means the repository's own configuration.
	const enabled = text(git(place, ['config', '--type=bool', 'extensions.worktreeConfig'], {ok: [0, 1]})) === 'true';
	return enabled ? hooksPathInForce(place, '--worktree') : '';
}
