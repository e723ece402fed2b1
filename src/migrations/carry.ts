import {createHash} from 'node:crypto';

/**
 * The carry: how two files of one name travel in one file until a hook splits them.
 *
 * A merge driver can only answer with one file, and an answer equal to one side loses the other: a rebase drops the commit as
 * empty without a word. So the driver answers with the first file whole, the second in comments below it, and a statement that
 * makes Django refuse the module until it is split.
 */
export interface Carry {
	/** The file that keeps the name. */
	readonly body: Uint8Array;
	/** The other file, byte for byte. */
	readonly carried: Uint8Array;
}

const OPEN = '# >>> migration-guard carry v1 ';
const CLOSE = '# <<< migration-guard carry';
const LINE = '#mg|';
const BASE64_LINE = '#mg=';
const SENTINEL =
	"raise ImportError(\"two migrations of this name were merged into one file: run 'migration-guard fix', or 'migration-guard fix --markers' for git's conflict\")";

/** Does the text hold a carry block, whole or damaged? */
export function hasCarry(text: string): boolean {
	return text.includes(OPEN);
}

/** Put two files into one. The result reads back with `readCarry`, and differs from both. */
export function writeCarry({body, carried}: Carry): Uint8Array {
	const head = Buffer.from(body);
	const glue = head.length === 0 || head[head.length - 1] === 0x0a ? '' : '\n';
	const tail = Buffer.from(carried);
	const plain = !tail.includes(0x0d) && !tail.includes(0x00);
	const lines = plain
		? tail
				.toString('latin1')
				.split('\n')
				.map(line => LINE + line)
		: (tail.toString('base64').match(/.{1,76}/g) ?? ['']).map(line => BASE64_LINE + line);
	const open = `${OPEN}sha256=${sha256(tail)} bytes=${tail.length} body=${head.length}`;
	return Buffer.concat([head, Buffer.from(`${[glue + open, ...lines, CLOSE, SENTINEL].join('\n')}\n`, 'latin1')]);
}

/** Take two files out of one: null when there is no carry in it, `damaged` when the block was edited. */
export function readCarry(bytes: Uint8Array): Carry | 'damaged' | null {
	const text = Buffer.from(bytes).toString('latin1');
	const start = text.indexOf(OPEN);
	if (start < 0) return null;
	const header = /sha256=([0-9a-f]{64}) bytes=(\d+) body=(\d+)\n/.exec(text.slice(start, start + 200));
	const end = text.indexOf(`\n${CLOSE}\n`, start);
	if (!header || end < 0 || text.indexOf(OPEN, start + 1) >= 0) return 'damaged';
	const lines = text.slice(text.indexOf('\n', start) + 1, end).split('\n');
	if (!lines.every(line => line.startsWith(LINE)) && !lines.every(line => line.startsWith(BASE64_LINE))) return 'damaged';
	const inside = lines.map(line => line.slice(LINE.length));
	const carried = lines[0]?.startsWith(BASE64_LINE)
		? Buffer.from(inside.join(''), 'base64')
		: Buffer.from(inside.join('\n'), 'latin1');
	if (carried.length !== Number(header[2]) || sha256(carried) !== header[1]) return 'damaged';
	const length = Number(header[3]);
	const body = length === start || length + 1 === start ? text.slice(0, length) : text.slice(0, start);
	return {body: Buffer.from(body, 'latin1'), carried};
}

function sha256(bytes: Uint8Array): string {
	return createHash('sha256').update(bytes).digest('hex');
}
