import type {Entry} from '../history/meeting.ts';
import {mergeName} from '../migrations/name.ts';

/** The name Django gives a merge of these leaves (core/management/commands/makemigrations.py: handle_merge). */
export function mergeNameOf(leaves: readonly Entry[], stamp: (leaves: readonly Entry[]) => string): string {
	const names = leaves.map(({name}) => name);
	// The time costs a look into the history, and only long names need it.
	const name = mergeName(names, '');
	return name.endsWith('_merge_') ? name + stamp(leaves) : name;
}

/** The text of a merge migration as Django's writer gives it without header; dependencies sorted, so that two people write the same bytes. */
export function mergeMigrationText(app: string, parents: readonly string[]): string {
	const dependencies = [...parents].sort().map(name => `        ('${app}', '${name}'),\n`);
	return `from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
${dependencies.join('')}    ]

    operations = [
    ]
`;
}
