import {count, table} from './words.ts';

/** What `doctor` found, as far as the text needs it. */
export interface Checkup {
	readonly installed: 'repository' | 'server' | 'global' | null;
	readonly version: string;
	readonly git: string;
	readonly node: string | null;
	readonly hooks: readonly {
		readonly event: string;
		readonly ours: boolean;
		readonly by: string;
		readonly manager: string | null;
	}[];
	readonly mainline: readonly string[];
	/** Of a server, which has no mainline refs; else null. */
	readonly protected: readonly string[] | null;
	readonly folders: number;
	readonly complaints: readonly {readonly what: string; readonly why: string; readonly mend: string}[];
	readonly notices: readonly {readonly what: string; readonly why: string; readonly choose: string}[];
}

/** What was looked at, then each complaint with the command that mends it. */
export function checkupText(checkup: Checkup, top: string): string {
	const {complaints, notices} = checkup;
	const told = notices.flatMap(({what, why, choose}) => [`• ${what}`, `    why:    ${why}`, `    choose: ${choose}`, '']);
	const body = complaints.flatMap(({what, why, mend}) => [`✘ ${what}`, `    why:  ${why}`, `    mend: ${mend}`, '']);
	const verdict =
		complaints.length === 0
			? 'Everything is in place.'
			: `${count(complaints.length, 'thing')} to mend, each by the command below it, to be run in ${top}`;
	return [...facts(checkup, top), '', ...told, ...body, verdict, ''].join('\n');
}

function facts({installed, version, git, node, hooks, mainline, protected: branches, folders}: Checkup, top: string): string[] {
	const where = {
		repository: 'for this repository',
		server: 'as a server, which refuses pushes',
		global: 'for all repositories of this machine',
		none: 'no',
	}[installed ?? 'none'];
	const measured: [string, string][] =
		branches === null
			? [
					['mainline', mainline.join(', ') || 'none'],
					['folders of migrations', String(folders)],
				]
			: [['protected', branches.join(', ') || 'nothing']];
	return [
		`migration-guard ${version}, git ${git}`,
		...table([
			['installed', where],
			...hooks.map(({event, ours, by, manager}): readonly [string, string] => [
				event,
				`${ours ? 'ours' : 'NOT ours'}, ${caller(by, manager, top)}`,
			]),
			...(node === null ? [] : [['node of the hooks', node] as const]),
			...measured,
		]),
	];
}

function caller(by: string, manager: string | null, top: string): string {
	if (by === 'configuration') return 'by configuration';
	if (by === 'nothing') return 'no hook runs';
	const file = by.startsWith(`${top}/`) ? by.slice(top.length + 1) : by;
	return manager === null ? file : `${file}, by ${manager}`;
}
