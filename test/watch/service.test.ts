import {spawnSync} from 'node:child_process';
import {join} from 'node:path';
import test from 'ava';
import {serviceFor} from '../../src/watch/service.ts';
import {scenario} from '../helpers/scenario.ts';

const odd = {top: '/srv/100% "odd" & <co>/shop', node: '/opt/no de/bin/node', program: '/srv/$HOME/cli.cjs'};

test('a systemd user unit, in which odd paths stand for themselves', t => {
	const {path, text, next} = serviceFor('systemd', odd);
	t.regex(path, /^\.config\/systemd\/user\/migration-guard-[0-9a-f]{8}\.service$/);
	t.true(text.includes('ExecStart="/opt/no de/bin/node" "/srv/$$HOME/cli.cjs" "watch" "--background"\n'));
	t.true(text.includes('WorkingDirectory=/srv/100%% "odd" & <co>/shop\n'));
	t.is(next, `systemctl --user enable --now ${path.split('/').at(-1)}`);
	t.not(serviceFor('systemd', {...odd, top: '/srv/other'}).path, path);
});

test('a launchd agent, in which odd paths stand for themselves', t => {
	const {path, text, next} = serviceFor('launchd', odd);
	t.regex(path, /^Library\/LaunchAgents\/migration-guard\.[0-9a-f]{8}\.plist$/);
	t.true(text.includes('<string>/srv/100% "odd" &amp; &lt;co&gt;/shop</string>'));
	t.true(text.includes('<string>/srv/$HOME/cli.cjs</string>'));
	t.is(next, `launchctl load -w ~/${path}`);
	t.is(text.match(/<\w+[ >]/g)?.length, text.match(/<\/(\w+)>/g)?.length, 'what is opened is closed');
});

test('it is printed, or written where the system finds it; systemd understands it', async t => {
	const {guard, files, folder} = await scenario(t, {install: false});
	const printed = await guard.run('daemon', 'install-service', '--kind', 'systemd');
	t.is(printed.exitCode, 0, printed.output);
	t.regex(printed.stdout, /^\[Unit\]/);
	t.deepEqual(files.list('../home'), []);
	const written = await guard.run('daemon', 'install-service', '--kind', 'systemd', '--write');
	t.is(written.exitCode, 0, written.output);
	const [name = ''] = files.list('../home/.config/systemd/user');
	t.is(files.read(`../home/.config/systemd/user/${name}`), `${printed.stdout}\n`);
	const wrong = await guard.run('daemon', 'install-service', '--kind', 'upstart');
	t.is(wrong.exitCode, 2);

	const verified = spawnSync('systemd-analyze', ['verify', '--user', join(folder, 'home/.config/systemd/user', name)], {
		encoding: 'utf8',
	});
	if (verified.error) t.log('systemd-analyze is not here: the unit was looked at as a text only');
	else t.false(verified.stderr.includes(name), verified.stderr);
});
