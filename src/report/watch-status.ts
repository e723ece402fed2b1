import type {Status} from '../watch/status.ts';
import {count, oneLine} from './words.ts';

/** `daemon status` for people. `pid` null: none runs. */
export function statusText(pid: number | null, status: Status | null): string {
	if (pid === null) return 'No daemon runs here. Start one with: migration-guard daemon start\n';
	if (status === null) return `Process ${pid} has begun to watch.\n`;
	const {mode, folders, worktrees, concerns, troubles, started} = status;
	const how = mode === 'polling' ? 'looks around every few seconds' : `watches ${count(folders, 'folder')}`;
	const places = worktrees.map(({path, branch, operation, migrations, findings, error}) => {
		const errors = findings.filter(({severity}) => severity === 'error').length;
		const state = error ?? (errors > 0 ? count(errors, 'problem') : 'linear');
		return `  ${path} (${branch ?? 'detached'}): ${count(migrations, 'migration')}, ${state}${operation ? `, ${operation} in progress` : ''}`;
	});
	const standing = concerns.map(concern => `  ${String(concern.headline)}\n    next: ${String(concern.next)}`);
	return [
		`Process ${pid} ${how} since ${started}.`,
		...places,
		...troubles.map(({what, next}) => `  ${what}\n    next: ${next}`),
		...(standing.length > 0 ? [`${count(standing.length, 'thing')} to know:`, ...standing] : ['Nothing to know.']),
	]
		.flatMap(text => text.split('\n'))
		.map(line => `${oneLine(line)}\n`)
		.join('');
}
