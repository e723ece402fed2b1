/**
 * Where the daemon keeps what it fetched: beside the user's remote-tracking refs, as `git maintenance` does (refs/prefetch/). origin/main
 * does not move by itself, so `push --force-with-lease` keeps its meaning, and no fetch of the user's finds the ref locked or moved.
 * `refs/remotes/origin/main` → `refs/migration-guard/prefetch/origin/main`.
 */
export function prefetchRef(remoteRef: string): string {
	return remoteRef.replace(/^refs\/remotes\//, 'refs/migration-guard/prefetch/');
}
