/*
 * What a run of GitHub Actions is about, from its event (docs.github.com: webhook-events-and-payloads, events-that-trigger-workflows).
 */

/** The part of an event that is read. Everything in it may be a stranger's. */
export interface GithubEvent {
	readonly pull_request?: {
		readonly number: number;
		readonly head: {readonly ref: string; readonly sha: string; readonly repo: {readonly full_name: string} | null};
		readonly base: {readonly ref: string; readonly repo: {readonly full_name: string}};
	};
	readonly merge_group?: {readonly base_sha: string; readonly base_ref: string};
	readonly repository?: {readonly default_branch: string};
	readonly ref?: string;
}

/** What is to be judged. */
export interface Assignment {
	/** The mainline; null: a tree is checked by itself. */
	readonly against: string | null;
	readonly revision: string;
	/** What to fetch where `revision` is not in the clone, as a refspec's left side. */
	readonly source: string | null;
	/** The pull request's branch, if it may be pushed to. */
	readonly branch: string | null;
	/** Why it may not be. */
	readonly noBranch: string;
	/** The number of the pull request; null: there is none. */
	readonly pull: number | null;
}

const HERE = {revision: 'HEAD', source: null, branch: null, pull: null};

/**
 * Find out what to judge. A pull request is judged as it is checked out, a merge of it included; `pull_request_target` checks out
 * the base, so there it is the branch's own commit. An entry of a merge queue is judged against the one before it.
 */
export function assignmentOf(name: string, event: GithubEvent): Assignment {
	const {pull_request: pull, merge_group: group, repository} = event;
	if (pull) {
		const isTarget = name === 'pull_request_target';
		const own = pull.head.repo?.full_name === pull.base.repo.full_name;
		return {
			against: `origin/${pull.base.ref}`,
			revision: isTarget ? pull.head.sha : 'HEAD',
			source: isTarget ? `refs/pull/${pull.number}/head` : null,
			branch: own ? pull.head.ref : null,
			noBranch: 'the pull request comes from a fork, whose branch is not ours to push to',
			pull: pull.number,
		};
	}
	const noBranch = `only the branch of a pull request is pushed to, and this is ${name}`;
	if (group) return {...HERE, against: group.base_sha, noBranch};
	const main = repository?.default_branch;
	if (main === undefined || event.ref === `refs/heads/${main}` || name === 'schedule') return {...HERE, against: null, noBranch};
	return {...HERE, against: `origin/${main}`, noBranch};
}
