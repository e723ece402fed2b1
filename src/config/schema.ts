import * as v from 'valibot';
import {UsageError} from '../errors.ts';
import {type Config, DEFAULTS, type Ignored} from './config.ts';

const verdict = v.picklist(['stop', 'warn', 'off']);
const words = v.array(v.pipe(v.string(), v.nonEmpty()));
const units = {m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000} as const;

const duration = v.pipe(
	v.string('expected a text like "12h", "30d" or "1w"'),
	v.regex(/^\d+[mhdw]$/, 'expected a number and one of m, h, d, w, like "12h", "30d" or "1w"'),
	v.transform(text => Number.parseInt(text, 10) * units[text.slice(-1) as keyof typeof units]),
);

/** Findings about two pieces of work. */
const PAIRED = /^MG20[12]$/;
const isPairOrApp = (target: string) => /^(?:\w+|\w+\.\w+\.\.\.\w+\.\w+)$/.test(target);

const ignore = v.pipe(
	v.record(
		v.pipe(v.string(), v.regex(/^MG\d{3}$/, 'expected the code of a finding, like MG004')),
		v.record(v.string(), v.pipe(v.string('expected the reason, as text'), v.nonEmpty('expected a reason'))),
	),
	v.check(
		codes => Object.entries(codes).every(([code, targets]) => !PAIRED.test(code) || Object.keys(targets).every(isPairOrApp)),
		'expected under MG201 and MG202 an app label or a pair, like "shop.0003_currency...shop.0003_discount"',
	),
	v.transform((codes): readonly Ignored[] =>
		Object.entries(codes).flatMap(([code, targets]) =>
			Object.entries(targets).map(([target, reason]) => ({code, target, reason})),
		),
	),
);

const watch = v.strictObject(
	{
		fetchEvery: v.optional(
			v.union(
				[
					v.pipe(
						v.literal('off'),
						v.transform(() => 0),
					),
					duration,
				],
				'expected "off" or a text like "10m" or "1h"',
			),
			'off',
		),
		autoFix: v.optional(v.boolean('expected true or false'), DEFAULTS.watch.autoFix),
		notify: v.optional(v.picklist(['desktop', 'off']), DEFAULTS.watch.notify),
		autoStart: v.optional(v.boolean('expected true or false'), DEFAULTS.watch.autoStart),
	},
	'expected fetchEvery, autoFix, notify or autoStart, and nothing else',
);

const schema = v.partial(
	v.object({
		mainline: v.pipe(
			v.union([v.pipe(v.string(), v.nonEmpty()), words], 'expected a ref or a list of refs'),
			v.transform(refs => (typeof refs === 'string' ? [refs] : refs)),
		),
		folders: words,
		apps: v.record(v.string(), v.pipe(v.string(), v.regex(/^\w+$/, 'expected an app label'))),
		strategy: v.picklist(['renumber', 'merge']),
		commit: v.picklist(['amend', 'separate']),
		forks: verdict,
		conflicts: verdict,
		reviews: verdict,
		staleAfter: duration,
		prePush: v.picklist(['refuse', 'warn']),
		backport: v.picklist(['repoint', 'merge', 'refuse']),
		singleOwner: verdict,
		ignore,
		undoFor: duration,
		watch,
	}),
);

/** The keys that exist, for messages and for the test of the example. */
export const KEYS: readonly string[] = Object.keys(DEFAULTS);

/** Check what a file holds and fill in the defaults. Throws UsageError with one line for each mistake: file, key, what was expected. */
export function checkConfig(file: string, content: unknown): Config {
	const {success, issues, output} = v.safeParse(schema, content);
	const unknown = Object.keys(content ?? {}).filter(key => !KEYS.includes(key));
	if (success && unknown.length === 0) return {...DEFAULTS, ...(output as Partial<Config>)};
	const mistakes = Array.isArray(content)
		? ['expected keys and values']
		: [...unknown.map(key => `there is no key "${key}"; the keys are ${KEYS.join(', ')}`), ...(issues ?? []).map(explain)];
	throw new UsageError(mistakes.map(mistake => `${file}: ${mistake}`).join('\nmigration-guard: '));
}

function explain(issue: v.BaseIssue<unknown>): string {
	const key = v.getDotPath(issue);
	return key === null ? 'expected keys and values' : `${key}: ${issue.message.replace(/^Invalid \w+: E/, 'e')}`;
}
