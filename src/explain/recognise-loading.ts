import {nodeKey} from '../migrations/key.ts';
import {NODE, type Recogniser, TUPLE} from './recogniser.ts';

/** What Django says while it loads the migrations (loader.py, graph.py), and what the commands say before they begin. */
export const LOADING: readonly Recogniser[] = [
	{
		// The second form is the one that is passed on in articles.
		pattern:
			/Conflicting migrations detected[;:-]? multiple leaf nodes in the migration graph: \(([^)%]+)\)(?: in app ['"](\w+)['"])?/g,
		read: ([, list = '', app]) => ({
			kind: 'conflicting-migrations',
			apps: list.split(';').flatMap(part => readLeaves(part, app ?? null)),
		}),
	},
	{
		pattern: /Conflicting migrations detected - multiple leaf nodes detected for these apps:((?: \* \w+: [^*]*?)+)(?= HINT|$)/g,
		read: ([, list = '']) => ({
			kind: 'conflicting-migrations',
			apps: [...list.matchAll(/\* (\w+): ([^*]+)/g)].map(([, app = '', names = '']) => ({app, names: names.trim().split(', ')})),
		}),
	},
	{
		// loader.py raises the second from the first, and a traceback shows both.
		pattern: new RegExp(`Migration ${NODE} dependencies reference nonexistent (?:parent|child) node ${TUPLE}`, 'g'),
		read([, node = '', app = '', name = ''], {flat}) {
			const said = new RegExp(`Migration \\S+ depends on nonexistent node \\('${app}', '${name}'\\)`);
			return said.test(flat) ? null : {kind: 'node-not-found', by: 'dependency', node, missing: nodeKey(app, name)};
		},
	},
	{
		pattern: new RegExp(
			`Migration ${NODE} depends on nonexistent node ${TUPLE}\\. Django tried to replace migration \\S+ with any of \\[[^\\]]*\\]`,
			'g',
		),
		read: ([, node = '', app = '', name = '']) => ({kind: 'node-not-found', by: 'dependency', node, missing: nodeKey(app, name)}),
	},
	{
		pattern: new RegExp(`Node ${TUPLE} not a valid node`, 'g'),
		read: ([, app = '', name = '']) => ({kind: 'node-not-found', by: 'command', node: null, missing: nodeKey(app, name)}),
	},
	{
		// executor.py:migration_plan of Django 3.2, on the way back; no model begins with a digit. Else it is the cause of the next one.
		pattern: /KeyError: \('(\w+)', '(\d[^']*)'\)(?! The above exception)/g,
		read: ([, app = '', name = '']) => ({kind: 'node-not-found', by: 'command', node: null, missing: nodeKey(app, name)}),
	},
	{
		pattern: new RegExp(`Unable to (?:find|remove) replacement node ${TUPLE}`, 'g'),
		read: ([, app = '', name = '']) => ({kind: 'node-not-found', by: 'squash', node: null, missing: nodeKey(app, name)}),
	},
	{
		pattern: new RegExp(`Migration ${NODE} is applied before its dependency ${NODE} on database ['"]([^'"]+)['"]`, 'g'),
		read: ([, child = '', parent = '', database = '']) => ({kind: 'inconsistent-history', child, parent, database}),
	},
	{
		pattern: new RegExp(`CircularDependencyError: (${NODE}(?:, ${NODE})*)`, 'g'),
		read: ([, list = '']) => ({kind: 'circular-dependency', cycle: list.split(', ')}),
	},
	{
		pattern: /Migration (\S+) in app (\w+) has no Migration class/g,
		read: ([, name = '', app = '']) => ({kind: 'no-migration-class', node: nodeKey(app, name)}),
	},
	{
		pattern:
			/File "([^"]*migrations[^"]*\.py)", line (\d+)((?: (?!File ")\S*)*?) ((?:Syntax|Indentation|Tab)Error: .{0,160}?)(?= During | The above |$)/g,
		read: ([, path = '', line = '', , error = '']) => ({kind: 'unreadable-file', path, line: Number(line), error}),
	},
	{
		pattern: /Dependency on (unknown app|app with no migrations): (\w+)/g,
		read: ([, which, app = '']) => ({kind: 'app-without-migrations', app, known: which !== 'unknown app'}),
	},
	{
		pattern: new RegExp(`Cyclical squash replacement found, starting at ${TUPLE}`, 'g'),
		read: ([, app = '', name = '']) => ({kind: 'squash-cycle', node: nodeKey(app, name)}),
	},
	{
		pattern: /Could not find common ancestor of (\[[^\]]*\]|\{[^}]*\})/g,
		read: ([, list = '']) => ({
			kind: 'no-common-ancestor',
			nodes: [...list.matchAll(new RegExp(TUPLE, 'g'))].map(([, app = '', name = '']) => nodeKey(app, name)),
		}),
	},
	{
		pattern: /Cannot find a migration matching '([^']+)' from app '(\w+)'/g,
		read: ([, name = '', app = '']) => ({kind: 'unknown-name', app, name, several: false}),
	},
	{
		pattern: /More than one migration matches '([^']+)' in app '(\w+)'/g,
		read: ([, name = '', app = '']) => ({kind: 'unknown-name', app, name, several: true}),
	},
	{
		pattern: /CommandError: (?:No installed app with label|App) '(\w+)'(?: does not have migrations)?/g,
		read: ([, app = '']) => ({kind: 'unknown-app', app}),
	},
	{
		pattern:
			/\((dlm\.E00[1-4])\) (\w+)'s max_migration\.txt (?:does not exist|contains multiple lines|points to non-existent migration '([^']+)'|contains '([^']+)', but the latest migration is '([^']+)')/g,
		read: ([, code, app = '', ...names]) => ({
			kind: 'max-migration',
			code: code as `dlm.E00${number}`,
			app,
			names: names.filter(name => name !== undefined),
		}),
	},
];

/** `0003_a, 0003_b in shop`. */
function readLeaves(part: string, inApp: string | null): {app: string | null; names: string[]}[] {
	const [, list = '', app = inApp] = /^(.*?)(?: in (\w+))?$/.exec(part.trim()) ?? [];
	const names = list.split(',').map(name => name.trim());
	return names.some(name => name === '') ? [] : [{app, names}];
}
