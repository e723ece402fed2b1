import {appendFileSync, readFileSync, writeFileSync} from 'node:fs';
import {resolve} from 'node:path';
import {EXIT, UsageError} from '../errors.ts';
import {fetchArguments} from '../gates/fetch-line.ts';
import type {Repo} from '../git/repo.ts';
import {resolveCommit} from '../git/revisions.ts';
import {git} from '../git/run.ts';
import type {Finding} from '../migrations/finding.ts';
import {checkGithub} from '../report/check-github.ts';
import {checkSarif} from '../report/check-sarif.ts';
import {checkSummary} from '../report/check-summary.ts';
import {escapeData} from '../report/workflow-command.ts';
import {checkAgainst, checkTree} from './check-against.ts';
import type {Command, Context} from './command.ts';
import {fixAgainst} from './fix-against.ts';
import {type Assignment, assignmentOf, type GithubEvent} from './github-event.ts';
import {comment, type Said} from './pull-comment.ts';
import {requireRepo} from './repository.ts';

/** What a step of a GitHub workflow does (action.yml). It reads its inputs and the event from the environment, as the runner sets them. */
export const command: Command = {
	name: 'action',
	summary: 'be a step of a GitHub workflow',
	usage: '',
	options: {},
	examples: [],
	internal: true,
	async run(context) {
		try {
			return await step(context);
		} catch (error) {
			if (!(error instanceof Error) || error.name !== 'UsageError') throw error;
			context.out(`::error title=migration-guard::${escapeData(error.message)}\n`);
			return EXIT.usage;
		}
	},
};

async function step(context: Context): Promise<number> {
	const {env} = context;
	const input = (name: string, otherwise: string) => env[`INPUT_${name.toUpperCase()}`]?.trim() || otherwise;
	const mode = oneOf('mode', input('mode', 'check'), ['check', 'fix']);
	const depth = oneOf('fetch', input('fetch', 'history'), ['history', 'trees', 'nothing']);
	const repo = requireRepo(env.GITHUB_WORKSPACE ?? context.cwd);
	const event = JSON.parse(readFileSync(env.GITHUB_EVENT_PATH ?? '/dev/null', 'utf8') || '{}') as GithubEvent;
	const found = assignmentOf(env.GITHUB_EVENT_NAME ?? '', event);
	const assignment = {...found, against: input('against', found.against ?? '') || null};
	fetchMissing(repo, assignment, depth);

	const {against, revision} = assignment;
	const judged = against === null ? await checkTree(repo, revision) : await checkAgainst(repo, against, revision);
	const isForked = judged.findings.some(isFork);
	const person = {name: input('user-name', BOT.name), email: input('user-email', BOT.email)};
	const done = mode === 'fix' && against !== null && isForked ? await fixIt(as(repo, person), against, assignment) : NOT_TRIED;
	// What was pushed ends the forks, and nothing else.
	const report = done.pushed === null ? judged : {...judged, findings: judged.findings.filter(finding => !isFork(finding))};

	const errors = report.findings.filter(({severity}) => severity === 'error').length;
	const result = errors > 0 ? 'problems' : done.pushed === null ? 'linear' : 'fixed';
	const sarif = input('sarif', '');
	if (sarif !== '') writeFileSync(resolve(repo.cwd, sarif), checkSarif(report));
	context.out(`${checkGithub(report)}${annotation(done)}`);
	const summary = checkSummary(report, done.sentence === '' ? [] : [done.sentence]);
	append(env.GITHUB_STEP_SUMMARY, summary);
	const token = input('token', '');
	if (mode === 'fix' && token !== '' && assignment.pull !== null) {
		const said = done.sentence === '' ? null : {text: summary, isOpen: done.pushed === null};
		context.out(await commented(env, token, assignment.pull, said, summary));
	}
	append(env.GITHUB_OUTPUT, `result=${result}\nproblems=${errors}\npushed=${done.pushed ?? ''}\n`);
	return errors > 0 ? EXIT.problems : EXIT.ok;
}

