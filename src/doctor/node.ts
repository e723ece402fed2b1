import {existsSync} from 'node:fs';
import type {Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import {shellQuote} from '../install/launchers.ts';
import {type Complaint, INSTALL} from './complaint.ts';

/** The oldest Node that runs the program; `src/entry/cli.ts` refuses older ones. */
const OLDEST = [20, 19] as const;

/** The Node that the installed hooks find. */
export interface FoundNode {
	/** As `node --version` says it, null when there is none. */
	readonly version: string | null;
	/** The one that was noted at the installation, whether or not it is still there. */
	readonly noted: string;
}

/** Ask the very sh that runs the hooks, by the very steps of hooks/hook.sh: git gives it a PATH of its own. One process of git's. */
export function findNode(repo: Repo, noted: string): FoundNode {
	const steps = `!node=${shellQuote(noted)}; [ -x "$node" ] || node=$(command -v node) || exit 1; "$node" --version`;
	const {code, stdout} = git(repo, ['-c', `alias.migration-guard-node=${steps}`, 'migration-guard-node'], {ok: range(256)});
	return {version: code === 0 ? text({stdout, code, stderr: ''}) : null, noted};
}

/** Whether the hooks have a Node that runs the program. */
export function nodeComplaints({version, noted}: FoundNode): Complaint[] {
	const gone = `${noted}, noted at the installation, is ${existsSync(noted) ? 'no program' : 'gone'}`;
	if (version === null)
		return [{code: 'node-missing', what: 'the hooks find no Node', why: `${gone}, and the PATH has none`, mend: INSTALL}];
	const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
	if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return existsSync(noted) ? [] : [moved(version, gone)];
	const why = existsSync(noted) ? `${noted} is older than ${OLDEST.join('.')}` : `${gone}; the first on the PATH is too old`;
	return [{code: 'node-old', what: `the hooks find Node ${version}, which cannot run them`, why, mend: INSTALL}];
}

/** As after an update of Node. The hooks go on here, and not where git has another PATH, as in a graphical client. */
function moved(version: string, gone: string): Complaint {
	return {code: 'node-moved', what: `the hooks take Node ${version} from the PATH`, why: gone, mend: INSTALL};
}

function range(length: number): number[] {
	return Array.from({length}, (_, code) => code);
}
