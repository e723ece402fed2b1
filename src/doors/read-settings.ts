import type {Config} from '../config/config.ts';
import {loadConfig} from '../config/find.ts';
import type {Repo} from '../git/repo.ts';
import {layoutOf} from '../install/layout.ts';
import {readRecord} from '../install/record.ts';
import type {Settings} from './settings.ts';

/** What holds in this worktree: its configuration file, and the folders that `install` found. Throws UsageError naming file and key. */
export async function readSettings(repo: Repo): Promise<Settings> {
	return settingsOf(await loadConfig(repo.top), readRecord(layoutOf(repo.commonDir))?.folders ?? []);
}

/** The part of a configuration that the doors need. */
export function settingsOf(config: Config, foundFolders: readonly string[]): Settings {
	const {mainline, strategy, commit, apps, folders, staleAfter} = config;
	return {
		load: {apps, folders: [...new Set([...folders, ...foundFolders])]},
		mainline,
		strategy,
		commit,
		staleAfter: staleAfter > 0 ? staleAfter / 1000 : null,
	};
}
