/** What a code of a finding says, and how much it weighs unless the configuration says otherwise. */
interface Code {
	readonly severity: 'error' | 'notice';
	readonly what: string;
}

/** In the words of docs/json.md. */
const CODES: Readonly<Record<string, Code>> = {
	MG001: {severity: 'error', what: 'an app has several leaf migrations'},
	MG002: {severity: 'error', what: 'a dependency on, or a `run_before` of, a migration that does not exist'},
	MG003: {severity: 'error', what: 'a circular dependency'},
	MG004: {severity: 'error', what: 'a migration that depends on itself'},
	MG005: {
		severity: 'error',
		what: 'a file in a migrations folder that Django cannot load (a notice when it is too long to be read)',
	},
	MG006: {severity: 'error', what: 'two migrations of one name wait in one file to be split'},
	MG007: {severity: 'error', what: '`max_migration.txt` does not name the leaf (dlm.E002, E003, E004)'},
	MG008: {severity: 'notice', what: 'a folder of migrations without `__init__.py`'},
	MG009: {severity: 'notice', what: 'several folders with one app label'},
	MG010: {severity: 'error', what: 'squashed migrations that replace each other or themselves'},
	MG011: {severity: 'error', what: 'a relation to a model of another app that is made only later'},
	MG012: {
		severity: 'error',
		what: 'an app has no `max_migration.txt` and the settings install django-linear-migrations (dlm.E001); a notice where only other apps have one',
	},
	MG013: {severity: 'error', what: 'a model or a field that no migration makes; looked for with `--models` alone'},
	MG101: {severity: 'notice', what: "one number on several arms of an app's history"},
	MG102: {severity: 'notice', what: 'dependencies that are computed and cannot be read in full'},
	MG103: {severity: 'notice', what: 'a squash of squashes, which needs Django 6.0'},
	MG104: {severity: 'notice', what: 'a relation to a model of another app without a dependency, which works by luck'},
	MG105: {severity: 'notice', what: 'a merge migration that merges nothing any more'},
	MG106: {severity: 'notice', what: 'a squash some of whose replaced migrations are gone'},
	MG107: {severity: 'notice', what: 'a number written narrower or wider than its neighbours'},
	MG108: {severity: 'notice', what: 'a history of more than 200 migrations'},
	MG109: {severity: 'notice', what: 'an app with migrations that no settings file names'},
	MG110: {severity: 'notice', what: 'a function that goes through a whole table in one transaction'},
	MG111: {severity: 'notice', what: 'one number twice in one line of history'},
	MG112: {severity: 'notice', what: 'a published migration was edited'},
	MG113: {severity: 'notice', what: 'a published migration was deleted or renamed'},
	MG114: {severity: 'notice', what: 'a migration on disk that git ignores, or that was not added'},
	MG115: {severity: 'notice', what: 'a fork that a squash hides from an empty database, and from no other'},
	MG201: {severity: 'error', what: 'two branches whose work does not commute (a notice where `conflicts: warn`)'},
	MG202: {severity: 'notice', what: 'work of two branches to look at (an error where `reviews: stop`)'},
	MG203: {
		severity: 'error',
		what: 'a branch that would fork an app of mainline once it is merged (`forks` in the configuration)',
	},
	MG204: {severity: 'error', what: 'what a merge could not put in order by itself'},
	MG205: {severity: 'notice', what: 'a branch whose migrations have waited for long (`staleAfter`)'},
	MG206: {
		severity: 'error',
		what: 'an operation of the branch that fails in the order that stands (a notice where `conflicts: warn`, or where a database or code beside it may help)',
	},
	MG207: {severity: 'notice', what: 'what could not be checked in a clone without history'},
	MG208: {severity: 'notice', what: 'a published migration that reads otherwise here, in a clone without history'},
	MG209: {
		severity: 'notice',
		what: 'an app whose migrations another open branch touches, too (an error where `singleOwner: stop`)',
	},
};

/** What a code means, in a few words without a final period. */
export function describeCode(code: string): Code {
	return CODES[code] ?? {severity: 'notice', what: code};
}
