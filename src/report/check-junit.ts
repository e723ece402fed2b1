import type {Finding} from '../migrations/finding.ts';
import {type CheckReport, errorsFirst, explanation} from './check-report.ts';
import {summaryLine} from './findings.ts';

/**
 * JUnit's XML, which nearly every CI shows: an error is a test that failed, a notice one that passed and said something, an accepted
 * finding one that was skipped. A run without findings is one test that passed.
 */
export function checkJunit({findings, silenced, looked}: CheckReport): string {
	const errors = findings.filter(({severity}) => severity === 'error').length;
	const summary = summaryLine(findings, {...looked, silenced: silenced.length});
	const cases = [
		...errorsFirst(findings).map(finding => testCase(finding, outcomeOf(finding))),
		...silenced.map(({finding, reason}) => testCase(finding, `<skipped message="${escapeXml(reason)}"/>`)),
	];
	const shown = cases.length > 0 ? cases : [`\t\t<testcase classname="migration-guard" name="${escapeXml(summary)}" time="0"/>`];
	const numbers = `tests="${shown.length}" failures="${errors}" errors="0"`;
	return `${[
		'<?xml version="1.0" encoding="UTF-8"?>',
		`<testsuites name="migration-guard" ${numbers} time="0">`,
		`\t<testsuite name="migration-guard check" ${numbers} skipped="${silenced.length}" time="0">`,
		...shown,
		'\t</testsuite>',
		'</testsuites>',
	].join('\n')}\n`;
}

function testCase({code, title, places}: Finding, outcome: string): string {
	const file = places[0] ? ` file="${escapeXml(places[0].path)}" line="${places[0].line}"` : '';
	return `\t\t<testcase classname="migration-guard.${code}" name="${escapeXml(title)}"${file} time="0">${outcome}</testcase>`;
}

function outcomeOf(finding: Finding): string {
	const [place] = finding.places;
	const text = escapeXml(`${place ? `${place.path}:${place.line}\n` : ''}${explanation(finding)}`);
	return finding.severity === 'error'
		? `<failure type="${finding.code}" message="${escapeXml(finding.title)}">${text}</failure>`
		: `<system-out>${text}</system-out>`;
}

/** Text of an element or an attribute. What XML 1.0 cannot hold at all, not even escaped (its rule Char), becomes U+FFFD. */
function escapeXml(text: string): string {
	return text
		.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\u{fffd}')
		.replace(
			/[&<>"'\t\n\r]/g,
			character =>
				({'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;'})[character] ?? `&#${character.charCodeAt(0)};`,
		);
}
