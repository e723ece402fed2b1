import type {ExecutionContext} from 'ava';
import {type Scenario, type ScenarioOptions, scenario} from './scenario.ts';

export interface ForkOptions extends ScenarioOptions {
	/** Migrations that main gains after the branch left it, one commit each. */
	readonly mainline?: readonly string[];
	/** Migrations of the branch `feature`, one commit each. */
	readonly incoming?: readonly string[];
	/** Publish main on `origin` (default: there is no remote at all). */
	readonly published?: boolean;
	/** Add to the common base, before it is committed. */
	readonly base?: (scenario: Scenario) => Promise<void> | void;
}

/**
 * The picture of the README: `shop` has 0001_initial and 0002_price; then the branch `feature` adds 0003_discount and main
 * adds 0003_currency. Ends on `main`.
 */
export async function forked(t: ExecutionContext, options: ForkOptions = {}): Promise<Scenario> {
	const {mainline = ['0003_currency'], incoming = ['0003_discount'], published = false, base, install = true, ...rest} = options;
	const story = await scenario(t, {...rest, install: false, origin: published});
	const {git, django, guard} = story;
	await django.makemigrations('shop', '0001_initial', '0002_price');
	await base?.(story);
	await git.commit('base');
	if (install) await guard.install();
	await git.checkout('-q', '-b', 'feature');
	for (const name of incoming) {
		await django.makemigrations('shop', name);
		await git.commit(`feature: ${name}`);
	}
	await git.checkout('-q', 'main');
	for (const name of mainline) {
		await django.makemigrations('shop', name);
		await git.commit(`main: ${name}`);
	}
	if (published) await git.push('-q', '-u', 'origin', 'main');
	return story;
}

/** The fork, and both sides changed the same line of models.py; ends on `feature`. */
export async function conflicting(t: ExecutionContext): Promise<Scenario> {
	const story = await forked(t);
	const {git, files} = story;
	for (const [branch, length] of [
		['main', 60],
		['feature', 70],
	] as const) {
		await git.checkout('-q', branch);
		files.edit('shop/models.py', 'max_length=50', `max_length=${length}`);
		await git.commit(`${branch}: longer names`);
	}
	return story;
}

/** Resolve models.py as a person would; staging is left to the story. */
export function resolveModels({files}: Scenario): void {
	files.write(
		'shop/models.py',
		'from django.db import models\n\n\nclass Item(models.Model):\n    name = models.CharField(max_length=80)\n',
	);
}
