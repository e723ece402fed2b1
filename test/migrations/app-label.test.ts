import test from 'ava';
import {appLabel, type LabelEvidence} from '../../src/migrations/app-label.ts';

const NONE: LabelEvidence = {appConfigs: [], names: [], references: [], folder: 'src/shop/migrations'};

function config(body: string, base = 'AppConfig', name = 'ShopConfig'): string {
	return `from django.apps import AppConfig\n\n\nclass ${name}(${base}):\n    ${body}\n`;
}

function inApps(text: string): Partial<LabelEvidence> {
	return {appConfigs: [{path: 'src/shop/apps.py', text}]};
}

const OWN: Partial<LabelEvidence> = {
	names: ['0001_a', '0002_b', '0003_c'],
	references: [
		['own', '0001_a'],
		['own', '0002_b'],
		['auth', '0001_a'],
	],
};

for (const [what, evidence, label, source] of [
	['nothing but the folder', {}, 'shop', 'the name of the folder'],
	['our configuration before all', {configured: 'x', migrationModules: 'y', ...OWN}, 'x', 'configuration'],
	['MIGRATION_MODULES', {migrationModules: 'y', ...OWN}, 'y', 'MIGRATION_MODULES'],
	[
		'a literal label',
		{...inApps(config("label = 'store'\n    name = 'shop'")), names: ['0001_a', '0002_b'], references: [['store', '0001_a']]},
		'store',
		'the label in src/shop/apps.py',
	],
	[
		'a literal label, of which the references say nothing',
		{...inApps(config("label = 'store'")), names: ['0001_a'], references: [['auth', '0012_x']]},
		'store',
		'the label in src/shop/apps.py',
	],
	[
		'a literal label, where two other apps have files of these names',
		{...OWN, ...inApps(config("label = 'store'"))},
		'store',
		'the label in src/shop/apps.py',
	],
	[
		'own references that are of one mind, before a label that they never use',
		{
			...inApps(config("label = 'store'")),
			names: ['0001_a', '0002_b', '0003_c'],
			references: [
				['own', '0001_a'],
				['own', '0002_b'],
				['auth', '0009_x'],
			],
		},
		'own',
		"the migrations' own references",
	],
	[
		'a literal label that one of the references uses',
		{
			...inApps(config("label = 'store'")),
			names: ['0001_a', '0002_b', '0003_c'],
			references: [
				['own', '0001_a'],
				['store', '0002_b'],
			],
		},
		'store',
		'the label in src/shop/apps.py',
	],
	['an annotated label', inApps(config("label: str = 'store'")), 'store', 'the label in src/shop/apps.py'],
	['a label by a constant', inApps(`LABEL = 'store'\n${config('label = LABEL')}`), 'store', 'the label in src/shop/apps.py'],
	['own references', OWN, 'own', "the migrations' own references"],
	['own references before the name', {...OWN, ...inApps(config("name = 'src.shop'"))}, 'own', "the migrations' own references"],
	['the name', inApps(config("name = 'src.store'")), 'store', 'the name in src/shop/apps.py'],
	['a base of its own', inApps(config("label = 'store'", 'base.PluginConfig')), 'store', 'the label in src/shop/apps.py'],
	['no AppConfig', inApps(config("label = 'store'", 'Thing')), 'shop', 'the name of the folder'],
	['a computed label', inApps(config('label = f()')), 'shop', 'the name of the folder'],
	[
		'the default of several',
		inApps(config("label = 'one'\n    default = False") + config("label = 'two'\n    default = True", 'AppConfig', 'B')),
		'two',
		'the label in src/shop/apps.py',
	],
	[
		'the one of several that has the name of the package',
		inApps(config("name = 'src.other'\n    label = 'one'") + config("name = 'src.shop'\n    label = 'two'", 'AppConfig', 'B')),
		'two',
		'the label in src/shop/apps.py',
	],
	['broken text', inApps('class ShopConfig(AppConfig:\n'), 'shop', 'the name of the folder'],
	[
		'a tie',
		{
			names: ['0001_a'],
			references: [
				['auth', '0001_a'],
				['shop', '0001_a'],
			],
		},
		'shop',
		"the migrations' own references",
	],
	['references to other files only', {names: ['0001_a'], references: [['auth', '0009_x']]}, 'shop', 'the name of the folder'],
	['a folder at the top', {folder: 'migrations'}, 'migrations', 'the name of the folder'],
] as const satisfies readonly (readonly [string, Partial<LabelEvidence>, string, string])[]) {
	test(`the label by ${what}`, t => {
		t.deepEqual(appLabel({...NONE, ...evidence}), {label, source});
	});
}
