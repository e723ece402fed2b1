/** A text that is passed on and that Django never prints, or advice that does nothing, by Django's own source. */
export interface Hearsay {
	readonly claim: string;
	readonly pattern: RegExp;
	/** What is said. */
	readonly title: string;
	/** What is true. */
	readonly truth: readonly string[];
	/** What to do instead; `{manage}` is how the project's Django is called. */
	readonly instead: readonly {readonly when: string; readonly steps: readonly (readonly [command: string, why: string])[]}[];
}

export const HEARSAY: readonly Hearsay[] = [
	{
		claim: 'model-not-installed',
		pattern: /NodeNotFoundError: Migration \S+ references model \S+ from app \S+, which is not installed/g,
		title: 'Django has no such text: NodeNotFoundError is only about migrations, never about models',
		truth: [
			"Its text is: Migration users.0003_x dependencies reference nonexistent parent node ('profiles', '0001_initial').",
			'A relation to a model that no earlier migration makes ends with ValueError: "Related model \'profiles.profile\' cannot be resolved", or with "declared with a lazy reference to …"; and with nothing at all while the other app happens to come first.',
		],
		instead: [
			{
				when: 'to find such relations without running anything',
				steps: [['migration-guard check', 'MG011 and MG104 name them, with the dependency to add']],
			},
		],
	},
	{
		claim: 'run-syncdb',
		pattern: /migrate --run-syncdb/g,
		title: '--run-syncdb neither makes the table django_migrations alone nor keeps migrations from running',
		truth: [
			'It makes the tables of apps that have no migrations, and then runs every migration like a plain migrate.',
			'The table django_migrations is made by every migrate before anything else, so that no option of migrate helps where that fails.',
		],
		instead: [
			{
				when: 'to record first migrations whose tables exist',
				steps: [['{manage} migrate --fake-initial', 'looks whether the tables are there']],
			},
		],
	},
	{
		claim: 'fake-initial',
		pattern: /migrate \w+ 0001\w* --fake-initial/g,
		title: '--fake-initial does not always record without running: it looks for the tables first',
		truth: [
			'A first migration is recorded without being run only when every table it makes exists (and every column it adds); else it is run. It looks at names and not at what the tables are like.',
		],
		instead: [
			{when: 'to see which it would be', steps: [['{manage} migrate --plan', 'what would run; then compare with sqlmigrate']]},
		],
	},
	{
		claim: 'database-backwards',
		pattern:
			/class Migration\((?:(?!class \w+\([^)]*(?:Operation|RunPython|RunSQL|Field|Model)\b).){0,4000}?def database_backwards\(\s*self, app_label/g,
		title: 'a function database_backwards beside the operations does nothing: Django calls it on operations only',
		truth: [
			'Neither the module nor the class Migration has such a hook; the function is never called, and the migration is exactly as reversible as without it.',
			'RemoveField needs none: it can be reversed, the column comes back, without what was in it. For that the field must be nullable or have a default.',
		],
		instead: [
			{
				when: 'to undo what only you know how to undo: as an operation',
				steps: [
					[
						'{manage} makemigrations APP --empty --name restore',
						'and in it migrations.RunPython(forwards, reverse_code=backwards), or RunSQL(…, reverse_sql=…)',
					],
				],
			},
		],
	},
	{
		claim: 'squash-and-restart',
		pattern: /find \S*migrations -name "?0\*\.py"? .{0,60}-delete/g,
		title: 'deleting migrations and making them anew mends one database and breaks others',
		truth: [
			'Every other database keeps its rows. Where a migration with a new name makes what is there, the next migrate fails ("duplicate column", "table already exists"); SQLite may make the table anew instead, and what was in the column is gone.',
			'A new 0001_initial counts as applied where an old one was, and is not run: a database that had not applied all of the old ones lacks columns, and migrate says nothing. Branches that depend on a deleted name fail with NodeNotFoundError.',
		],
		instead: [
			{when: 'to have one line again', steps: [['migration-guard fix', 'renumbers what is not published']]},
			{when: 'to have fewer files', steps: [['{manage} squashmigrations APP 0001 NNNN', 'keeps what other databases know']]},
		],
	},
	{
		claim: 'plan-shows-dependencies',
		pattern: /full migration dependency graph.{0,40}showmigrations --plan/g,
		title: 'showmigrations --plan lists an order; dependencies it shows only with --verbosity 2',
		truth: ['Without that, a missing dependency looks just like one that is there.'],
		instead: [
			{
				when: 'to see them',
				steps: [
					['{manage} showmigrations --plan --verbosity 2', 'each with its direct dependencies'],
					['migration-guard graph', 'draws them'],
				],
			},
		],
	},
	{
		claim: 'lazy-reference-cycle',
		pattern: /[Cc]ircular.{0,400}?(?:[Ll]azy (?:string )?reference)/g,
		title: 'a string in ForeignKey does not end a circle of migrations',
		truth: [
			'It ends circular imports of Python modules. Migrations always refer to models by name; their circle is in `dependencies`, and stays.',
		],
		instead: [{when: 'to find the line that closes it', steps: [['migration-guard check', 'MG003 lists the circle']]}],
	},
	{
		claim: 'same-number',
		pattern: /Two migrations with the same number/g,
		title: 'two migrations with one number are no error: numbers mean nothing to Django',
		truth: ['What it refuses is an app with two leaves: migrations that no other one of the app depends on.'],
		instead: [{when: 'to see the leaves', steps: [['migration-guard graph', 'marks them']]}],
	},
	{
		claim: 'not-atomic-resumable',
		pattern: /atomic = False.{0,400}?(?:idempotent|resumable)/g,
		title: 'atomic = False does not make a migration resumable',
		truth: [
			'A migration that fails half-way is not recorded and begins anew with its first row, while what it did before stays done. It has to be written so that rows which are done are passed over.',
		],
		instead: [
			{
				when: 'to see migrations that go through whole tables in one transaction',
				steps: [['migration-guard check', 'MG110 names them, and none that has atomic = False']],
			},
		],
	},
	{
		claim: 'manage-py-left-out',
		pattern: /\bpython3? (?:makemigrations|migrate)\b/g,
		title: 'the commands are given to manage.py: `python makemigrations` only says that it cannot open a file of that name',
		truth: ["Django prints: To fix them run 'python manage.py makemigrations --merge'."],
		instead: [
			{when: 'to have one line and not a merge migration', steps: [['migration-guard fix', 'renumbers what is not published']]},
		],
	},
];
