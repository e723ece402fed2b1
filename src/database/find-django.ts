import {existsSync, readFileSync} from 'node:fs';
import {dirname, join, relative, sep} from 'node:path';
import type {Repo} from '../git/repo.ts';
import {fields, git} from '../git/run.ts';
import type {Refusal} from '../refusal.ts';
import {type Asked, askDjango, type DjangoCommand, type Look} from './ask.ts';
import {startProgram} from './run.ts';
import {wordsOf} from './words.ts';

/** What the command line says of it. */
export interface FindOptions {
	/** The directory the user stands in. */
	readonly cwd: string;
	readonly env: Readonly<Record<string, string | undefined>>;
	/** `--command`: everything before the subcommand, `docker compose exec -T web python manage.py`. */
	readonly command: string | null;
}

export type Found =
	| {readonly ok: true; readonly command: DjangoCommand; readonly look: Look}
	| {readonly ok: false; readonly refusal: Refusal};

type Worktree = Repo & {readonly top: string};

const KEY = 'migration-guard.dbCommand';
const HINT = `git config ${KEY} "COMMAND THAT STARTS manage.py"`;

/**
 * Find the project's own Django and ask it for its databases: the command of the command line, that of git's configuration, or the
 * manage.py of this worktree with the first Python that has a Django.
 */
export function findDjango(repo: Worktree, options: FindOptions): Found {
	const said = options.command === null ? configured(repo) : {line: options.command, from: '--command'};
	if (said) {
		const argv = wordsOf(said.line);
		if (argv === null || argv.length === 0)
			return cannot(`${said.from} is no command: ${said.line}`, [], 'a quote is not closed', HINT);
		const command = {argv, cwd: repo.top, env: options.env, found: said.from};
		return settle([command], () => command);
	}
	const manage = findManage(repo, options.cwd);
	if (typeof manage !== 'string') return {ok: false, refusal: manage};
	return settle(candidates(repo, manage, options.env), () => null);
}

/** Ask one after the other; the first that has a Django is it, even if its answer is an error. */
function settle(commands: Iterable<DjangoCommand>, only: () => DjangoCommand | null): Found {
	const tried: string[] = [];
	for (const command of commands) {
		const asked: Asked<Look> = askDjango(command, {action: 'look'});
		if (asked.ok) return {ok: true, command, look: asked.answer};
		tried.push(`${command.argv.join(' ')}: ${asked.why.replaceAll('\n', '\n    ')}`);
		const hasNoDjango = asked.missing || (asked.silent && NO_DJANGO.test(asked.why));
		if (!hasNoDjango && only() === null) break;
	}
	return cannot("the project's Django does not answer", tried, 'the database can only be asked through it', HINT);
}

/** What Python, manage.py and the managers say where there is no Django: the next one may have it. */
const NO_DJANGO =
	/No module named '?django\b|Couldn't import Django|can't open file|not found|no such service|is not running|No such file/i;

function cannot(what: string, paths: readonly string[], why: string, next: string): {ok: false; refusal: Refusal} {
	return {ok: false, refusal: {code: 'no-django', what, nodes: [], paths, why, next}};
}

/**
 * The command of git's configuration. What a file of the worktree says (by way of `include.path`) does not count: a branch could say it.
 */
function configured(repo: Worktree): {line: string; from: string} | null {
	const shown = fields(git(repo, ['config', '--show-origin', '-z', '--get-all', KEY], {ok: [0, 1]}));
	const values: {line: string; from: string}[] = [];
	for (let at = 0; at + 1 < shown.length; at += 2) {
		const file = shown[at]!.replace(/^file:/, '');
		const inside = relative(repo.top, join(repo.top, file));
		const path = file.startsWith('/') || /^[a-z]:/i.test(file) ? relative(repo.top, file) : inside;
		const isOurs = !path.startsWith(`..${sep}`) && !/^\.git(?:[\\/]|$)/.test(path) && !/^(?:[a-z]:|\/)/i.test(path);
		if (!isOurs) values.push({line: shown[at + 1]!, from: `git's ${KEY}`});
	}
	return values.at(-1) ?? null;
}

