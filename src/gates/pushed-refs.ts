/** One line of what git tells a pre-push hook (githooks: pre-push). */
export interface PushedRef {
	/** What is pushed, as it was typed or configured: `refs/heads/feature`, `HEAD~2`. */
	readonly localRef: string;
	readonly local: string;
	readonly remoteRef: string;
	/** What the remote has there by what git was told when it connected; null: nothing, the ref is new. */
	readonly remote: string | null;
}

const LINE = /^(\S+) ([0-9a-f]{40,64}) (\S+) ([0-9a-f]{40,64})$/;

/** The refs of a push that get a commit to hold and are branches (`refs/for/` is Gerrit's): no deletion, no tag, no note. */
export function readPushedRefs(input: string): PushedRef[] {
	return input.split('\n').flatMap(line => {
		const [, localRef, local, remoteRef, remote] = LINE.exec(line.trimEnd()) ?? [];
		if (!localRef || !local || !remoteRef || !remote) return [];
		if (isNone(local) || !/^refs\/(?:heads|for)\//.test(remoteRef)) return [];
		return [{localRef, local, remoteRef, remote: isNone(remote) ? null : remote}];
	});
}

function isNone(oid: string): boolean {
	return /^0+$/.test(oid);
}

/** How people call the branch that is pushed. */
export function branchOf({remoteRef}: PushedRef): string {
	return remoteRef.replace(/^refs\/(?:heads|for)\//, '').replace(/%.*$/, '');
}
