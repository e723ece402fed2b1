import {join} from 'node:path';
import {djangoProject, extraMigration, generator, type Random} from './project.ts';
import type {Stage} from './stage.ts';

/** How crowded a repository is. */
export interface CrowdSize {
	/** Commits of mainline. */
	readonly mainline: number;
	/** Open branches, each with a tip of its own. */
	readonly open: number;
	/** Commits of an open branch, at least. */
	readonly commits: number;
	/** All remote-tracking refs; what is not open is merged, or names an open branch a second time. */
	readonly refs: number;
}

const START = 1_700_000_000;

/**
 * A clone of a repository that many people work in: `origin` with its mainline, open branches of which three in five bring migrations, and
 * the refs of all that was merged and never deleted. `feature` is checked out, three commits behind, with a migration of its own.
 */
export async function makeCrowd(stage: Stage, name: string, size: CrowdSize): Promise<string> {
	const dir = join(stage.folder, name);
	await stage.git(stage.folder, ['init', '-q', '-b', 'main', dir]);
	await stage.git(dir, ['config', 'gc.auto', '0']);
	await stage.git(dir, ['remote', 'add', 'origin', join(stage.folder, `${name}.git`)]);
	await stage.git(stage.folder, ['init', '-q', '--bare', '-b', 'main', `${name}.git`]);
	await stage.git(dir, ['fast-import', '--quiet'], [...stream(size)].join(''));
	await stage.git(dir, ['symbolic-ref', 'refs/remotes/origin/HEAD', 'refs/remotes/origin/main']);
	await stage.git(dir, ['pack-refs', '--all']);
	await stage.git(dir, ['checkout', '-q', 'feature']);
	return dir;
}

function* stream({mainline, open, commits, refs}: CrowdSize): Generator<string> {
	const random = generator(open);
	const {files, leaves} = djangoProject({apps: 25, perApp: 16, noise: 2000});
	const apps = [...leaves.keys()];
	let mark = 0;
	let time = START;
	function* commit(ref: string, from: number | null, changes: Iterable<readonly [string, string]>): Generator<string> {
		mark++;
		time += 60;
		yield `commit ${ref}\nmark :${mark}\ncommitter Dev ${mark % 40} <dev@example.org> ${time} +0000\ndata 1\nx\n`;
		if (from !== null) yield `from :${from}\n`;
		for (const [path, text] of changes) yield `M 100644 inline ${path}\ndata ${Buffer.byteLength(text)}\n${text}\n`;
	}

	const history: {mark: number; leaves: ReadonlyMap<string, string>}[] = [];
	let now = new Map(leaves);
	for (let index = 0; index < mainline; index++) {
		const changes = index === 0 ? [...files] : [note(random, index)];
		if (index % 5 === 4) {
			const [app, path, text, leaf] = addTo(now, apps[random(apps.length)]!, `main_${index}`);
			changes.push([path, text]);
			now = new Map([...now, [app, leaf]]);
		}
		yield* commit('refs/remotes/origin/main', index === 0 ? null : mark, changes);
		history.push({mark, leaves: now});
	}
	const tip = mark;
	yield `reset refs/heads/main\nfrom :${tip}\n\n`;

	const tips: number[] = [];
	for (let index = 0; index < open; index++) {
		const start = history[history.length - 1 - random(Math.min(500, history.length - 1))]!;
		const bringing = index % 5 < 3 ? 1 + random(3) : 0;
		const app = apps[random(apps.length)]!;
		let own = new Map(start.leaves);
		let parent = start.mark;
		const length = commits + random(10);
		for (let step = 0; step < length; step++) {
			const changes = [note(random, index)];
			if (step % 4 === 1 && step / 4 < bringing) {
				const [, path, text, leaf] = addTo(own, app, `branch_${index}_${step}`);
				changes.push([path, text]);
				own = new Map([...own, [app, leaf]]);
			}
			yield* commit(`refs/remotes/origin/open-${index}`, parent, changes);
			parent = mark;
		}
		tips.push(mark);
	}
	for (let index = 0; index < refs - open - 1; index++) {
		const at = index % 9 === 0 ? tips[random(tips.length)]! : history[random(history.length)]!.mark;
		yield `reset refs/remotes/origin/old/${index}\nfrom :${at}\n\n`;
	}
	const behind = history.at(-4)!;
	const [, path, text] = addTo(new Map(behind.leaves), apps[0]!, 'feature');
	yield* commit('refs/heads/feature', behind.mark, [[path, text]]);
}

function addTo(
	leaves: ReadonlyMap<string, string>,
	app: string,
	word: string,
): [app: string, path: string, text: string, leaf: string] {
	const parent = leaves.get(app)!;
	const leaf = `${String(Number(parent.slice(0, 4)) + 1).padStart(4, '0')}_${word}`;
	return [app, ...extraMigration(app, leaf, parent), leaf];
}

function note(random: Random, index: number): [string, string] {
	return [`lib/part${random(50)}/module_${random(2000)}.py`, `VALUE = ${index}.${random(1_000_000)}\n`];
}
