import type {CheckReport} from './check-report.ts';
import {findingsText} from './findings.ts';
import {jsonDocument} from './json.ts';

type Render = (report: CheckReport) => string;

/** What `check --format` can write, loaded when it is asked for. */
export const CHECK_FORMATS: Readonly<Record<string, () => Promise<Render>>> = {
	text: async () => asText,
	json: async () => asJson,
	github: async () => (await import('./check-github.ts')).checkGithub,
	gitlab: async () => (await import('./check-gitlab.ts')).checkGitlab,
	sarif: async () => (await import('./check-sarif.ts')).checkSarif,
	junit: async () => (await import('./check-junit.ts')).checkJunit,
};

function asText({findings, silenced, looked}: CheckReport): string {
	return findingsText(findings, {...looked, silenced: silenced.length});
}

function asJson({findings, silenced, looked, more}: CheckReport): string {
	const {revision, apps, migrations} = looked;
	return jsonDocument({revision, apps, migrations, ...more, findings, silenced});
}
