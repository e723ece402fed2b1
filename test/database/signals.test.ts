import {setTimeout} from 'node:timers/promises';
import test from 'ava';
import {execa} from 'execa';
import {applied} from '../helpers/applied.ts';
import {product} from '../helpers/product.ts';
import {djangos} from '../referee/django.ts';

/** Code that says that it runs, and goes on when it is told to. */
const WAITING = `        migrations.RunPython(migrations.RunPython.noop, wait),`;
const WAIT = `

def wait(apps, schema_editor):
    import pathlib, time
    pathlib.Path('waiting').touch()
    while not pathlib.Path('go').exists():
        time.sleep(0.02)
`;

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
	test(`${signal} on the old tip: what runs is brought to its end, and the checkout is back`, async t => {
		const django = (await djangos()).at(-1);
		if (django) {
			const {git, files, folder, manage} = await applied(t, django, {
				branch: async story => {
					await story.django.makemigrations('shop', '0004_code', {operations: [WAITING]});
					const path = 'shop/migrations/0004_code.py';
					story.files.write(path, story.files.read(path).replace('\n\n\nclass', `\n${WAIT}\n\nclass`));
					story.files.write('.git/info/exclude', 'waiting\ngo\n');
					await story.git.commit('code');
				},
			});
			await git.merge('main');
			const command = ['db', 'repair', '--yes', '--back', '--command', manage.command];
			const repair = execa(process.execPath, [await product(), ...command], {
				cwd: files.root,
				env: {PATH: process.env.PATH ?? '', HOME: `${folder}/home`, GIT_CONFIG_NOSYSTEM: '1'},
				extendEnv: false,
				reject: false,
				all: true,
				// Else execa would kill it for good.
				forceKillAfterDelay: false,
			});
			while (!files.exists('waiting') && repair.exitCode === null) await setTimeout(20);
			t.true(repair.kill(signal));
			files.write('go', '');
			const {exitCode, all} = await repair;
			t.is(exitCode, 130, all);
			t.is(await git.text('symbolic-ref', '--short', 'HEAD'), 'feature');
			t.is(await git.status(), '');
		}
		t.pass();
	});
}
