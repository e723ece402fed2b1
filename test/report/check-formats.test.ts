import {spawnSync} from 'node:child_process';
import {readFileSync} from 'node:fs';
import {Ajv2020} from 'ajv/dist/2020.js';
import test from 'ava';
import fc from 'fast-check';
import type {Finding} from '../../src/migrations/finding.ts';
import {CHECK_FORMATS} from '../../src/report/check-formats.ts';
import type {CheckReport} from '../../src/report/check-report.ts';
import {describeCode} from '../../src/report/codes.ts';

const FORK: Finding = {
	code: 'MG001',
	severity: 'error',
	title: 'shop has 2 leaf migrations: shop.0003_a, shop.0003_b',
	nodes: ['shop.0003_a', 'shop.0003_b'],
	places: [
		{path: 'shop/migrations/0003_a.py', line: 6},
		{path: 'shop/migrations/0003_b.py', line: 7},
	],
	why: 'Django refuses to migrate',
	fix: 'run: migration-guard fix',
};
const NOTICE: Finding = {
	...FORK,
	code: 'MG108',
	severity: 'notice',
	app: 'shop',
	title: 'shop has 201 migrations',
	nodes: [],
	places: [],
};

/** What a hostile pull request may call its files. */
const HOSTILE: Finding = {
	...FORK,
	code: 'MG112',
	severity: 'notice',
	title: 'a.0001_x\n::error file=y::owned, 100%,\r\u001b[31m is published',
	nodes: ['a.0001_x\n::error::owned'],
	places: [{path: 'a,b:c%0A\n::warning::owned/0001 "x"&<y>.py', line: 1}],
};

const report = (findings: readonly Finding[], silenced: CheckReport['silenced'] = []): CheckReport => ({
	findings,
	silenced,
	looked: {revision: 'HEAD', apps: 1, migrations: 3},
});
const loaded = await Promise.all(Object.entries(CHECK_FORMATS).map(async ([name, load]) => [name, await load()] as const));
const formats = Object.fromEntries(loaded);
const write = (format: string, ...findings: readonly Finding[]) => formats[format]!(report(findings));

test('github: one command a finding, errors first, and a summary', t => {
	t.is(
		write('github', NOTICE, FORK),
		[
			'::error file=shop/migrations/0003_a.py,line=6,title=MG001 shop has 2 leaf migrations%3A shop.0003_a%2C shop.0003_b::shop has 2 leaf migrations: shop.0003_a, shop.0003_b%0Awhy: Django refuses to migrate%0Afix: run: migration-guard fix%0Aalso: shop/migrations/0003_b.py:7',
			'::notice title=MG108 shop has 201 migrations::shop has 201 migrations%0Awhy: Django refuses to migrate%0Afix: run: migration-guard fix',
			'HEAD has 1 problem: 3 migrations in 1 app (1 notice).',
			'',
		].join('\n'),
	);
});

test('github: a name is no command, and comes back as it is', t => {
	const lines = write('github', HOSTILE).split('\n');
	t.is(lines.length, 3);
	const {properties, message} = asTheRunner(lines[0]!);
	t.is(properties.file, HOSTILE.places[0]!.path);
	t.is(properties.line, '1');
	t.true(message.startsWith(HOSTILE.title));
	t.is(write('github').trim(), 'HEAD is linear: 3 migrations in 1 app.');
});

test('github: whatever a name holds, it stays one line and one annotation', t => {
	const anything = fc.string({unit: fc.constantFrom('\n', '\r', '%', ':', ',', 'a', '::error::', '0A')});
	t.notThrows(() =>
		fc.assert(
			fc.property(anything, anything, (path, title) => {
				const [line = '', ...rest] = write('github', {...FORK, title, places: [{path, line: 3}]}).split('\n');
				const {properties, message} = asTheRunner(line);
				return rest.length === 2 && properties.file === path && message.startsWith(`${title}\nwhy:`);
			}),
		),
	);
});

