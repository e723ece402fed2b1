import {gitVersion} from '../install/git-version.ts';
import {VERSION} from '../version.ts';

/** What a report of a bug needs to know; git is asked, and may be what is broken. */
export function versions(cwd: string): string[] {
	return [`migration-guard ${VERSION}`, `node ${process.version}`, gitVersionOrNone(cwd), `${process.platform} ${process.arch}`];
}

function gitVersionOrNone(cwd: string): string {
	try {
		return `git ${gitVersion({cwd}).text}`;
	} catch {
		return 'git unknown';
	}
}
