import {existsSync, readFileSync, utimesSync, writeFileSync} from 'node:fs';
import {hostname} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import type {Repo} from '../../src/git/repo.ts';
import {withLock} from '../../src/worktree/lock.ts';
import {merged} from '../helpers/repository.ts';

const attempt = (repo: Repo): string =>
	withLock(
		repo,
		refusal => refusal.code,
		() => 'done',
		{wait: 0},
	);

test('one writer at a time; nests; gone afterwards', async t => {
	const {repo, dir} = await merged(t);
	const file = join(dir, '.git/migration-guard/lock');
	const result = withLock(
		repo,
		() => 'busy',
		() => {
			t.is(readFileSync(file, 'utf8').split('\n')[0], String(process.pid));
			return withLock(
				repo,
				() => 'busy',
				() => 'inner',
			);
		},
	);
	t.is(result, 'inner');
	t.false(existsSync(file));
});

test('gone after a failure too', async t => {
	const {repo, dir} = await merged(t);
	t.throws(
		() =>
			withLock(
				repo,
				() => '',
				() => {
					throw new Error('no');
				},
			),
		{message: 'no'},
	);
	t.false(existsSync(join(dir, '.git/migration-guard/lock')));
	t.is(attempt(repo), 'done');
});

const hour = 60 * 60 * 1000;
const holders: readonly {
	readonly title: string;
	readonly content: () => string;
	readonly age?: number;
	readonly expected: 'done' | 'locked';
}[] = [
	{title: 'a live process', content: () => `${process.ppid}\n${startOf(process.ppid)}\n${hostname()}\n`, expected: 'locked'},
	{
		title: 'a live process, for long',
		content: () => `${process.ppid}\n${startOf(process.ppid)}\n${hostname()}\n`,
		age: hour,
		expected: 'locked',
	},
	{title: 'a dead process', content: () => `${2 ** 22 - 3}\n1@boot\n${hostname()}\n`, expected: 'done'},
	{title: 'a process id in use again', content: () => `${process.ppid}\n1@another-boot\n${hostname()}\n`, expected: 'done'},
	{title: 'another machine, just now', content: () => '1\n1\nelsewhere\n', expected: 'locked'},
	{title: 'another machine, long ago', content: () => '1\n1\nelsewhere\n', age: hour, expected: 'done'},
	{title: 'an empty file, just now (being written)', content: () => '', expected: 'locked'},
	{title: 'an empty file, long ago', content: () => '', age: hour, expected: 'done'},
];

function startOf(pid: number): string {
	const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
	return `${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}@${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}`;
}

for (const {title, content, age = 0, expected} of holders) {
	// What a process looks like is read from /proc.
	const run = process.platform === 'linux' ? test : test.skip;
	run(`held by ${title}: ${expected}`, async t => {
		const {repo, dir} = await merged(t);
		const file = join(dir, '.git/migration-guard/lock');
		t.is(attempt(repo), 'done');
		writeFileSync(file, content());
		const time = new Date(Date.now() - age);
		utimesSync(file, time, time);
		t.is(attempt(repo), expected);
		t.is(existsSync(file), expected === 'locked');
		t.false(existsSync(`${file}.break`));
	});
}

test('one that was killed while it looked at a dead lock is in nobody’s way', async t => {
	const {repo, dir} = await merged(t);
	t.is(attempt(repo), 'done');
	for (const name of ['lock', 'lock.break'])
		writeFileSync(join(dir, '.git/migration-guard', name), `${2 ** 22 - 3}\n1@boot\n${hostname()}\n`);
	t.is(
		withLock(
			repo,
			refusal => refusal.code,
			() => 'done',
			{wait: 200},
		),
		'done',
	);
	t.false(existsSync(join(dir, '.git/migration-guard/lock.break')));
});
