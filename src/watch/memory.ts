/**
 * Give the memory that a look took back to the system. V8 does it by itself after a quarter of a minute at rest; until then a daemon of ten
 * thousand migrations holds 200 MB. `HeapProfiler.collectGarbage` of Node's inspector is what a debugger's button does: unlike `gc()`, which
 * needs a flag when Node starts, it also returns the pages. Never fails: it is only a courtesy.
 */
export async function returnMemory(): Promise<void> {
	try {
		const {Session} = await import('node:inspector');
		const session = new Session();
		session.connect();
		await new Promise(resolve => session.post('HeapProfiler.collectGarbage', resolve));
		session.disconnect();
	} catch {
		// A Node without an inspector.
	}
}
