import {mkdirSync} from 'node:fs';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execaSync} from 'execa';
import {openTipCache} from '../../src/gates/tip-cache.ts';
import {examineTips} from '../../src/gates/tips.ts';
import {openRepo, type Repo} from '../../src/git/repo.ts';
import {sandbox} from '../helpers/repository.ts';

const PATHS = ['*migrations/*'];

/** Mainline with one commit, and branches of many, each with a migration in its second. */
function crowd(t: ExecutionContext, branches: number, commits: number): {repo: Repo; mainline: string; tips: readonly string[]} {
	const {dir, git} = sandbox(t);
	let time = 1_700_000_000;
	const commit = (branch: string, path: string, from = '') => {
		time += 60;
		return `commit refs/heads/${branch}\ncommitter Ada <ada@example.org> ${time} +0000\ndata 1\nx\n${from}M 100644 inline ${path}\ndata 3\n${time % 1000}\n\n`;
	};
	let stream = commit('main', 'shop/migrations/0001_initial.py');
	for (let branch = 0; branch < branches; branch++) {
		for (let index = 0; index < commits; index++) {
			const path = index === 1 ? `shop/migrations/0002_b${branch}.py` : `notes-${branch}.txt`;
			stream += commit(`b${branch}`, path, index === 0 ? 'from refs/heads/main\n' : '');
		}
	}
	execaSync('git', ['fast-import', '--quiet'], {cwd: dir, input: stream});
	const repo = openRepo(dir)!;
	mkdirSync(join(repo.commonDir, 'migration-guard'));
	const tips = Array.from({length: branches}, (_, index) => git('rev-parse', `b${index}`));
	return {repo, mainline: git('rev-parse', 'main'), tips};
}

function look({repo, mainline, tips}: ReturnType<typeof crowd>, hasTime: () => boolean) {
	const cache = openTipCache(repo, PATHS);
	const examined = examineTips(repo, tips, [mainline], {options: {}, cache, hasTime});
	cache.save();
	return examined;
}

test('without time some are described all the same, and the next looks go on from there', t => {
	const crowded = crowd(t, 3, 400);
	const left = [1, 2, 3].map(() => look(crowded, () => false).unexamined.size);
	t.deepEqual(left, [1, 0, 0]);
	const {open} = look(crowded, () => false);
	t.is(open.size, 3);
	for (const tip of open.values()) {
		t.is(tip.base, crowded.mainline);
		t.is(tip.changes.length, 1);
		t.is(tip.author, 'Ada');
	}
});

test('a branch that mainline gained since is open no longer, and others are not looked at again', t => {
	const crowded = crowd(t, 3, 3);
	look(crowded, () => true);
	const [merged = '', ...rest] = crowded.tips;
	const {open} = look({...crowded, mainline: merged}, () => true);
	t.deepEqual([...open.keys()], rest);
	// Back again: what was merged is open again.
	t.is(look(crowded, () => true).open.size, 3);
});

test('a cache that somebody damaged is none', t => {
	const crowded = crowd(t, 1, 3);
	look(crowded, () => true);
	execaSync('sh', ['-c', 'for file in migration-guard/cache/*; do echo "{" > "$file"; done'], {cwd: crowded.repo.commonDir});
	t.is(look(crowded, () => true).open.size, 1);
});
