/** What is known of code or unreadable work beside another operation. */
export interface Judgement {
	readonly verdict: 'conflict' | 'review';
	readonly reason: 'fails' | 'order' | 'opaque';
	readonly what: string;
}

/** For a person to look at. */
export function review(what: string): Judgement {
	return {verdict: 'review', reason: 'opaque', what};
}

/** Certain to fail, with the error. */
export function conflict(what: string): Judgement {
	return {verdict: 'conflict', reason: 'fails', what};
}
