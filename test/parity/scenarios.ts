/** A file and its text; null takes it away. */
export type Files = Readonly<Record<string, string | null>>;

/** How two histories meet; published is always mainline. */
export type Way = 'rebase' | 'merge mainline into the branch' | 'merge the branch into mainline';

/** One situation, and what becomes of it with either tool: `npm run parity:linear` compares. */
export interface Scenario {
	/** The test of django-linear-migrations, or its issue. */
	readonly name: string;
	/** What is special, for the table. */
	readonly what: string;
	readonly way?: Way;
	readonly base?: Files;
	readonly mainline?: Files;
	/** The branch's commits. */
	readonly incoming?: readonly Files[];
	/** Git's configuration. */
	readonly config?: Readonly<Record<string, string>>;
	/** The branch's migrations are applied in the developer's database first. */
	readonly applied?: boolean;
	readonly theirs: string;
	readonly ours: string;
}

const MAX = 'shop/migrations/max_migration.txt';
const INITIAL = '0001_initial';
const AUTHORS = '0002_author_nicknames';
const TITLES = '0002_longer_titles';

interface Text {
	readonly dependencies?: string;
	/** In place of `class Migration…`. */
	readonly head?: string;
	readonly operations?: string;
}

/** A migration; `dependencies` is the Python after the equals sign, '' for none at all. */
function migration(field: string, parent: string | null, {dependencies, head, operations}: Text = {}): string {
	const list = dependencies ?? (parent === null ? '[]' : `[\n        ("shop", "${parent}"),\n    ]`);
	const operation =
		parent === null
			? 'migrations.CreateModel("Book", [("id", models.AutoField(primary_key=True))])'
			: `migrations.AddField("book", "${field}", models.IntegerField(default=0))`;
	return `from django.conf import settings
from django.db import migrations, models


${head ?? 'class Migration(migrations.Migration):'}
${list === '' ? '' : `    dependencies = ${list}\n`}
    operations = ${operations ?? `[\n        ${operation},\n    ]`}
`;
}

const file = (name: string) => `shop/migrations/${name}.py`;
const commit = (name: string, parent: string, text?: Text): Files => ({
	[file(name)]: migration(name.replace(/\d/g, ''), parent, text),
	[MAX]: `${name}\n`,
});

/** What every scenario begins with. */
export const BASE: Files = {
	'shop/__init__.py': '',
	'shop/migrations/__init__.py': '',
	[file(INITIAL)]: migration('', null),
	[MAX]: `${INITIAL}\n`,
	'pay/__init__.py': '',
	'pay/migrations/__init__.py': '',
	'pay/migrations/0001_initial.py': migration('', null),
	'pay/migrations/max_migration.txt': '0001_initial\n',
	'site_settings.py': `INSTALLED_APPS = ["django_linear_migrations", "shop", "pay"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "db.sqlite3"}}
SECRET_KEY = "none"
`,
	'.gitignore': 'db.sqlite3\n__pycache__/\n',
};

/** What every scenario's sides add, unless they say otherwise. */
export const MAINLINE: Files = commit(AUTHORS, INITIAL);
export const INCOMING: readonly Files[] = [commit(TITLES, INITIAL)];

const titles = (text: Text): readonly Files[] => [commit(TITLES, INITIAL, text)];
const success = {theirs: 'linear; dependencies written anew', ours: 'linear'} as const;

