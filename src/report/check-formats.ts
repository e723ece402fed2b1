import {checkGithub} from './check-github.ts';
import {checkGitlab} from './check-gitlab.ts';
import {checkJunit} from './check-junit.ts';
import type {CheckReport} from './check-report.ts';
import {checkSarif} from './check-sarif.ts';
import {findingsText} from './findings.ts';
import {jsonDocument} from './json.ts';

/** What `check --format` can write. */
export const CHECK_FORMATS: Readonly<Record<string, (report: CheckReport) => string>> = {
	text: ({findings, silenced, looked}) => findingsText(findings, {...looked, silenced: silenced.length}),
	json({findings, silenced, looked, more}) {
		const {revision, apps, migrations} = looked;
		return jsonDocument({revision, apps, migrations, ...more, findings, silenced});
	},
	github: checkGithub,
	gitlab: checkGitlab,
	sarif: checkSarif,
	junit: checkJunit,
};
