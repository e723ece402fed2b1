import test from 'ava';
import {shelf} from '../helpers/library.ts';
import {meet} from '../helpers/meet.ts';
import {pathOf, tree} from '../helpers/notation.ts';

const BASE = tree('0001_initial <- 0002_price');
const PATH = pathOf('shop', '0003_b');

const HEAD = 'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n';
const TAIL = "    operations = [migrations.RunSQL('b')]\n";

/** Form → the branch's migration and what it becomes behind 0003_a: only what is between « » may change, into what is behind the arrow. */
const forms: Readonly<Record<string, string>> = {
	'as Django writes it': "    dependencies = [\n        ('shop', '«0002_price→0003_a»'),\n    ]\n\n",
	'on one line': "    dependencies = [('shop', '«0002_price→0003_a»')]\n",
	'double quotes': '    dependencies = [("shop", "«0002_price→0003_a»")]\n',
	'a tuple': "    dependencies = (('shop', '«0002_price→0003_a»'),)\n",
	'with a type': "    dependencies: list[tuple[str, str]] = [('shop', '«0002_price→0003_a»')]\n",
	comments:
		"    dependencies = [  # ('shop', '0002_price')\n        # before\n        ('shop', '«0002_price→0003_a»'),  # 0002_price it is\n    ]\n",
	'no trailing comma': "    dependencies = [\n        ('shop',\n         '«0002_price→0003_a»')\n    ]\n",
	'an old prefix': "    dependencies = [(u'shop', u'«0002_price→0003_a»')]\n",
	tabs: "\tdependencies = [\n\t\t('shop', '«0002_price→0003_a»'),\n\t]\n",
	'added later': "    dependencies = []\n    dependencies += [('shop', '«0002_price→0003_a»')]\n",
	'two lists': "    dependencies = [('blog', '0001_x')] + [('shop', '«0002_price→0003_a»')]\n",
	'no parent in the app': "    dependencies = [\n        ('blog', '0001_x'),\n«→        ('shop', '0003_a'),\n»    ]\n",
	'no parent at all': "    dependencies = [«→\n        ('shop', '0003_a'),\n    »]\n",
	'no dependencies': "«→    dependencies = [\n        ('shop', '0003_a'),\n    ]\n\n»    initial = True\n",
	'the first of its app': "    dependencies = [('shop', '__first__')«→, ('shop', '0003_a')»]\n",
	'its own name in the body': "    dependencies = [('shop', '«0002_price→0003_a»')]\n    me = ('shop', '«0003_b→0004_b»')\n",
};

const before = (form: string) => form.replace(/«([^→]*)→[^»]*»/g, '$1');
const after = (form: string) => form.replace(/«[^→]*→([^»]*)»/g, '$1');

const dressings: Readonly<Record<string, (text: string) => string>> = {
	plain: text => text,
	'Windows line ends': text => text.replaceAll('\n', '\r\n'),
	'a byte order mark': text => `\xef\xbb\xbf${text}`,
	latin1: text => `# -*- coding: latin-1 -*-\n# caf\xe9\n${text}`,
	'no newline at the end': text => text.slice(0, -1),
};

for (const [form, body] of Object.entries(forms)) {
	for (const [dressing, dress] of Object.entries(dressings)) {
		test(`${form}, ${dressing}`, t => {
			const tail = form === 'tabs' ? TAIL.replace('    ', '\t') : TAIL;
			const text = dress(`${HEAD}${before(body)}${tail}`);
			const {texts, refused} = meet({base: BASE, sides: [tree('0003_a(0002_price)'), {[PATH]: Buffer.from(text, 'latin1')}]});
			t.deepEqual(refused, []);
			t.is(texts.get(pathOf('shop', '0004_b')), dress(`${HEAD}${after(body)}${tail}`));
		});
	}
}

/** What would have to be guessed is refused, and git's result stands. */
const guesses: Readonly<Record<string, string>> = {
	'a name in two pieces': "    dependencies = [('shop', '0002_' 'price')]\n",
	'a name from elsewhere': "    dependencies = [('shop', PRICE)]\n",
};

for (const [what, body] of Object.entries(guesses)) {
	test(`${what} is not edited by guess`, t => {
		const text = `PRICE = '0002_price'\n${HEAD}${body}${TAIL}`;
		const {plan, refused} = meet({base: BASE, sides: [tree('0003_a(0002_price)'), {[PATH]: text}]});
		t.deepEqual(refused, ['dynamic-edges']);
		t.deepEqual(plan.refusals[0]!.nodes, ['shop.0003_b']);
		t.deepEqual(plan.changes, []);
	});
}

test('one app that cannot be done does not keep another from being done', t => {
	const {refused, history} = meet({
		base: {...BASE, ...tree({blog: '0001_x'})},
		sides: [
			tree({shop: '0003_a(0002_price)', blog: '0002_m(0001_x)'}),
			{[PATH]: `${HEAD}${guesses['a name in two pieces']}${TAIL}`, ...tree({blog: '0002_n(0001_x)'})},
		],
	});
	t.deepEqual(refused, ['dynamic-edges']);
	t.is(history('blog'), '0001_x <- 0002_m <- 0003_n');
});

test('nothing that need not change gets a new text', t => {
	const library = shelf();
	const {outcome, meeting} = meet({base: BASE, sides: ['0003_a(0002_price)', '0003_b(0002_price)']}, library);
	for (const [path, file] of meeting.sides[0]!) t.deepEqual(outcome.get(path), file, path);
});
