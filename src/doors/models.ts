import {existsSync, readdirSync, readFileSync, statSync} from 'node:fs';
import {join} from 'node:path';
import type {Config} from '../config/config.ts';
import type {Repo} from '../git/repo.ts';
import {folderOf} from '../history/revision.ts';
import {type Unmigrated, unmigratedModel} from '../migrations/check-models.ts';
import {buildGraph, fullPlan} from '../migrations/graph.ts';
import {silence} from '../migrations/ignore.ts';
import type {Folder, LoadOptions, Project} from '../migrations/project.ts';
import type {Operation} from '../operations/operation.ts';
import {readOperations} from '../operations/read-operations.ts';
import {decode} from '../python/source.ts';
import {apply} from '../state/apply.ts';
import {readModels} from '../state/read-models.ts';
import {EMPTY, failed, type State} from '../state/state.ts';
import {type PlacedModel, unmigrated} from '../state/unmigrated.ts';
import {djangoSettings} from './django-settings.ts';
import {type Examined, openAt} from './examine.ts';
import type {Ground} from './ground.ts';

/** Longer files are data, not models. */
const LONGEST = 1_000_000;

/** What `check --models` finds besides: in the worktree, or in a revision. Throws UsageError when there is no such revision. */
export async function examineModels(
	repo: Repo,
	options: LoadOptions,
	{ignore}: Pick<Config, 'ignore'>,
	asked: string | undefined,
): Promise<Pick<Examined, 'findings' | 'silenced'>> {
	const {ground, revision} = await openAt(repo, options, asked);
	const project = ground.load(ground.files, djangoSettings(ground));
	const found = findUnmigrated(ground, project, revision === null);
	const {kept, silenced} = silence(found.map(unmigratedModel), ignore);
	return {findings: kept, silenced};
}

/** What is in the models of a tree and in none of its migrations, as far as both can be read without doubt. */
function findUnmigrated(ground: Ground, project: Project, isWorktree: boolean): Unmigrated[] {
	const {state, doubtful} = stateOf(ground, project);
	const modules = moduleReader(ground, isWorktree);
	return project.folders
		.filter(folder => !doubtful.has(folder.app) && /(?:^|\/)migrations$/.test(folder.path) && isOnly(folder, project))
		.flatMap(({app, path}) => unmigrated(app, classesOf(modules, folderOf(path), app), state.models));
}

function isOnly({app}: Folder, {folders}: Project): boolean {
	return folders.filter(other => other.app === app).length === 1;
}

/** What all migrations make together, and the apps of which not all is known. */
function stateOf(ground: Ground, project: Project): {state: State; doubtful: ReadonlySet<string>} {
	const doubtful = new Set(project.unreadable.map(({app}) => app));
	const plan = fullPlan(buildGraph(project)).flatMap(key => project.nodes.get(key) ?? []);
	// A cycle, or a parent that is missing, leaves no order.
	if (plan.length === 0) for (const {app} of project.folders) doubtful.add(app);
	const oidOf = (path: string) => ground.everything.get(path)!.oid;
	ground.library.fetch(plan.map(({path}) => oidOf(path)));
	let state: State = EMPTY;
	for (const {app, path} of plan) {
		for (const operation of readOperations(ground.library.source(oidOf(path)).text, app)) {
			const next = apply(state, operation);
			if (failed(next) || isOpaque(operation)) doubtful.add(app);
			if (!failed(next)) state = next;
		}
	}
	return {state, doubtful};
}

function isOpaque(operation: Operation): boolean {
	if (operation.kind === 'Opaque' || (operation.kind === 'CreateModel' && operation.unclear !== null)) return true;
	return (operation.kind === 'Separate' || operation.kind === 'Run') && operation.state.some(isOpaque);
}

/** How to read a module: from disk, where what is not staged counts, or from a tree. */
interface ModuleReader {
	text(path: string): string | null;
	names(folder: string): readonly string[];
}

function moduleReader({repo, everything, library}: Ground, isWorktree: boolean): ModuleReader {
	if (!isWorktree || repo.top === null) {
		const regular = (path: string) => (everything.get(path)?.mode.startsWith('100') ? everything.get(path)! : null);
		return {
			text: path => (regular(path) ? library.source(regular(path)!.oid).text : null),
			names: folder =>
				[...everything.keys()].filter(path => folderOf(path) === folder).map(path => path.slice(folder.length + 1)),
		};
	}
	const at = (path: string) => join(repo.top as string, path);
	return {
		text(path) {
			const stat = statSync(at(path), {throwIfNoEntry: false});
			return stat?.isFile() && stat.size < LONGEST ? decode(readFileSync(at(path))).text : null;
		},
		names: folder => (existsSync(at(folder)) && statSync(at(folder)).isDirectory() ? readdirSync(at(folder)) : []),
	};
}

/** The models of an app: of models.py, or of the modules that models/__init__.py imports from beside it. */
function classesOf({text, names}: ModuleReader, folder: string, app: string): PlacedModel[] {
	const beside = (name: string) => (folder === '' ? name : `${folder}/${name}`);
	const init = text(beside('models/__init__.py'));
	// Python takes the package where there are both.
	const imported =
		init === null ? [] : names(beside('models')).filter(name => name.endsWith('.py') && isImported(init, name.slice(0, -3)));
	const paths =
		init === null ? [beside('models.py')] : [beside('models/__init__.py'), ...imported.map(name => beside(`models/${name}`))];
	return paths.flatMap(path => readModels(text(path) ?? '', app).map(model => ({...model, path})));
}

/** `from .orders import *`, `from . import orders`, at the top level of a package. */
function isImported(init: string, module: string): boolean {
	return new RegExp(`^from \\.${module}\\s+import\\b|^from \\. import [^#\\n]*\\b${module}\\b`, 'm').test(init);
}
