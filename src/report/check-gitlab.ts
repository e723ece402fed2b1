import {type CheckReport, errorsFirst, explanation} from './check-report.ts';
import {fingerprints} from './fingerprint.ts';

/**
 * GitLab's Code Quality report: a list of violations with a place and a fingerprint each (docs.gitlab.com: ci/testing/code_quality).
 * A finding without a place is about the repository, and GitLab wants a path: `.`.
 */
export function checkGitlab({findings}: CheckReport): string {
	const ordered = errorsFirst(findings);
	const prints = fingerprints(ordered);
	const violations = ordered.map((finding, index) => ({
		description: `${finding.title}\n${explanation(finding)}`,
		check_name: finding.code,
		fingerprint: prints[index],
		severity: finding.severity === 'error' ? 'major' : 'info',
		location: {path: finding.places[0]?.path ?? '.', lines: {begin: finding.places[0]?.line ?? 1}},
	}));
	return `${JSON.stringify(violations, null, '\t')}\n`;
}
