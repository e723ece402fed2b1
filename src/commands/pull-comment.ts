/** Where a comment goes: a pull request, and a token that may write there. */
export interface Place {
	/** GitHub's GraphQL address. */
	readonly address: string;
	readonly token: string;
	readonly owner: string;
	readonly name: string;
	readonly number: number;
}

/** What is said, and whether something is left to be done. Null: there is nothing new to say. */
export type Said = {readonly text: string; readonly isOpen: boolean} | null;

interface Comment {
	readonly id: string;
	readonly body: string;
	readonly viewerDidAuthor: boolean;
}

/** The only one that goes to the network, and only with a token in the action's inputs. Milliseconds. */
const PATIENCE = 10_000;
const OPEN = '<!-- migration-guard: open -->';
const CLOSED = '<!-- migration-guard -->';

const FIND = `query($owner: String!, $name: String!, $number: Int!) {
	repository(owner: $owner, name: $name) { pullRequest(number: $number) { id comments(last: 100) { nodes { id body viewerDidAuthor } } } }
}`;
const ADD = 'mutation($on: ID!, $body: String!) { addComment(input: {subjectId: $on, body: $body}) { clientMutationId } }';
const CHANGE = 'mutation($on: ID!, $body: String!) { updateIssueComment(input: {id: $on, body: $body}) { clientMutationId } }';

/**
 * Keep one comment at a pull request that says how things are (docs.github.com: GraphQL, addComment and updateIssueComment). `now` is how they
 * are, when nothing new is said: it replaces a comment that left something to be done, and no other. A comment that somebody else wrote is never
 * changed. Throws an Error with GitHub's words.
 */
export async function comment(place: Place, said: Said, now: string): Promise<void> {
	const {owner, name, number} = place;
	const found = await ask<{repository: {pullRequest: {id: string; comments: {nodes: readonly Comment[]}} | null}}>(place, FIND, {
		owner,
		name,
		number,
	});
	const pull = found.repository.pullRequest;
	if (!pull) throw new Error(`there is no pull request ${number}`);
	const own = pull.comments.nodes.findLast(
		({body, viewerDidAuthor}) => viewerDidAuthor && (body.startsWith(OPEN) || body.startsWith(CLOSED)),
	);
	if (said === null && !own?.body.startsWith(OPEN)) return;
	const body = `${said?.isOpen ? OPEN : CLOSED}\n${said?.text ?? now}`;
	if (own?.body === body) return;
	await (own ? ask(place, CHANGE, {on: own.id, body}) : ask(place, ADD, {on: pull.id, body}));
}

async function ask<T>({address, token}: Place, query: string, variables: Readonly<Record<string, unknown>>): Promise<T> {
	const response = await fetch(address, {
		method: 'POST',
		headers: {authorization: `bearer ${token}`, 'content-type': 'application/json', 'user-agent': 'migration-guard'},
		body: JSON.stringify({query, variables}),
		signal: AbortSignal.timeout(PATIENCE),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${response.status} ${text.slice(0, 200)}`);
	const {data, errors} = JSON.parse(text) as {data: T; errors?: readonly {readonly message: string}[]};
	if (errors?.[0]) throw new Error(errors[0].message);
	return data;
}
