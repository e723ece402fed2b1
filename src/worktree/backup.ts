import type {Repo} from '../git/repo.ts';
import {git, text} from '../git/run.ts';
import {entryIds, type JournalEntry, readEntry, removeEntry} from './journal.ts';
import {withLock} from './lock.ts';
import {type Refused, refRefusal} from './refusals.ts';

const prefix = 'refs/migration-guard/backup/';

/**
 * Keep what is about to be replaced under `refs/migration-guard/backup/<id>`, the tip before the command under `<id>.start`, a stash
 * under `<id>.stash`. The same process checks first that HEAD and the other refs stand where they should and can be locked: a moved branch
 * or a foreign lock is found before anything changes.
 */
export function keepBackup(repo: Repo, entry: JournalEntry, commit = entry.old): Refused | null {
	const stash = entry.side.find(state => state.kind === 'autostash' || state.kind === 'stash');
	const kept = Object.entries({'': commit, '.start': entry.start, '.stash': stash?.old ?? null});
	// A transaction of its own, that is given up: committed, a `verify` leaves a line in the log of HEAD that ends nowhere, and HEAD@{1} is lost.
	const checks = [
		...(entry.scope === 'commit' ? [`verify HEAD ${entry.old}`] : []),
		...entry.refs.map(move => `verify ${move.ref} ${move.old}`),
	];
	const lines = [
		...(checks.length > 0 ? ['start', ...checks, 'prepare', 'abort'] : []),
		'start',
		...kept.flatMap(([suffix, oid]) => (oid ? [`create ${prefix}${entry.id}${suffix} ${oid}`] : [])),
		'prepare',
		'commit',
		'',
	];
	const {code, stderr} = git(repo, ['update-ref', '--stdin'], {input: lines.join('\n'), ok: [0, 1, 128]});
	return code === 0 ? null : refRefusal(entry.kind, stderr);
}

/** Let the backup of an entry go, of which nothing was done. */
export function dropBackup(repo: Repo, entry: JournalEntry): void {
	dropRefs(
		repo,
		backupRefs(repo).filter(ref => idOf(ref) === entry.id),
	);
}

/**
 * Let backups and journal entries older than some days go; the number of entries that went. Costs one look into the journal's folder
 * when there are none. `now` in milliseconds since 1970.
 */
export function pruneBackups(repo: Repo, days: number, now: number): number {
	const limit = now - days * 24 * 60 * 60 * 1000;
	const old = (id: string): boolean => timeOf(id) < limit && readEntry(repo, id)?.state !== 'open';
	if (!entryIds(repo).some(old)) {
		return 0;
	}

	return withLock(
		repo,
		() => 0,
		() => {
			const ids = entryIds(repo).filter(old);
			// By their names, so that refs whose entry was never written (a kill between the two) go as well.
			dropRefs(
				repo,
				backupRefs(repo).filter(ref => old(idOf(ref))),
			);
			for (const id of ids) {
				removeEntry(repo, id);
			}

			return ids.length;
		},
		{wait: 0},
	);
}

function backupRefs(repo: Repo): string[] {
	return text(git(repo, ['for-each-ref', '--format=%(refname)', prefix]))
		.split(/\r?\n/)
		.filter(Boolean);
}

function dropRefs(repo: Repo, refs: readonly string[]): void {
	if (refs.length > 0) {
		git(repo, ['update-ref', '--stdin'], {input: refs.map(ref => `delete ${ref}\n`).join(''), ok: [0, 1, 128]});
	}
}

function idOf(ref: string): string {
	return ref.slice(prefix.length).replace(/\.(?:start|stash)$/, '');
}

/** The time in an id; a name that is not ours is as young as can be. */
function timeOf(id: string): number {
	const [, year, month, day, hour, minute, second, milli] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z/.exec(id) ?? [];
	return year ? Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`) : Number.POSITIVE_INFINITY;
}
