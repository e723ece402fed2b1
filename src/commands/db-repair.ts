import {repairGoingBack} from '../database/back.ts';
import {isCalled, whyNotDevelopment} from '../database/development.ts';
import {composeServices, type Found} from '../database/find-django.ts';
import {finish, type Repaired, repairKeeping, type Workshop} from '../database/repair.ts';
import {openedRepair} from '../database/repair-journal.ts';
import {type Choice, chooseBack, chooseKeep, type Sequence} from '../database/sequence.ts';
import type {Survey, Surveyed} from '../database/survey.ts';
import type {WorktreeGround} from '../doors/worktree.ts';
import {EXIT} from '../errors.ts';
import type {Repo} from '../git/repo.ts';
import type {Project} from '../migrations/project.ts';
import type {Refusal} from '../refusal.ts';
import {sequenceText} from '../report/database.ts';
import {refusalText} from '../report/refusal.ts';
import type {Context} from './command.ts';

/** Everything a repair has to know. */
export interface Patient {
	readonly repo: Repo & {readonly top: string};
	readonly ground: WorktreeGround;
	readonly project: Project;
	readonly found: Extract<Found, {ok: true}>;
	readonly survey: Survey;
}

/** `db repair`: choose, show, ask, do, look. One database after the other. */
export async function repair(context: Context, patient: Patient): Promise<number> {
	const {repo, found, survey} = patient;
	const workshop: Workshop = {repo, command: found.command, say: line => context.err(`  ${line.trim()}\n`)};
	const unfinished = openedRepair(repo);
	let code: number = EXIT.ok;
	for (const surveyed of survey.databases) {
		const {alias} = surveyed.database;
		const isUnfinished = unfinished?.alias === alias;
		if (surveyed.state === 'current' && !isUnfinished) {
			context.out(`${alias}: nothing to repair\n`);
			continue;
		}
		const choice = surveyed.state === 'current' ? null : chosen(context, patient, surveyed);
		const refusal = choice?.refusal ?? whyNotTouched(context, patient, surveyed);
		if (refusal) {
			context.err(refusalText(refusal));
			code = EXIT.problems;
			continue;
		}
		const sequence = choice?.sequence ?? null;
		context.out(
			`${(sequence ? sequenceText(sequence) : [`${alias}: a repair was interrupted; what is left is: migrate`]).join('\n')}\n`,
		);
		if (context.values['dry-run']) {
			context.out('Nothing was changed (--dry-run).\n');
			continue;
		}
		if (!(await isWanted(context))) {
			code = EXIT.problems;
			continue;
		}
		const {value: repaired, interrupted} = await withoutInterruption(() => perform(workshop, surveyed, sequence, survey));
		report(context, alias, repaired);
		if (interrupted) return EXIT.interrupted;
		if (!repaired.ok) code = EXIT.problems;
	}
	return code;
}

function chosen({values}: Context, {ground, project, survey}: Patient, surveyed: Surveyed): Choice {
	return values.back ? chooseBack(ground, surveyed, survey.origins) : chooseKeep(ground, project, surveyed);
}

function perform(workshop: Workshop, {database, check}: Surveyed, sequence: Sequence | null, {origins}: Survey): Repaired {
	if (sequence === null || check === null) return finish(workshop, database.alias, check?.complaints ?? [], null);
	if (sequence.kind === 'back') return repairGoingBack(workshop, database, sequence, check);
	return repairKeeping(
		workshop,
		database,
		sequence,
		check,
		origins.map(({commit}) => commit),
	);
}

/** A database that is not for development is left alone unless it is named. */
function whyNotTouched({values}: Context, {repo, found: {command, look}}: Patient, {database}: Surveyed): Refusal | null {
	const why = whyNotDevelopment(database, {top: repo.top, command, look, services: composeServices(repo.top, command.cwd)});
	const named = values['not-development'];
	if (why === null || (typeof named === 'string' && isCalled(database, named))) return null;
	return {
		code: 'not-development',
		what: `${database.alias} is perhaps no database for development, and was left alone`,
		nodes: [],
		paths: [database.file ?? database.name],
		why,
		next: `migration-guard db repair --not-development ${database.name}`,
	};
}

async function isWanted(context: Context): Promise<boolean> {
	if (context.values.yes) return true;
	const answer = await context.confirm('Do it?');
	if (answer === null)
		context.err('migration-guard: nobody can be asked here; nothing was changed\n  next: migration-guard db repair --yes\n');
	return answer === true;
}

/** A signal waits until the checkout is back and the journal says where we are; what runs below us has got it, too. */
async function withoutInterruption<T>(body: () => T): Promise<{readonly value: T; readonly interrupted: boolean}> {
	let interrupted = false;
	const hold = () => {
		interrupted = true;
	};
	const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
	for (const signal of signals) process.on(signal, hold);
	try {
		const value = body();
		// Node hands signals over only between two turns.
		await new Promise(resolve => setImmediate(resolve));
		return {value, interrupted};
	} finally {
		for (const signal of signals) process.off(signal, hold);
	}
}

function report(context: Context, alias: string, repaired: Repaired): void {
	const copy = repaired.backup === null ? '' : ` A copy of it as it was: ${repaired.backup}`;
	if (repaired.ok) context.out(`${alias}: repaired.${copy}\n`);
	else
		context.err(
			`migration-guard: ${alias}: ${repaired.what}\n  why: ${repaired.why}\n  next: ${repaired.next}\n${copy === '' ? '' : ` ${copy}\n`}`,
		);
}