/** Say it at the pull request, too. That it could not be said there is said here, and fails nothing. */
async function commented(env: Context['env'], token: string, number: number, said: Said, now: string): Promise<string> {
	const [owner = '', name = ''] = (env.GITHUB_REPOSITORY ?? '').split('/');
	const address = env.GITHUB_GRAPHQL_URL ?? 'https://api.github.com/graphql';
	try {
		await comment({address, token, owner, name, number}, said, now);
		return '';
	} catch (error) {
		const why = `No comment was written: ${(error as Error).message}`;
		return `::warning title=migration-guard::${escapeData(why)}\n`;
	}
}

function isFork({code}: Finding): boolean {
	return code === 'MG203';
}

/** The account of GitHub's own bot, which a token of a workflow pushes for. */
const BOT = {name: 'github-actions[bot]', email: '41898282+github-actions[bot]@users.noreply.github.com'};

/** What became of `mode: fix`: the commit that the branch is at now, or null, and what there is to say. */
interface Done {
	readonly pushed: string | null;
	readonly sentence: string;
}

const NOT_TRIED: Done = {pushed: null, sentence: ''};

/** Push the merge that renumbers, and say what happened: never more than that. */
async function fixIt(repo: Repo, ref: string, {branch, noBranch, revision}: Assignment): Promise<Done> {
	if (branch === null) return {pushed: null, sentence: `Nothing was pushed: ${noBranch}.`};
	const {outcome, pushed, commit} = await fixAgainst(repo, {
		ref,
		revision,
		dryRun: false,
		target: {remote: 'origin', branch},
	});
	const [refusal] = outcome.kind === 'refused' ? outcome.refusals : pushed?.kind === 'refused' ? [pushed.refusal] : [];
	if (refusal) return {pushed: null, sentence: `Not fixed. ${refusal.what} ${refusal.why} Next: ${refusal.next}`};
	if (pushed === null || commit === null) return {pushed: null, sentence: 'Nothing was pushed: nothing has to move.'};
	const moves =
		outcome.kind === 'done'
			? outcome.plan.steps.flatMap(step => (step.kind === 'renumber' ? [`${step.from} -> ${step.to}`] : []))
			: [];
	return {
		pushed: commit,
		sentence: `Pushed ${commit.slice(0, 9)} to ${branch}, a merge of ${ref} with ${moves.join(', ')}. What is said here is what is left with it.`,
	};
}

/** Bring what is to be judged into the clone: actions/checkout leaves one commit and no other branch. Throws UsageError. */
function fetchMissing(repo: Repo, {against, revision, source}: Assignment, depth: string): void {
	if (depth === 'nothing') return;
	const fetch = (args: readonly string[]) => {
		const {code, stderr} = git(repo, args, {ok: [0, 1, 128]});
		if (code !== 0) throw new UsageError(`git ${args.join(' ')}: ${stderr.trim()}`);
	};
	if (source !== null && resolveCommit(repo, revision) === null)
		fetch(['fetch', '--no-tags', '--quiet', ...(depth === 'trees' ? ['--depth=1'] : []), 'origin', source]);
	if (against !== null && (depth === 'history' || resolveCommit(repo, against) === null)) {
		const args = fetchArguments(repo, against, depth === 'trees');
		// What is whole and there needs no fetch.
		if (args.includes('--unshallow') || resolveCommit(repo, against) === null) fetch(args);
	}
}

/** The same repository for a person whom git may not know. */
function as(repo: Repo, {name, email}: {name: string; email: string}): Repo {
	const people = ['AUTHOR', 'COMMITTER'].flatMap(role => [
		[`GIT_${role}_NAME`, name],
		[`GIT_${role}_EMAIL`, email],
	]);
	return {...repo, env: {...repo.env, ...Object.fromEntries(people)}};
}

function annotation({pushed, sentence}: Done): string {
	return sentence === '' ? '' : `::${pushed === null ? 'warning' : 'notice'} title=migration-guard::${escapeData(sentence)}\n`;
}

function oneOf(name: string, value: string, known: readonly string[]): string {
	if (!known.includes(value)) throw new UsageError(`${name}: expected ${known.join(' or ')}, not ${value}`);
	return value;
}

function append(file: string | undefined, text: string): void {
	if (file) appendFileSync(file, text);
}