test('text: a name stays on its line', t => {
	const text = write('text', HOSTILE);
	t.notRegex(text, /^::/m);
	t.false(text.includes('\u001b'));
	t.is(text.split('\n').length, 6);
});

test('gitlab: a place and a fingerprint of its own for each', t => {
	const moved = {...FORK, places: [{path: 'shop/migrations/0003_a.py', line: 60}], title: 'otherwise put'};
	const [first, second, third, fourth] = JSON.parse(write('gitlab', FORK, FORK, NOTICE, HOSTILE)) as Violation[];
	t.like(first, {check_name: 'MG001', severity: 'major', location: {path: 'shop/migrations/0003_a.py', lines: {begin: 6}}});
	t.like(third, {severity: 'info', location: {path: '.', lines: {begin: 1}}});
	t.is(fourth!.location.path, HOSTILE.places[0]!.path);
	t.is(new Set([first, second, third, fourth].map(each => each!.fingerprint)).size, 4);
	const [again] = JSON.parse(write('gitlab', moved)) as Violation[];
	t.is(again!.fingerprint, first!.fingerprint);
	t.deepEqual(JSON.parse(write('gitlab')), []);
});

test('sarif: what services read of it', t => {
	const silenced = [{finding: {...FORK, code: 'MG004' as const}, reason: 'the dump of 2019'}];
	const text = formats.sarif!(report([HOSTILE, FORK, NOTICE], silenced));
	const log = JSON.parse(text) as Sarif;
	const valid = new Ajv2020({strict: false}).compile(SARIF);
	t.true(valid(log), JSON.stringify(valid.errors));
	const [run] = log.runs;
	t.deepEqual(
		run!.results.map(({ruleId, level, suppressions}) => [ruleId, level, suppressions?.[0]?.justification]),
		[
			['MG001', 'error', undefined],
			['MG112', 'note', undefined],
			['MG004', 'error', 'the dump of 2019'],
		],
	);
	for (const {ruleId, ruleIndex, locations} of run!.results) {
		t.is(run!.tool.driver.rules[ruleIndex]!.id, ruleId);
		t.true(locations.length > 0);
	}
	const [{physicalLocation}] = run!.results[1]!.locations as [Located];
	t.is(decodeURIComponent(physicalLocation.artifactLocation.uri), HOSTILE.places[0]!.path);
	t.notRegex(physicalLocation.artifactLocation.uri, /[\s,:<>"]|\/\//);
	t.is(run!.invocations[0]!.toolExecutionNotifications.length, 1);
});

test('junit: well-formed, whatever it holds', t => {
	const silenced = [{finding: HOSTILE, reason: 'a < b & "c"'}];
	const text = formats.junit!(report([NOTICE, FORK, HOSTILE], silenced));
	t.regex(text, /<testsuite name="migration-guard check" tests="4" failures="1" errors="0" skipped="1" time="0">/);
	t.regex(write('junit'), /tests="1" failures="0"[\s\S]*name="HEAD is linear: 3 migrations in 1 app."/);
	const names = parsedByPython(text);
	if (names === null) return void t.log('no Python: not parsed by another program');
	// What XML cannot hold is marked, all else comes back.
	t.deepEqual(
		names,
		[FORK.title, NOTICE.title, HOSTILE.title, HOSTILE.title].map(each => each.replaceAll('\u001b', '\u{fffd}')),
	);
	t.is(parsedByPython(write('junit'))?.length, 1);
});

test('every code is described in the words of the documentation', t => {
	const table = readFileSync(new URL('../../docs/json.md', import.meta.url), 'utf8').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
	const rows = [...table.matchAll(/^\| (MG\d{3}) \| (\S+) \| (.*) \|$/gm)];
	t.true(rows.length > 20);
	for (const [, code, severity, what] of rows)
		t.deepEqual(
			describeCode(code!),
			{severity, what} as ReturnType<typeof describeCode>,
			'to be changed in src/report/codes.ts, too',
		);
});

/** How the runner reads a command (actions/runner: ActionCommand.TryParseV2). */
function asTheRunner(line: string) {
	const [, level = '', list = '', escaped = ''] = /^::(\w+) (.*?)::(.*)$/s.exec(line) ?? [];
	const data = (text: string) => text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%');
	const property = (text: string) => data(text.replaceAll('%3A', ':').replaceAll('%2C', ','));
	const pairs = list.split(',').map(pair => [pair.slice(0, pair.indexOf('=')), property(pair.slice(pair.indexOf('=') + 1))]);
	return {level, properties: Object.fromEntries(pairs) as Record<string, string>, message: data(escaped)};
}

/** The names of the test cases, as another XML parser reads them; null without Python. */
function parsedByPython(xml: string): string[] | null {
	const script =
		'import sys, json, xml.etree.ElementTree as e\n' +
		'print(json.dumps([c.get("name") for c in e.fromstring(sys.stdin.buffer.read()).iter("testcase")]))';
	const {status, stdout, stderr} = spawnSync('python3', ['-c', script], {input: xml, encoding: 'utf8'});
	if (status === 0) return JSON.parse(stdout) as string[];
	if (status === null && process.env.CI !== 'true') return null;
	throw new Error(stderr);
}

interface Violation {
	readonly fingerprint: string;
	readonly location: {readonly path: string};
}

interface Located {
	readonly physicalLocation: {readonly artifactLocation: {readonly uri: string}};
}

interface Sarif {
	readonly runs: readonly {
		readonly tool: {readonly driver: {readonly rules: readonly {readonly id: string}[]}};
		readonly invocations: readonly {readonly toolExecutionNotifications: readonly unknown[]}[];
		readonly results: readonly {
			readonly ruleId: string;
			readonly ruleIndex: number;
			readonly level: string;
			readonly locations: readonly Located[];
			readonly suppressions?: readonly {readonly justification: string}[];
		}[];
	}[];
}

/** The part of SARIF 2.1.0 that is written here, closed: a name that the standard does not have would not pass. */
const object = (properties: Record<string, unknown>, optional: readonly string[] = []) => ({
	type: 'object',
	properties,
	required: Object.keys(properties).filter(name => !optional.includes(name)),
	additionalProperties: false,
});
const list = (items: unknown) => ({type: 'array', items});
const text = {type: 'string', minLength: 1};
const message = object({text});
const level = {enum: ['none', 'note', 'warning', 'error']};
const locations = {
	...list(
		object({
			physicalLocation: object({
				artifactLocation: object({uri: text, uriBaseId: text}),
				region: object({startLine: {type: 'integer', minimum: 1}}),
			}),
		}),
	),
	minItems: 1,
};
const SARIF = object({
	$schema: text,
	version: {const: '2.1.0'},
	runs: list(
		object({
			tool: object({
				driver: object({
					name: text,
					version: text,
					rules: list(
						object({
							id: text,
							shortDescription: message,
							fullDescription: message,
							help: message,
							defaultConfiguration: object({level}),
						}),
					),
				}),
			}),
			invocations: list(
				object({executionSuccessful: {type: 'boolean'}, toolExecutionNotifications: list(object({level, message}))}),
			),
			columnKind: {enum: ['utf16CodeUnits', 'unicodeCodePoints']},
			results: list(
				object(
					{
						ruleId: text,
						ruleIndex: {type: 'integer', minimum: 0},
						level,
						message,
						locations,
						relatedLocations: locations,
						partialFingerprints: object({'migrationGuard/v1': text}),
						suppressions: list(object({kind: {enum: ['inSource', 'external']}, justification: text})),
					},
					['relatedLocations', 'suppressions'],
				),
			),
		}),
	),
});
