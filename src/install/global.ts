import {existsSync} from 'node:fs';
import path from 'node:path';
import {type GitPlace, git, text} from '../git/run.ts';
import {type Change, readText} from './changes.ts';
import {configText, withInclude, withoutInclude} from './git-config.ts';
import {withAttributes} from './install.ts';
import {fillTemplate, globalDriverCommand, globalHookCommand} from './launchers.ts';
import {EVENTS, type Layout, layoutIn} from './layout.ts';
import {removeBlock} from './marked-block.ts';
import {pathspecs} from './patterns.ts';
import {type Installed, readRecord} from './record.ts';

/** What an installation for a whole machine depends on, beside its places. */
export interface GlobalWish {
	readonly layout: Layout;
	readonly program: string;
	readonly version: string;
	readonly node: string;
}

/**
 * The places of an installation for all repositories of a user: our folder beside git's own in the configuration directory, one
 * line in ~/.gitconfig, and attributes in the file that git reads for this user.
 * @param env HOME, XDG_CONFIG_HOME and GIT_CONFIG_GLOBAL, as git reads them
 */
export function globalLayout(place: GitPlace, env: Readonly<Record<string, string | undefined>>): Layout {
	const home = env.HOME || env.USERPROFILE || '';
	const configHome = env.XDG_CONFIG_HOME || path.join(home, '.config');
	const attributes = text(git(place, ['config', '--global', '--includes', '--type=path', 'core.attributesFile'], {ok: [0, 1]}));
	return {
		...layoutIn(path.join(configHome, 'migration-guard')),
		common: configHome,
		gitConfig: globalConfig(env.GIT_CONFIG_GLOBAL, home, configHome),
		attributes: attributes === '' ? path.join(configHome, 'git', 'attributes') : path.resolve(home, attributes),
	};
}

/** The changes that set migration-guard up for every repository, in an order that leaves a working git after each of them. */
export function globalInstallChanges({layout, program, version, node: installer}: GlobalWish): Change[] {
	const [home, node] = [layout.home, installer].map(file => file.split(path.sep).join('/')) as [string, string];
	const script = (name: string) =>
		fillTemplate(readText(path.join(program, name), 'utf8') ?? '', {node, paths: pathspecs([]), home});
	const created = readRecord(layout)?.created ?? missing(layout);
	const record: Installed = {version: 1, program: version, node, folders: [], created};
	const hooks = EVENTS.map(event => [`hook.migration-guard-global-${event}`, {event, command: globalHookCommand(event, home)}]);
	const settings = {
		'merge.migration-guard': {
			name: 'Django migrations (migration-guard)',
			driver: globalDriverCommand(home),
			recursive: 'binary',
		},
		...Object.fromEntries(hooks),
	};
	return [
		{kind: 'write', path: layout.record, text: `${JSON.stringify(record, null, '\t')}\n`},
		{kind: 'copy', path: program, to: layout.program},
		{kind: 'write', path: layout.hook, text: script('hook.sh')},
		{kind: 'write', path: layout.driver, text: script('merge-driver.sh')},
		{kind: 'write', path: layout.config, text: configText(settings)},
		{kind: 'write', path: layout.attributes, text: withAttributes(readText(layout.attributes) ?? '', []), encoding: 'latin1'},
		{
			kind: 'write',
			path: layout.gitConfig,
			text: withInclude(readText(layout.gitConfig) ?? '', included(layout)),
			encoding: 'latin1',
		},
	];
}

/** The changes that take it away again; files that were not there before go, too. */
export function globalUninstallChanges(layout: Layout): Change[] {
	const created = readRecord(layout)?.created ?? [];
	const restored = (file: string, rest: string): Change =>
		rest === '' && created.includes(file)
			? {kind: 'remove', path: file}
			: {kind: 'write', path: file, text: rest, encoding: 'latin1'};
	const config = readText(layout.gitConfig);
	const attributes = readText(layout.attributes);
	return [
		...(config === null ? [] : [restored(layout.gitConfig, withoutInclude(config, included(layout)))]),
		...(attributes === null ? [] : [restored(layout.attributes, removeBlock(attributes))]),
		{kind: 'remove', path: layout.home},
		...[path.dirname(layout.attributes), layout.common]
			.filter(folder => created.includes(folder))
			.map((folder): Change => ({kind: 'remove-if-empty', path: folder})),
	];
}

// git-config(1): --global writes to ~/.config/git/config only where that is and ~/.gitconfig is not.
function globalConfig(named: string | undefined, home: string, configHome: string): string {
	if (named) return named;
	const [usual, other] = [path.join(home, '.gitconfig'), path.join(configHome, 'git', 'config')] as const;
	return !existsSync(usual) && existsSync(other) ? other : usual;
}

// The user's bytes are held as latin1, so ours have to be.
function included({config}: Layout): string {
	return Buffer.from(config.split(path.sep).join('/'), 'utf8').toString('latin1');
}

function missing(layout: Layout): string[] {
	const places = [layout.gitConfig, layout.attributes, path.dirname(layout.attributes), layout.common];
	return places.filter(file => !existsSync(file));
}
