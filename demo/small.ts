import {join} from 'node:path';
import {buildHistory} from '../test/helpers/objects.ts';
import type {Narrator} from './narrator.ts';
import {HISTORY} from './project.ts';

/** The whole story on a small project: the fork, a merge, undo, a rebase. */
export async function tellSmallStory(narrator: Narrator): Promise<void> {
	const {title, say, show, run, text, folder} = narrator;
	const shop = join(folder, 'shop');
	await buildHistory(shop, HISTORY);
	await text(shop, ['git', 'checkout', '-q', '-f', 'main']);
	await text(folder, ['git', 'clone', '-q', '-b', 'feature', shop, 'other']);

	title('A forked project: main and feature both added a migration after users.0002');
	await show(shop, ['git', 'log', '--graph', '--oneline', '--all']);
	say('\n  Git alone sees two new files and no conflict, and merges:');
	await show(shop, ['git', 'merge', '--no-edit', 'feature'], {lines: 3});
	say('\n  Django would refuse to deploy that:');
	await show(shop, ['migration-guard', 'graph', 'users']);
	await show(shop, ['migration-guard', 'check'], {lines: 6, only: /^(?!MG101)/});
	await text(shop, ['git', 'reset', '-q', '--hard', 'HEAD^']);

	title('The same merge with migration-guard installed');
	await show(shop, ['migration-guard', 'install'], {lines: 2});
	await show(shop, ['git', 'merge', '--no-edit', 'feature'], {only: /migration-guard|->|mention/});
	await seeHistory(narrator, shop);
	say('\n  The merge commit itself carries it: same message, parents and author.');
	await show(shop, ['git', 'log', '--graph', '--oneline']);

	title('Not what you wanted? Undo gives back exactly what git had made');
	await show(shop, ['migration-guard', 'undo']);
	await show(shop, ['git', 'ls-files', 'users/migrations/0*']);

	title('In another clone: the branch is rebased instead');
	const other = join(folder, 'other');
	await run(other, ['migration-guard', 'install']);
	await show(other, ['git', 'rebase', 'origin/main'], {only: /migration-guard|->|mention/});
	say('\n  Every rebased commit carries its own part, and is linear by itself:');
	await show(other, ['git', 'log', '--reverse', '--format=%n%s', '--name-only', 'origin/main..feature'], {only: /\S/});
	await show(other, ['migration-guard', 'check', 'HEAD^']);
	await seeHistory(narrator, other);
}

async function seeHistory({show}: Narrator, cwd: string): Promise<void> {
	await show(cwd, ['migration-guard', 'graph', 'users']);
	await show(cwd, ['migration-guard', 'check']);
}