export const SCENARIOS: readonly Scenario[] = [
	{name: 'test_success', what: 'one on each side, rebase', ...success},
	{
		name: 'find_migration_names, merge',
		what: 'mainline merged into the branch',
		way: 'merge mainline into the branch',
		...success,
	},
	{
		name: 'find_migration_names, three-way, rebase',
		what: 'conflict style diff3, rebase',
		config: {'merge.conflictStyle': 'diff3'},
		...success,
	},
	{
		name: 'find_migration_names, three-way, merge',
		what: 'conflict style diff3, merge',
		way: 'merge mainline into the branch',
		config: {'merge.conflictStyle': 'diff3'},
		...success,
	},
	{
		name: 'test_success_dependencies_tuple',
		what: 'dependencies in a tuple',
		incoming: titles({dependencies: '(\n        ("shop", "0001_initial"),\n        ("pay", "0001_initial"),\n    )'}),
		...success,
	},
	{
		name: 'test_success_swappable_dependency',
		what: 'a swappable dependency',
		incoming: titles({
			dependencies: '[\n        ("shop", "0001_initial"),\n        migrations.swappable_dependency("pay.0001_initial"),\n    ]',
		}),
		...success,
	},
	{
		name: 'test_error_for_no_max_migration_txt',
		what: 'no max_migration.txt',
		base: {[MAX]: null},
		mainline: {[file(AUTHORS)]: migration('nick', INITIAL)},
		incoming: [{[file(TITLES)]: migration('title', INITIAL)}],
		theirs: 'nothing was noticed: forked',
		ours: 'linear, dlm.E001',
	},
	{
		name: 'test_error_for_no_migration_conflict',
		what: 'no conflict: the branch adds no migration',
		incoming: [{'notes.txt': 'notes\n'}],
		theirs: 'nothing to do: linear',
		ours: 'linear',
	},
	{
		name: 'test_error_for_non_existent_merged_migration',
		what: "mainline's file names a migration that does not exist",
		mainline: {[MAX]: `${AUTHORS}\n`},
		theirs: `refused: Parsed '${AUTHORS}' as the already-merged migration name`,
		ours: 'linear',
	},
	{
		name: 'test_error_for_non_existent_rebased_migration',
		what: "the branch's file names a migration that does not exist",
		incoming: [{[MAX]: `${TITLES}\n`}],
		theirs: `refused: Parsed '${TITLES}' as the rebased migration name`,
		ours: 'linear',
	},
	{
		name: 'test_error_for_non_existent_rebased_migration_file',
		what: "the branch's migration is a .pyc",
		incoming: [{[`shop/migrations/${TITLES}.pyc`]: 'no bytecode', [MAX]: `${TITLES}\n`}],
		theirs: `refused: Detected '${TITLES}.py' as the rebased migration filename`,
		ours: 'error: ImportError',
	},
	{
		name: 'test_error_for_applied_migration',
		what: "the branch's migration is applied in the local database",
		applied: true,
		theirs: `refused: Detected ${TITLES} as the rebased migration`,
		ours: 'linear',
	},
	{
		name: 'test_error_for_unparsable_file',
		what: 'a migration that is not valid Python',
		incoming: titles({dependencies: '[(]'}),
		theirs: `refused: Encountered a SyntaxError trying to parse '${TITLES}.py'.`,
		ours: 'refused: shop.0002_longer_titles is new and cannot be read, so shop was left as git merged it.',
	},
	{
		name: 'test_error_for_missing_dependencies',
		what: 'a migration without dependencies',
		incoming: titles({dependencies: ''}),
		theirs: `refused: Could not find a dependencies = [...] assignment in '${TITLES}.py'.`,
		ours: 'linear',
	},
	{
		name: 'test_error_for_no_migration_class',
		what: 'a module without a class Migration',
		incoming: titles({head: 'class MisnamedMigration(migrations.Migration):'}),
		theirs: `refused: Could not find a Migration class in '${TITLES}.py'.`,
		ours: 'refused: shop.0002_longer_titles is new and cannot be read, so shop was left as git merged it.',
	},
	{
		name: 'test_error_for_multiple_migration_classes',
		what: 'two classes Migration: Python takes the last',
		incoming: titles({
			head: 'class Migration(migrations.Migration):\n    dependencies = []\n    operations = []\n\n\nclass Migration(migrations.Migration):',
		}),
		theirs: `refused: Found multiple Migration classes in '${TITLES}.py'.`,
		ours: 'linear',
	},
	{
		name: 'test_error_for_multiple_dependencies',
		what: 'dependencies assigned twice: Python takes the last',
		incoming: titles({dependencies: '[("pay", "0001_initial")]\n    dependencies = [("shop", "0001_initial")]'}),
		theirs: `refused: Found multiple dependencies = [...] assignments in '${TITLES}.py'.`,
		ours: 'linear',
	},
	{
		name: 'test_error_for_no_dependencies',
		what: 'a dependency on another app alone',
		incoming: titles({dependencies: '[\n        ("pay", "0001_initial"),\n    ]'}),
		theirs: `refused: Cannot edit '${TITLES}.py' since it has 0 dependencies within shop.`,
		ours: 'linear',
	},
	{
		name: 'test_error_for_double_dependencies',
		what: 'two dependencies within the app',
		incoming: titles({dependencies: '[\n        ("shop", "0001_initial"),\n        ("shop", "0001_initial"),\n    ]'}),
		theirs: `refused: Cannot edit '${TITLES}.py' since it has 2 dependencies within shop.`,
		ours: 'linear',
	},
	{
		name: '#27, rebase',
		what: 'a chain of two in two commits, rebase',
		incoming: [...INCOMING, commit('0003_subtitles', TITLES)],
		theirs: 'linear; dependencies written anew',
		ours: 'linear',
	},
	{
		name: '#27, one commit',
		what: 'a chain of two in one commit, rebase',
		incoming: [{...INCOMING[0], ...commit('0003_subtitles', TITLES)}],
		theirs: 'forked; dependencies written anew',
		ours: 'linear',
	},
	{
		name: '#27, merge',
		what: 'a chain of two, merge',
		way: 'merge mainline into the branch',
		incoming: [...INCOMING, commit('0003_subtitles', TITLES)],
		theirs: 'forked; dependencies written anew',
		ours: 'linear',
	},
	{
		name: '#80',
		what: 'the branch merged on mainline',
		way: 'merge the branch into mainline',
		theirs: "linear; mainline's 0002_author_nicknames.py was renamed or edited",
		ours: 'linear',
	},
	{
		name: 'another app depends on what moves',
		what: "a migration of another app depends on the branch's",
		incoming: [
			{
				...INCOMING[0],
				'pay/migrations/0002_titles.py': migration('title', INITIAL, {
					dependencies: `[\n        ("pay", "0001_initial"),\n        ("shop", "${TITLES}"),\n    ]`,
				}),
				'pay/migrations/max_migration.txt': '0002_titles\n',
			},
		],
		theirs: 'error: NodeNotFoundError; dependencies written anew',
		ours: 'linear',
	},
	{
		name: 'two apps',
		what: 'two apps are forked at once',
		mainline: {...MAINLINE, 'pay/migrations/0002_a.py': pay('a'), 'pay/migrations/max_migration.txt': '0002_a\n'},
		incoming: [{...INCOMING[0], 'pay/migrations/0002_b.py': pay('b'), 'pay/migrations/max_migration.txt': '0002_b\n'}],
		theirs: 'linear; dependencies written anew',
		ours: 'linear',
	},
	{
		name: 'one name',
		what: 'both sides call their migration 0002_titles',
		mainline: commit('0002_titles', INITIAL),
		incoming: [{...commit('0002_titles', INITIAL), [file('0002_titles')]: migration('other', INITIAL)}],
		theirs: 'refused: git: a conflict in shop/migrations/0002_titles.py is left',
		ours: 'linear',
	},
	{
		name: 'CRLF',
		what: 'line endings of Windows',
		incoming: [{...INCOMING[0], [file(TITLES)]: migration('title', INITIAL).replaceAll('\n', '\r\n')}],
		theirs: 'linear; CRLF lost',
		ours: 'linear',
	},
	{
		name: 'comments',
		what: 'a comment among the dependencies',
		incoming: titles({dependencies: '[\n        ("shop", "0001_initial"),  # the books\n    ]'}),
		theirs: 'linear; a comment lost',
		ours: 'linear',
	},
	{
		name: 'non-ASCII',
		what: 'a name beyond ASCII on the last line of the dependencies',
		base: {
			'größe/__init__.py': '',
			'größe/migrations/__init__.py': '',
			'größe/migrations/0001_initial.py': migration('', null),
			'größe/migrations/max_migration.txt': '0001_initial\n',
			'site_settings.py': BASE['site_settings.py']!.replace('"pay"', '"pay", "größe"'),
		},
		incoming: titles({dependencies: '[("shop", "0001_initial"), ("größe", "0001_initial")]'}),
		theirs: 'error: SyntaxError; dependencies written anew',
		ours: 'linear',
	},
	{
		name: 'a diamond',
		what: 'a merge migration on the branch',
		way: 'merge mainline into the branch',
		incoming: [
			{
				...INCOMING[0],
				[file('0002_other')]: migration('other', INITIAL),
				[file('0003_merge')]: migration('m', INITIAL, {
					dependencies: `[\n        ("shop", "0002_longer_titles"),\n        ("shop", "0002_other"),\n    ]`,
					operations: '[]',
				}),
				[MAX]: '0003_merge\n',
			},
		],
		theirs: "refused: Cannot edit '0003_merge.py' since it has 2 dependencies within shop.",
		ours: 'linear',
	},
];

function pay(field: string): string {
	return migration(field, INITIAL).replace('"shop"', '"pay"');
}
