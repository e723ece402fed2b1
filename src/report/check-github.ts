import {type CheckReport, errorsFirst, explanation} from './check-report.ts';
import {summaryLine} from './findings.ts';
import {escapeData, escapeProperty} from './workflow-command.ts';

/**
 * Workflow commands of GitHub Actions: an annotation for each finding, on file and line, then the summary as a plain line.
 * Nothing that a repository contains can become a command of its own (docs.github.com: workflow-commands-for-github-actions;
 * actions/toolkit: command.ts).
 */
export function checkGithub({findings, silenced, looked}: CheckReport): string {
	const commands = errorsFirst(findings).map(finding => {
		const [place] = finding.places;
		const where = place ? `file=${escapeProperty(place.path)},line=${place.line},` : '';
		const level = finding.severity === 'error' ? 'error' : 'notice';
		const title = `${finding.code} ${finding.title}`;
		// The title is not shown everywhere: the message says it again.
		return `::${level} ${where}title=${escapeProperty(title)}::${escapeData(`${finding.title}\n${explanation(finding)}`)}`;
	});
	return `${[...commands, summaryLine(findings, {...looked, silenced: silenced.length})].join('\n')}\n`;
}
