import type {Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import {type Complaint, shellWord} from './complaint.ts';

/** The branches that a server protects, as hooks/server-hook.sh reads them: patterns of the shell, by default the one that HEAD names. */
export function protectedBranches(repo: Repo): string[] {
	const configured = lines(repo, ['config', '--get-all', 'migration-guard.protected']);
	const named = configured.length > 0 ? configured : lines(repo, ['symbolic-ref', '-q', 'HEAD']);
	return named.map(name => name.replace(/^refs\/heads\//, ''));
}

/** Whether any branch is protected at all: `git init --bare` on a server may call HEAD what nobody pushes. */
export function protectionComplaints(repo: Repo, patterns: readonly string[]): Complaint[] {
	const branches = lines(repo, ['for-each-ref', '--format=%(refname:lstrip=2)', 'refs/heads']);
	const [first] = branches;
	if (first === undefined || branches.some(branch => patterns.some(pattern => matcher(pattern).test(branch)))) return [];
	const [head = ''] = lines(repo, ['symbolic-ref', '-q', '--short', 'HEAD']);
	const meant = [head, 'main', 'master'].find(name => branches.includes(name)) ?? first;
	return [
		{
			code: 'nothing-protected',
			what:
				patterns.length === 0
					? 'HEAD names no branch, so none is protected'
					: `there is no branch ${patterns.join(' or ')} here, so none is protected`,
			why: 'migration-guard.protected names what is protected, and where it is not set, HEAD does',
			mend: `git config --add migration-guard.protected ${shellWord(meant)}`,
		},
	];
}

/** A pattern of `case`, in which `*` matches `/`, too. */
function matcher(pattern: string): RegExp {
	const source = pattern.replace(/[*?.+^${}()|\\]/g, sign => ({'*': '.*', '?': '.'})[sign] ?? `\\${sign}`).replaceAll('[!', '[^');
	try {
		return new RegExp(`^${source}$`);
	} catch {
		return /^/;
	}
}

function lines(repo: Repo, args: readonly string[]): string[] {
	return text(git(repo, args, {ok: [0, 1]}))
		.split(/\r?\n/)
		.filter(Boolean);
}
