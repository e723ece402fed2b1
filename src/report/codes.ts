/** What each code of a finding means, in the words of docs/json.md. */
const CODES: Readonly<Record<string, string>> = {
	MG001: 'an app has several leaf migrations',
	MG002: 'a dependency on, or a `run_before` of, a migration that does not exist',
	MG003: 'a circular dependency',
	MG004: 'a migration that depends on itself',
	MG005: 'a file in a migrations folder that Django cannot load (a notice when it is too long to be read)',
	MG006: 'two migrations of one name wait in one file to be split',
	MG007: '`max_migration.txt` does not name the leaf',
	MG008: 'a folder of migrations without `__init__.py`',
	MG009: 'several folders with one app label',
	MG010: 'squashed migrations that replace each other or themselves',
	MG011: 'a relation to a model of another app that is made only later',
	MG101: "one number on several arms of an app's history",
	MG102: 'dependencies that are computed and cannot be read in full',
	MG103: 'a squash of squashes, which needs Django 6.0',
	MG104: 'a relation to a model of another app without a dependency, which works by luck',
	MG105: 'a merge migration that merges nothing any more',
	MG106: 'a squash some of whose replaced migrations are gone',
	MG107: 'a number written narrower or wider than its neighbours',
	MG108: 'a history of more than 200 migrations',
	MG109: 'an app with migrations that no settings file names',
	MG110: 'a function that goes through a whole table in one transaction',
	MG111: 'one number twice in one line of history',
	MG112: 'a published migration was edited',
	MG113: 'a published migration was deleted',
	MG114: 'a migration on disk that git ignores, or that was not added',
};

/** What a code means, in a few words without a final period. */
export function describeCode(code: string): string {
	return CODES[code] ?? code;
}
