import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';

/** The files of a scenario's worktree, as a person's editor would touch them. */
export type Files = ReturnType<typeof filesIn>;

/** Give hands to the files below `root`; every path is relative to it, with `/`. */
export function filesIn(root: string) {
	const at = (path: string) => join(root, path);
	return {
		root,
		exists: (path: string): boolean => existsSync(at(path)),
		bytes: (path: string): Buffer => readFileSync(at(path)),
		read: (path: string): string => readFileSync(at(path), 'utf8'),
		write(path: string, content: string | Uint8Array): void {
			mkdirSync(dirname(at(path)), {recursive: true});
			writeFileSync(at(path), content);
		},
		/** An executable sh script of these lines. */
		script(path: string, ...lines: readonly string[]): void {
			this.write(path, `#!/bin/sh\n${lines.join('\n')}\n`);
			chmodSync(at(path), 0o755);
		},
		/** Replace a text that must stand there; a story whose edit misses is a wrong story. */
		edit(path: string, before: string, after: string): void {
			const text = readFileSync(at(path), 'utf8');
			if (!text.includes(before)) throw new Error(`${path} does not contain ${JSON.stringify(before)}:\n${text}`);
			writeFileSync(at(path), text.replace(before, after));
		},
		move(from: string, to: string): void {
			mkdirSync(dirname(at(to)), {recursive: true});
			renameSync(at(from), at(to));
		},
		remove: (path: string): void => rmSync(at(path), {recursive: true}),
		/** Names in a folder, sorted; an absent folder is empty. */
		list: (path: string): readonly string[] => (existsSync(at(path)) ? readdirSync(at(path)).sort() : []),
	};
}