/** The manage.py around the user, else the one nearest to the top. */
function findManage(repo: Worktree, cwd: string): string | Refusal {
	for (let folder = cwd; ; folder = dirname(folder)) {
		if (existsSync(join(folder, 'manage.py'))) return join(folder, 'manage.py');
		if (folder === repo.top || folder === dirname(folder)) break;
	}
	const listed = fields(
		git(repo, ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--', 'manage.py', '**/manage.py']),
	);
	const depth = (path: string) => path.split('/').length;
	const there = [...new Set(listed)]
		.filter(path => existsSync(join(repo.top, path)))
		.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
	const nearest = there.filter(path => depth(path) === depth(there[0]!));
	if (nearest.length === 1) return join(repo.top, nearest[0]!);
	const what = nearest.length === 0 ? 'there is no manage.py in this worktree' : 'there are several manage.py in this worktree';
	return cannot(what, nearest, 'the database can only be asked through the one of the project', HINT).refusal;
}

/** Ways to start manage.py here, likeliest first; the later ones are made only when they are asked for. */
function* candidates(repo: Worktree, manage: string, env: FindOptions['env']): Generator<DjangoCommand> {
	const folder = dirname(manage);
	const make = (found: string, ...argv: string[]): DjangoCommand => ({argv: [...argv, 'manage.py'], cwd: folder, env, found});
	const python = process.platform === 'win32' ? join('Scripts', 'python.exe') : join('bin', 'python');
	const places = [...new Set([folder, repo.top])];
	const has = (...names: string[]) => places.some(place => names.some(name => existsSync(join(place, name))));
	if (env.VIRTUAL_ENV) yield make('VIRTUAL_ENV', join(env.VIRTUAL_ENV, python));
	for (const name of ['.venv', 'venv', 'env', '.env']) {
		for (const place of places) if (existsSync(join(place, name, python))) yield make(name, join(place, name, python));
	}
	if (has('uv.lock')) yield make('uv.lock', 'uv', 'run', '--no-sync', 'python');
	if (has('poetry.lock')) yield make('poetry.lock', 'poetry', 'run', 'python');
	if (has('Pipfile')) yield make('Pipfile', 'pipenv', 'run', 'python');
	yield* inCompose(repo, places, env);
	for (const name of ['python3', 'python']) yield make(name, name);
}

const COMPOSE = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
const WEB = /^(?:web|django|app|api|backend|server)$/;

/** The running services of a compose file, those that are called like a web application first. */
function* inCompose(repo: Worktree, places: readonly string[], env: FindOptions['env']): Generator<DjangoCommand> {
	const place = [...places, repo.top].find(each => COMPOSE.some(name => existsSync(join(each, name))));
	if (place === undefined) return;
	const listed = startProgram(['docker', 'compose', 'ps', '--services', '--status', 'running'], {cwd: place, env});
	if (listed.code !== 0) return;
	const services = listed.stdout.split(/\r?\n/).filter(Boolean);
	const ordered = [...services.filter(name => WEB.test(name)), ...services.filter(name => !WEB.test(name))];
	for (const service of ordered) {
		const argv = ['docker', 'compose', 'exec', '-T', service, 'python', 'manage.py'];
		yield {argv, cwd: place, env, found: `the compose service ${service}`};
	}
}

/** The names of the services in this worktree's compose file, which are the hosts that its containers know. Nothing is run for that. */
export function composeServices(top: string, folder: string): readonly string[] {
	const file = [folder, top].flatMap(place => COMPOSE.map(name => join(place, name))).find(each => existsSync(each));
	if (file === undefined) return [];
	const [, below = ''] = /^services:[^\n]*\n((?:[ \t#\r][^\n]*\n|\n)*)/m.exec(`${readFileSync(file, 'utf8')}\n`) ?? [];
	const [indent = ''] = /^[ \t]+(?=[^\s#])/m.exec(below) ?? [];
	return [...below.matchAll(/^([ \t]+)["']?([\w.-]+)["']?:/gm)].flatMap(([, own, name]) => (own === indent ? [name!] : []));
}
