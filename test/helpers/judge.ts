import type {MigrationFiles} from './reader.ts';

/** Story → the migrations of its last result: what real Django is asked about at the end of a file. */
const trees = new Map<string, MigrationFiles>();

/** Keep a result for real Django's word. */
export function collectForDjango(story: string, files: MigrationFiles): void {
	trees.set(story, files);
}
