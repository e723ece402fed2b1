import type {Finding} from '../migrations/finding.ts';
import {VERSION} from '../version.ts';
import {type CheckReport, errorsFirst, explanation} from './check-report.ts';
import {describeCode} from './codes.ts';
import {fingerprints} from './fingerprint.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/**
 * SARIF 2.1.0 (OASIS), as code scanning services take it. A finding without a place is a notification of the run: services
 * refuse a result that has none.
 */
export function checkSarif({findings, silenced}: CheckReport): string {
	const placed = errorsFirst(findings).filter(({places}) => places.length > 0);
	const accepted = silenced.filter(({finding}) => finding.places.length > 0);
	const shown = [...placed, ...accepted.map(({finding}) => finding)];
	const codes = [...new Set(shown.map(({code}) => code))].sort();
	const prints = fingerprints(shown);
	const results = shown.map((finding, index) => ({
		...resultOf(finding, codes.indexOf(finding.code)),
		partialFingerprints: {'migrationGuard/v1': prints[index]},
		...(index < placed.length
			? {}
			: {suppressions: [{kind: 'external', justification: accepted[index - placed.length]!.reason}]}),
	}));
	const run = {
		tool: {driver: {name: 'migration-guard', version: VERSION, rules: codes.map(ruleOf)}},
		invocations: [
			{
				executionSuccessful: true,
				toolExecutionNotifications: findings
					.filter(({places}) => places.length === 0)
					.map(finding => ({level: levelOf(finding), message: messageOf(finding)})),
			},
		],
		columnKind: 'utf16CodeUnits',
		results,
	};
	return `${JSON.stringify({$schema: SCHEMA, version: '2.1.0', runs: [run]}, null, '\t')}\n`;
}

function resultOf(finding: Finding, ruleIndex: number) {
	const [first, ...others] = finding.places.map(({path, line}) => ({
		physicalLocation: {artifactLocation: {uri: uriOf(path), uriBaseId: '%SRCROOT%'}, region: {startLine: line}},
	}));
	return {
		ruleId: finding.code,
		ruleIndex,
		level: levelOf(finding),
		message: messageOf(finding),
		locations: [first],
		...(others.length === 0 ? {} : {relatedLocations: others}),
	};
}

function ruleOf(code: string) {
	const {severity, what: text} = describeCode(code);
	return {
		id: code,
		shortDescription: {text},
		fullDescription: {text},
		help: {text: `${code}: ${text}. docs/json.md of migration-guard lists all codes.`},
		defaultConfiguration: {level: levelOf({severity})},
	};
}

function levelOf({severity}: Pick<Finding, 'severity'>): 'error' | 'note' {
	return severity === 'error' ? 'error' : 'note';
}

function messageOf(finding: Finding): {text: string} {
	return {text: `${finding.title}\n${explanation(finding)}`};
}

/** A relative reference (RFC 3986): what a path may hold and an address may not is escaped. */
function uriOf(path: string): string {
	return path.split('/').map(encodeURIComponent).join('/');
}
