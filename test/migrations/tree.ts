import {checkProject, type Finding} from '../../src/migrations/check.ts';
import {buildGraph, type MigrationGraph} from '../../src/migrations/graph.ts';
import {type LoadOptions, loadProject, type Project} from '../../src/migrations/project.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';

/** A tree of files as the loader sees it. */
export interface Tree {
	readonly project: Project;
	readonly graph: MigrationGraph;
	readonly findings: readonly Finding[];
}

/** Load a few files, path → text. */
export function treeOf(files: Readonly<Record<string, string>>, options: LoadOptions = {}): Tree {
	const text = (path: string) => files[path] ?? '';
	const reading = (path: string) => readMigration(text(path));
	const project = loadProject({paths: Object.keys(files), text, reading}, options);
	const graph = buildGraph(project);
	return {project, graph, findings: checkProject(project, graph, {text})};
}

/** What a migration of a test says of its edges. */
export interface Edges {
	readonly dependencies?: readonly string[];
	readonly replaces?: readonly string[];
	readonly runBefore?: readonly string[];
	/** Python, between the brackets of `operations`; without it an operation that does nothing. */
	readonly operations?: string;
	/** Python, above the class. */
	readonly above?: string;
	/** Python, in the class. */
	readonly inside?: string;
}

/**
 * The files of some apps, from node keys: `{'shop.0002_price': ['shop.0001_initial']}`. `settings.AUTH_USER_MODEL` as a
 * dependency is the swappable one.
 */
export function filesOf(nodes: Readonly<Record<string, readonly string[] | Edges>>): Record<string, string> {
	const files: Record<string, string> = {};
	for (const [key, value] of Object.entries(nodes)) {
		const [app, name] = split(key);
		const edges: Edges = Array.isArray(value) ? {dependencies: value as string[]} : (value as Edges);
		files[`${app}/__init__.py`] = '';
		files[`${app}/migrations/__init__.py`] = '';
		files[`${app}/migrations/${name}.py`] = moduleText(edges);
	}
	return files;
}

function moduleText({dependencies = [], replaces = [], runBefore = [], operations, above, inside}: Edges): string {
	const lines = [
		'from django.conf import settings',
		operations?.includes('models.') ? 'from django.db import migrations, models' : 'from django.db import migrations',
		...(above === undefined ? [] : ['', '', above]),
		'',
		'',
		'class Migration(migrations.Migration):',
		...(inside === undefined ? [] : [`    ${inside}`]),
	];
	for (const [attribute, keys] of Object.entries({replaces, run_before: runBefore, dependencies})) {
		if (keys.length > 0 || attribute === 'dependencies') {
			lines.push(`    ${attribute} = [`, ...keys.map(key => `        ${reference(key)},`), '    ]', '');
		}
	}
	return `${[...lines, `    operations = [${operations ?? 'migrations.RunPython(migrations.RunPython.noop)'}]`].join('\n')}\n`;
}

function reference(key: string): string {
	if (key.startsWith('settings.')) {
		return `migrations.swappable_dependency(${key})`;
	}
	const [app, name] = split(key);
	return `('${app}', '${name}')`;
}

function split(key: string): [app: string, name: string] {
	const dot = key.indexOf('.');
	return [key.slice(0, dot), key.slice(dot + 1)];
}
