import {type DjangoSettings, isSettingsFile, readDjangoSettings} from '../migrations/django-settings.ts';
import type {Ground} from './ground.ts';

const REGULAR = /^100/;
/** A settings file is short; what is longer is data. */
const LONGEST = 500_000;

/** What the settings-like files of a tree say literally. Nothing is run. */
export function djangoSettings({everything, library}: Ground): DjangoSettings {
	const entries = [...everything.values()].filter(({path, mode}) => REGULAR.test(mode) && isSettingsFile(path));
	library.fetchEvidence(entries.map(({oid}) => oid));
	const files = entries.map(({path, oid}) => ({path, text: library.evidence(oid)}));
	return readDjangoSettings(files.filter(({text}) => text.length <= LONGEST));
}
