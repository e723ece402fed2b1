/** One line of the table. */
export interface Row {
	readonly what: string;
	/** What was measured, for people: `3.1 ms`. */
	readonly measured: string;
	/** What it is compared with: `1.9 ms, git diff`. */
	readonly against: string;
	readonly value: number;
	/** The most it may be; null: for information. */
	readonly gate: number | null;
	/** Of `value`: `×`, `MB`, or `ms` where not the ratio but the wait counts. */
	readonly unit: '×' | 'MB' | 'ms' | '%' | 's';
}

/** The table; a gate that was missed is said in its line, and at the end. */
export function table(rows: readonly Row[]): string {
	const lines = [
		['', 'measured', 'against', 'result', 'gate', 'verdict'],
		...rows.map(row => [
			row.what,
			row.measured,
			row.against,
			figure(row.value, row),
			row.gate === null ? '' : `<= ${Number(row.gate.toFixed(3))} ${row.unit}`,
			verdict(row),
		]),
	];
	const widths = lines[0]!.map((_, column) => Math.max(...lines.map(line => line[column]!.length)));
	const text = lines.map(line =>
		line
			.map((cell, column) => cell.padEnd(widths[column]!))
			.join('  ')
			.trimEnd(),
	);
	const short = rows.filter(isShort).length;
	const gates = rows.filter(({gate}) => gate !== null).length;
	return [...text, '', short === 0 ? `all ${gates} gates hold` : `${short} of ${gates} gates fall short`, ''].join('\n');
}

export function isShort({gate, value}: Row): boolean {
	return gate !== null && value > gate;
}

export function milliseconds(value: number): string {
	return value < 100 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

function figure(value: number, {unit}: Row): string {
	if (unit === '%' || unit === 's') return `${value.toFixed(2)} ${unit}`;
	return unit !== '×' ? `${Math.round(value)} ${unit}` : `${value.toFixed(value < 1 ? 3 : 2)} ×`;
}

function verdict(row: Row): string {
	return row.gate === null ? '' : isShort(row) ? 'FALLS SHORT' : 'holds';
}
