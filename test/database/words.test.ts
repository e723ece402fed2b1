import test from 'ava';
import {wordsOf} from '../../src/database/words.ts';

test('a command line is cut as a shell would cut it, and nothing is expanded', t => {
	for (const [line, words] of [
		['docker compose exec -T web python manage.py', ['docker', 'compose', 'exec', '-T', 'web', 'python', 'manage.py']],
		[`'/a b/python' "manage it.py"`, ['/a b/python', 'manage it.py']],
		['C:\\Python\\python.exe  manage.py', ['C:\\Python\\python.exe', 'manage.py']],
		['a\\ b "c\\"d" \'$HOME `id`\' ""', ['a b', 'c"d', '$HOME `id`', '']],
		['env A=1 python', ['env', 'A=1', 'python']],
		['  ', []],
	] as const)
		t.deepEqual(wordsOf(line), words);
	t.is(wordsOf("python 'manage.py"), null);
});
