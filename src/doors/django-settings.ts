import type {TreeEntries, TreeEntry} from '../git/trees.ts';
import {type DjangoSettings, isSettingsFile, readDjangoSettings} from '../migrations/django-settings.ts';
import type {Ground} from './ground.ts';

const REGULAR = /^100/;
/** A settings file is short; what is longer is data. */
const LONGEST = 500_000;

/** What the settings-like files of a tree say literally. Nothing is run. */
export function djangoSettings({everything, library}: Ground): DjangoSettings {
	const entries = settingsFiles(everything);
	library.fetchEvidence(entries.map(({oid}) => oid));
	const files = entries.map(({path, oid}) => ({path, text: library.evidence(oid)}));
	return readDjangoSettings(files.filter(({text}) => text.length <= LONGEST));
}

/**
 * Read the migrations of a ground and its settings, as far as they are not remembered, while git is still at work on the rest: a first look
 * at thousands of migrations takes that much less time.
 */
export async function readAhead({everything, library}: Ground): Promise<void> {
	library.fetchEvidence(settingsFiles(everything).map(({oid}) => oid));
	await library.readAhead();
}

function settingsFiles(everything: TreeEntries): TreeEntry[] {
	return [...everything.values()].filter(({path, mode}) => REGULAR.test(mode) && isSettingsFile(path));
}
