/** What installing would do, one line each, for `--dry-run`. Paths are shown as given below the git directory. */
export function changesText(changes: readonly ShownChange[], common: string): string {
	if (changes.length === 0) return 'nothing to do\n';
	const short = (file: string) => (file.startsWith(common) ? file.slice(common.length + 1) : file);
	const lines = changes.map(change => {
		if (change.kind === 'copy') return `copy the program to ${short(change.to ?? '')}`;
		if (change.to !== undefined) return `${change.kind} ${short(change.path)} as ${short(change.to)}`;
		return `${change.kind === 'remove-if-empty' ? 'remove, if it is empty,' : change.kind} ${short(change.path)}`;
	});
	return `in ${common}:\n${lines.map(line => `  ${line}\n`).join('')}`;
}

interface ShownChange {
	readonly kind: string;
	readonly path: string;
	readonly to?: string;
}

export interface Installation {
	readonly version: string;
	readonly common: string;
	readonly way: 'configuration' | 'files' | 'take-over';
	readonly git: string;
	readonly folders: readonly string[];
	/** Nothing had to be changed. */
	readonly again: boolean;
}

/** What an installation set up and how to take it away. */
export function installedText({version, common, way, git, folders, again}: Installation): string {
	const how = {
		configuration: `by configuration (git ${git}); other hooks keep running beside them`,
		files: `in hooks/ (git ${git}); a hook that was there runs first`,
		'take-over': `by core.hooksPath (git ${git}), in front of the hooks it named before`,
	}[way];
	return [
		`migration-guard ${version} ${again ? 'was set up already' : 'is set up'} in ${common}`,
		`  hooks         ${how}`,
		`  merge driver  for *migrations/*.py${folders.map(folder => `, ${folder}`).join('')}`,
		'  program       a copy of it, so npm or npx may clean up',
		'Nothing in the worktree changed. MIGRATION_GUARD=0 switches it off for one command, migration-guard uninstall takes it away.',
		'',
	].join('\n');
}

/** What an installation for all repositories of a user set up. */
export function globallyInstalledText(made: {version: string; home: string; config: string; again: boolean}): string {
	return [
		`migration-guard ${made.version} ${made.again ? 'was set up already' : 'is set up'} for all repositories, in ${made.home}`,
		`  hooks and merge driver  by one line in ${made.config}; the hooks of each repository keep running`,
		'  where it does nothing   wherever no file in a folder *migrations changes: one look of git at each merge',
		'A repository with an installation of its own uses that. migration-guard uninstall --global takes it away.',
		'',
	].join('\n');
}

/** What an installation on a server set up. */
export function serverInstalledText(made: {version: string; common: string; event: string; again: boolean}): string {
	return [
		`migration-guard ${made.version} ${made.again ? 'was set up already' : 'is set up'} in ${made.common}`,
		`  hooks/${made.event}  refuses what forks a protected branch; a hook that was there runs first`,
		'  protected  the branch that HEAD names; others: git config --add migration-guard.protected NAME',
		'migration-guard uninstall takes it away.',
		'',
	].join('\n');
}
