import {historyOf, type MigrationFiles} from './reader.ts';

/**
 * Histories as one line of text, the way `historyOf` prints them: `0001_initial <- 0002_price <- 0003_a, 0003_b(0002_price)`.
 *
 * A node follows the one before its arrow, and what its round brackets name (`(0002_price)`, `(users.0001_initial)`). What it
 * replaces is in square brackets, what it runs before in braces: `0002_squashed(0001_initial)[0002_a 0003_b]{blog.0001_initial}`.
 */
export interface Node {
	readonly app: string;
	readonly name: string;
	readonly dependencies: readonly string[];
	readonly replaces: readonly string[];
	readonly runBefore: readonly string[];
}

/** The nodes of one app in that notation, edges as full keys. */
export function nodesOf(app: string, history: string): Node[] {
	return history
		.split(/,\s*/)
		.filter(Boolean)
		.flatMap(chain => {
			let before: string | null = null;
			return chain.split(/\s*<-\s*/).map(word => {
				const [, name, after, replaced, next] =
					/^(\w+)(?:\(([^)]*)\))?(?:\[([^\]]*)\])?(?:\{([^}]*)\})?$/.exec(word.trim()) ?? [];
				if (name === undefined) throw new Error(`not a node: ${word}`);
				const dependencies = [...(before === null ? [] : [before]), ...keys(app, after)];
				before = `${app}.${name}`;
				return {app, name, dependencies, replaces: keys(app, replaced), runBefore: keys(app, next)};
			});
		});
}

/** The files of some apps: `tree({shop: '0001_initial <- 0002_price'})`; a text alone is about `shop`. */
export function tree(histories: string | Readonly<Record<string, string>>): Record<string, string> {
	const apps = typeof histories === 'string' ? {shop: histories} : histories;
	const nodes = Object.entries(apps).flatMap(([app, history]) => nodesOf(app, history));
	return Object.fromEntries(nodes.map(node => [pathOf(node.app, node.name), moduleText(node)]));
}

/** `shop/migrations/0002_price.py` */
export function pathOf(app: string, name: string): string {
	return `${app}/migrations/${name}.py`;
}

/**
 * A migration as Django writes it. Its operation is named after it, without its number: two that have one name but for the
 * number are one migration, unless `says` tells them apart. A name with `merge` in it has no operations.
 */
export function moduleText(
	{name, dependencies, replaces = [], runBefore = []}: Partial<Node> & Pick<Node, 'name' | 'dependencies'>,
	says = name.replace(/^\d+_/, ''),
): string {
	const list = (attribute: string, edges: readonly string[]) =>
		edges.length === 0 && attribute !== 'dependencies'
			? ''
			: `    ${attribute} = [\n${edges.map(key => `        ('${key.replace('.', "', '")}'),\n`).join('')}    ]\n\n`;
	const operation = name.includes('merge')
		? ''
		: `        migrations.AddField(\n            model_name='item',\n            name='${says}',\n            field=models.IntegerField(default=0),\n        ),\n`;
	return `from django.db import migrations, models


class Migration(migrations.Migration):

${list('replaces', replaces)}${list('run_before', runBefore)}${list('dependencies', dependencies)}    operations = [
${operation}    ]
`;
}

/** The history of one app among some files, in the notation. */
export function drawn(files: MigrationFiles, app = 'shop'): string {
	return historyOf(files, app);
}

function keys(app: string, names: string | undefined): string[] {
	return (names ?? '')
		.split(/\s+/)
		.filter(Boolean)
		.map(name => (name.includes('.') ? name : `${app}.${name}`));
}
