import test from 'ava';
import {checkProject} from '../../src/migrations/check.ts';
import {buildGraph, forkedApps, fullPlan} from '../../src/migrations/graph.ts';
import type {Reading} from '../../src/migrations/migration.ts';
import {loadProject} from '../../src/migrations/project.ts';
import {readMigration} from '../../src/migrations/read-migration.ts';

/** A folder with one long chain. How often a file was asked for is counted: work, and not the clock, says what it costs. */
function folder(size: number) {
	const name = (index: number) => `${String(index).padStart(5, '0')}_x`;
	const paths = Array.from({length: size}, (_, index) => `shop/migrations/${name(index)}.py`);
	const text = (index: number) =>
		`from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [${index === 0 ? '' : `('shop', '${name(index - 1)}')`}]\n    operations = []\n`;
	let asked = 0;
	const indices = new Map(paths.map((path, index) => [path, index]));
	const files = {
		paths: [...paths, 'shop/migrations/__init__.py'],
		text(path: string): string {
			asked++;
			return path.endsWith('__init__.py') ? '' : text(indices.get(path)!);
		},
		reading: (path: string): Reading => readMigration(files.text(path)),
	};
	return {files, asked: () => asked};
}

test('a folder of 20,000 migrations is loaded, ordered and checked; each file is asked for a few times, however many there are', t => {
	const perFile = [5_000, 20_000].map(size => {
		const {files, asked} = folder(size);
		const project = loadProject(files);
		const graph = buildGraph(project);
		t.is(graph.keys.length, size);
		t.deepEqual(forkedApps(graph), []);
		t.is(fullPlan(graph).at(-1), `shop.${String(size - 1).padStart(5, '0')}_x`);
		t.deepEqual(
			checkProject(project, graph, {text: files.text}).filter(({severity}) => severity === 'error'),
			[],
		);
		return asked() / size;
	});
	const [few = 0, many = 0] = perFile;
	t.true(many <= few * 1.01 && few <= 6, `asked ${few} and ${many} times`);
});
