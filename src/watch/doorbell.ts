import {watch} from 'chokidar';
import {inodeOf} from './places.ts';

/** Something that rings when anything in some folders changes. It may ring too often, and for nothing. */
export interface Doorbell {
	/** Ring for these folders and no others. A folder that was made anew under its old name is watched anew. */
	arm(folders: ReadonlySet<string>): void;
	/** How many folders are watched. */
	size(): number;
	close(): Promise<void>;
}

export interface Visitors {
	/** `name`: of the entry that changed, where the system tells. */
	readonly ring: (folder: string, name: string | null) => void;
	/** The system has no watches left (ENOSPC: fs.inotify.max_user_watches; EMFILE: max_user_instances, or open files). */
	readonly exhausted: (code: string) => void;
	readonly failed: (error: Error) => void;
}

/**
 * chokidar, for folders alone: the raw events of a folder tell of each file in it, so ten thousand files cost as many watches as they have
 * folders. What has changed is found out by a sweep.
 */
export function openDoorbell({ring, exhausted, failed}: Visitors): Doorbell {
	const armed = new Map<string, number>();
	const watcher = watch([], {
		ignored: path => !armed.has(normal(path)),
		depth: 0,
		ignoreInitial: true,
		followSymlinks: false,
		atomic: false,
		// The surroundings must not turn it into another program (CHOKIDAR_USEPOLLING): polling is done by sweeps.
		usePolling: false,
	});
	watcher.on('raw', (_event, name, details) => {
		const folder = normal((details as {watchedPath: string}).watchedPath);
		if (armed.has(folder)) ring(folder, name || null);
	});
	watcher.on('error', error => {
		const {code = ''} = error as NodeJS.ErrnoException;
		if (code === 'ENOSPC' || code === 'EMFILE') exhausted(code);
		else failed(error as Error);
	});
	return {
		arm(folders) {
			const wanted = new Map(
				[...folders].flatMap(folder => {
					const inode = inodeOf(folder);
					return inode === null ? [] : [[normal(folder), inode] as const];
				}),
			);
			const gone = [...armed].filter(([folder, inode]) => wanted.get(folder) !== inode).map(([folder]) => folder);
			for (const folder of gone) armed.delete(folder);
			if (gone.length > 0) watcher.unwatch(gone);
			const added = [...wanted].filter(([folder]) => !armed.has(folder));
			for (const [folder, inode] of added) armed.set(folder, inode);
			if (added.length > 0) watcher.add(added.map(([folder]) => folder));
		},
		size: () => armed.size,
		close: () => watcher.close(),
	};
}

function normal(path: string): string {
	return process.platform === 'win32' ? path.replaceAll('\\', '/') : path;
}
