import {appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync} from 'node:fs';
import {dirname} from 'node:path';
import {setTimeout} from 'node:timers/promises';

/** Bytes after which a log is put aside, and how many are kept beside the one that is written. */
const LONGEST = 256 * 1024;
const KEPT = 2;

/**
 * Add lines to a log, each with its time. A log that has grown long becomes `<file>.1`, that one `.2`, and the oldest goes. A
 * disk that is full keeps nobody from watching: never throws.
 */
export function appendLog(file: string, lines: readonly string[], at: string): void {
	if (lines.length === 0) return;
	try {
		mkdirSync(dirname(file), {recursive: true});
		if ((statSync(file, {throwIfNoEntry: false})?.size ?? 0) > LONGEST) rotate(file);
		appendFileSync(file, lines.map(line => `${at} ${line}\n`).join(''));
	} catch {
		// What is said is in the status and on the desktop, too.
	}
}

function rotate(file: string): void {
	const names = [file, ...Array.from({length: KEPT}, (_, index) => `${file}.${index + 1}`)];
	for (let index = KEPT - 1; index >= 0; index--) if (existsSync(names[index]!)) renameSync(names[index]!, names[index + 1]!);
}

/** The last lines of a log, the one that was put aside included. */
export function readLog(file: string, count: number): string[] {
	const text = [`${file}.1`, file].map(textOf).join('');
	return text.split('\n').slice(0, -1).slice(-count);
}

/** Give out what is added to a log from now on, until `stop`. A log that is begun anew is read from its start. */
export async function followLog(file: string, out: (text: string) => void, stop: AbortSignal): Promise<void> {
	let known = statSync(file, {throwIfNoEntry: false});
	let from = known?.size ?? 0;
	while (!stop.aborted) {
		await setTimeout(200);
		const stat = statSync(file, {throwIfNoEntry: false});
		if (!stat) continue;
		if (stat.ino !== known?.ino) from = 0;
		if (stat.size > from) {
			const added = readFileSync(file).subarray(from);
			out(added.toString('utf8'));
			from += added.length;
		}
		known = stat;
	}
}

function textOf(file: string): string {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return '';
	}
}
