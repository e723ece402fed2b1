import type {Finding} from '../migrations/finding.ts';
import {type CheckReport, errorsFirst} from './check-report.ts';
import {summaryLine} from './findings.ts';
import {oneLine} from './words.ts';

/** More would not be read, and a summary may hold no more than a megabyte. */
const MOST = 50;

/**
 * Findings as Markdown, for the summary of a run. `besides` are sentences about what was done, told as it is.
 * What comes from the repository is text in it, and neither a link, nor a picture, nor a mention of somebody.
 */
export function checkSummary({findings, silenced, looked}: CheckReport, besides: readonly string[] = []): string {
	const shown = errorsFirst(findings).slice(0, MOST);
	const more = findings.length - shown.length;
	return `${[
		'### Migrations',
		'',
		plain(summaryLine(findings, {...looked, silenced: silenced.length})),
		...besides.flatMap(sentence => ['', plain(sentence)]),
		...(shown.length === 0 ? [] : ['', '| | what | where | what to do |', '|---|---|---|---|', ...shown.map(row)]),
		...(more > 0 ? ['', `… and ${more} more.`] : []),
	].join('\n')}\n`;
}

function row({code, severity, title, places, fix}: Finding): string {
	const where = places.slice(0, 3).map(({path, line}) => plain(`${path}:${line}`));
	return `| ${severity === 'error' ? '❌' : 'ℹ️'} ${code} | ${plain(title)} | ${where.join('<br>')} | ${plain(fix)} |`;
}

/** Text that Markdown shows as it is. */
function plain(text: string): string {
	const escaped = oneLine(text).replace(/[&<>"'`*_~[\](){}|\\#@!:]/g, character => `&#${character.charCodeAt(0)};`);
	return escaped.replace(/www\./gi, 'www&#46;');
}
