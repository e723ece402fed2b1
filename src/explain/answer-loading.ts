import {nameOf} from '../migrations/key.ts';
import {type Draft, run} from './answer.ts';
import type {Diagnosis} from './diagnosis.ts';
import type {Facts} from './facts.ts';
import {pathOf} from './look-up.ts';

type Of<K extends Diagnosis['kind']> = Extract<Diagnosis, {kind: K}>;

/** BadMigrationError: every module in a migrations folder has to be a migration, unless its name begins with `_` or `~`. */
export function explainBadMigration({node}: Of<'no-migration-class'>, facts: Facts): Draft {
	const path = pathOf(facts, node);
	const file = facts.project.unreadable.find(other => other.path === path);
	const move = path === null ? null : `${path.slice(0, path.lastIndexOf('/') + 1)}_${nameOf(node)}.py`;
	const tracked = path !== null && facts.isTracked(path);
	return {
		title: `${path ?? node} has no class Migration, and Django takes every module of a migrations folder for a migration`,
		cause: [
			file
				? `${file.path}:${file.reading.line}: ${file.reading.why}.`
				: `This tree has no such file${path ? '' : ', nor the app'}.`,
		],
		here: file !== undefined,
		nodes: [node],
		places: file ? [{path: file.path, line: file.reading.line}] : [],
		ways:
			path === null || move === null
				? []
				: [
						{
							when: 'when it is a helper: a name that begins with _ is passed over',
							steps: [
								run(`${tracked ? 'git mv' : 'mv'} ${path} ${move}`, 'and change the imports of it'),
								run(`${facts.manage} migrate --plan`, 'Django loads the migrations again'),
							],
						},
						{when: 'when it was to become a migration', steps: [run(`git log -p -- ${path}`, 'shows what it was')]},
					],
	};
}

/** A SyntaxError: mostly conflict markers that were committed. */
export function explainUnreadable({path, line, error}: Of<'unreadable-file'>, facts: Facts): Draft {
	const file = facts.project.unreadable.find(other => path === other.path || path.endsWith(`/${other.path}`));
	const markers = file?.reading.unreadable === 'conflict-markers';
	const carried = file?.reading.unreadable === 'carry';
	return {
		title: `Python cannot read ${file?.path ?? path}, so that Django loads no migration at all`,
		cause: [
			file
				? `${file.path}:${file.reading.line}: ${file.reading.why}.`
				: `${path}:${line}: ${error}. This tree has no such file, or reads it without complaint.`,
		],
		here: file !== undefined,
		places: file ? [{path: file.path, line: file.reading.line}] : [],
		ways: [
			{
				when: 'as a rule',
				steps: [
					...(markers || carried
						? [run('migration-guard fix', 'when both sides are migrations of their own: each gets its file back')]
						: []),
					run('migration-guard check', 'says which files still cannot be read'),
					run(`${facts.manage} migrate --plan`, 'Django loads the migrations again'),
				],
			},
		],
	};
}
