import test from 'ava';
import type {Database} from '../../src/database/ask.ts';
import {isCalled, whyNotDevelopment} from '../../src/database/development.ts';

const around = (debug: boolean, argv: readonly string[] = ['python', 'manage.py']) => ({
	top: '/home/ada/shop',
	command: {argv, cwd: '/home/ada/shop', env: {}, found: ''},
	look: {django: '5.2', debug, settings: '', cwd: '/app', databases: []},
	services: ['db'],
});
const database = (more: Partial<Database>): Database => ({
	alias: 'default',
	vendor: 'postgresql',
	engine: '',
	name: 'shop',
	host: '',
	port: '',
	file: null,
	rows: [],
	error: null,
	...more,
});

test('servers: this machine or the compose file, and DEBUG', t => {
	for (const host of ['', 'localhost', '127.0.0.1', '127.1.2.3', '::1', '/var/run/postgresql', 'db'])
		t.is(whyNotDevelopment(database({host}), around(true)), null, host);
	for (const host of ['db.example.org', '10.0.0.5', '127.0.0.1.example.org', 'other', 'localhost.example.org'])
		t.is(whyNotDevelopment(database({host}), around(true)), `its host is ${host}`);
	t.is(whyNotDevelopment(database({}), around(false)), 'DEBUG is off');
});

test('SQLite: a file of the worktree; in a container a file of where Python runs', t => {
	const sqlite = (file: string) => database({vendor: 'sqlite', file});
	t.is(whyNotDevelopment(sqlite('/home/ada/shop/db.sqlite3'), around(false)), null);
	t.not(whyNotDevelopment(sqlite('/home/ada/shop2/db.sqlite3'), around(true)), null);
	t.not(whyNotDevelopment(sqlite('/app/db.sqlite3'), around(true)), null);
	const docker = ['docker', 'compose', 'exec', '-T', 'web', 'python', 'manage.py'];
	t.is(whyNotDevelopment(sqlite('/app/db.sqlite3'), around(true, docker)), null);
	t.not(whyNotDevelopment(sqlite('/app/db.sqlite3'), around(false, docker)), null);
	t.not(whyNotDevelopment(sqlite('/data/db.sqlite3'), around(true, docker)), null);
});

test('what a database is called', t => {
	const file = database({vendor: 'sqlite', name: '/data/db.sqlite3', file: '/data/db.sqlite3'});
	t.true(isCalled(file, 'db.sqlite3'));
	t.true(isCalled(file, '/data/db.sqlite3'));
	t.true(isCalled(database({}), 'shop'));
	for (const name of ['', 'sho', 'default']) t.false(isCalled(database({}), name));
});
