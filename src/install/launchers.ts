import {isServerEvent} from './layout.ts';

/*
 * The few lines of sh that git starts. They find our folder from the git directory, so a repository may be moved, and do
 * nothing when it is gone. `hook`, `server-hook` and `merge-driver`, the scripts they lead to, are made from hooks/*.sh.
 */
const mark = '# migration-guard: written by `migration-guard install`, taken away by `migration-guard uninstall`';

// In the main worktree no process; a linked worktree or a submodule asks git. Hooks run at the top of the worktree.
const findHomeOf = (script: string) =>
	`mg="\${GIT_DIR:-.git}/migration-guard"; [ -r "$mg/${script}" ] || mg="$(git rev-parse --git-common-dir)/migration-guard"`;
const findHome = findHomeOf('hook');

/** The script that an event leads to. Were it one for all, whoever installs last would silence the other. */
const scriptOf = (event: string) => (isServerEvent(event) ? 'server-hook' : 'hook');

/** `hook.<name>.command` of git ≥ 2.54, which appends `"$@"` and says nothing of the event. */
export function hookCommand(event: string): string {
	return `${findHome}; [ -r "$mg/hook" ] || exit 0; event=${event}; . "$mg/hook"`;
}

/**
 * The same for every repository of a machine, from a folder outside of them; silent where a repository has its own installation.
 * What a run leaves behind, its journal above all, lies in the repository.
 */
export function globalHookCommand(event: string, home: string): string {
	const stub = shellQuote(`${home}/hook`);
	return `${findHome}; [ ! -r "$mg/hook" ] && [ -r ${stub} ] || exit 0; event=${event}; . ${stub}`;
}

/** A line of sh for a hook that a team commits: where nobody installed us, it does nothing. `"$@"` has to be the hook's arguments. */
export function shareableCommand(event: string): string {
	return `(${hookCommand(event)})`;
}

/** A hook file that is ours alone. */
export function hookFile(event: string): string {
	const script = scriptOf(event);
	return `#!/bin/sh\n${mark}\n${findHomeOf(script)}\n[ -r "$mg/${script}" ] || exit 0\nevent=${event}\n. "$mg/${script}"\n`;
}

/** A hook file in the place of a foreign one, which was moved to `saved` and is run first. */
export function chainFile(event: string): string {
	return chain(event, true, 'previous="$' + '{mg%/*}/migration-guard-saved"\n');
}

/**
 * A hook file in the folder that our `core.hooksPath` names, in front of the folder that was configured before. That one
 * is asked for each time, as husky and its like may set it anew; `before` is what it was at the installation.
 */
export function takeOverFile(name: string, ours: boolean, before: string): string {
	return chain(name, ours, `previous=$(git config --no-includes --type=path core.hooksPath) || previous=${shellQuote(before)}\n`);
}

/** Whether a hook file is one of ours. */
export function isOurs(text: string): boolean {
	return text.includes(mark);
}

/**
 * `merge.migration-guard.driver`. Without our script, or when that is killed, it is git's own merge of the file: a driver that is missing
 * or dies leaves our side without a mark in it (up to git 2.41), and `git add` would then lose theirs. So it is not `exec`.
 */
export const driverCommand = driverIn('"$(git rev-parse --git-common-dir)/migration-guard"');

/** The same for every repository of a machine. */
export function globalDriverCommand(home: string): string {
	return driverIn(shellQuote(home).replaceAll('%', '%%'));
}

function driverIn(home: string): string {
	return [
		`mg=${home}`,
		'if [ -r "$mg/merge-driver" ]; then sh "$mg/merge-driver" %O %A %B %L %P %S %X %Y; rc=$?; [ $rc -gt 1 ] || exit $rc; fi',
		'git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1',
	].join('; ');
}

/** What a script of hooks/ has to know of its installation. */
export interface Places {
	readonly node: string;
	/** Pathspecs. */
	readonly paths: readonly string[];
	/** The folder of ours, where it is not in the git directory. */
	readonly home?: string;
}

/** A script of hooks/ with this machine's Node and this repository's paths put in. */
export function fillTemplate(template: string, {node, paths, home}: Places): string {
	return template
		.replaceAll('@NODE@', () => shellQuote(node))
		.replaceAll('@PATHSPECS@', () => paths.map(shellQuote).join(' '))
		.replaceAll('@PROGRAM@', () => (home === undefined ? '$mg/program/cli.cjs' : shellQuote(`${home}/program/cli.cjs`)))
		.replaceAll('@INSTALL@', () => `npx migration-guard install${home === undefined ? '' : ' --global'}`);
}

/** One word for a POSIX shell. */
export function shellQuote(word: string): string {
	return `'${word.replaceAll("'", "'\\''")}'`;
}

// The foreign hook comes first and its answer counts: a pre-* that refuses ends it, a post-* cannot.
function chain(name: string, ours: boolean, previous: string): string {
	const stop = name.startsWith('pre-') ? '[ $rc -eq 0 ] || exit $rc\n' : '';
	const isShared = ours && READING.includes(name);
	const theirs = `${isShared ? 'given ' : ''}"$previous/${name}" "$@"`;
	const script = scriptOf(name);
	const call = isShared ? 'given ours "$@"' : `(event=${name}; . "$mg/${script}")`;
	const run = `${stop}if [ -r "$mg/${script}" ]; then ${call} || rc=$?; fi\n`;
	return (
		`#!/bin/sh\n${mark}\n${findHomeOf(script)}\n${previous}${isShared ? shared(name) : ''}` +
		`rc=0\nif [ -x "$previous/${name}" ]; then ${theirs} || rc=$?; fi\n${ours ? run : ''}exit $rc\n`
	);
}

/** Hooks that git tells of each ref on standard input. Both want to read it (git-lfs does), and it can be read only once. */
const READING = ['pre-push', 'pre-receive'];

const shared = (name: string) => `ours() { (event=${name}; . "$mg/${scriptOf(name)}"); }
input=$(cat)
given() {
	if [ -z "$input" ]; then "$@" </dev/null; else "$@" <<END
$input
END
	fi
}
`;
