import type {DjangoSettings} from './django-settings.ts';
import type {Folder, Project} from './project.ts';

const ASIDE = /(?:^|\/)(?:tests?|testing|docs?|project_template|sandbox|demo|examples?)(?:\/|$)/;
/** Where pip installs: what lies there was not written here. */
const PACKAGES = /(?:^|\/)(?:site|dist)-packages\//;

/** Whether an app is kept aside: a test's, an example's. */
export function isAside(path: string): boolean {
	return ASIDE.test(path);
}

/** Whether dotted names, as INSTALLED_APPS lists them, name an app: by its package, its end, or an AppConfig inside of it. */
export function namedAmong(dotted: ReadonlySet<string>): (folder: string, app: string) => boolean {
	// `shop.apps.ShopConfig` installs shop.
	const heads = new Set(
		[...dotted].flatMap(name => tails(name.split('.')).map(tail => name.slice(0, name.length - tail.length - 1))),
	);
	return (folder, app) => {
		const parts = folder.split('/').slice(0, -1);
		return [app, ...tails(parts), parts.join('.')].some(name => dotted.has(name) || heads.has(name));
	};
}

/**
 * The team's own apps, as django-linear-migrations finds them (apps.py:first_party_app_configs), without running the project: those of
 * its setting FIRST_PARTY_APPS, else the installed ones outside of site-packages and dist-packages. Where the settings cannot be read,
 * every folder of migrations that is not kept aside.
 */
export function firstPartyFolders(project: Project, settings: DjangoSettings | null): readonly Folder[] {
	const own = project.folders.filter(({path}) => !PACKAGES.test(path));
	if (settings?.firstParty) return namedOf(own, settings.firstParty);
	const named = settings?.installed ? namedOf(own, settings.installed) : [];
	// When none is named, the settings are made in a way that cannot be read.
	return named.length > 0 ? named : own.filter(({path}) => !isAside(path));
}

function namedOf(folders: readonly Folder[], dotted: ReadonlySet<string>): readonly Folder[] {
	const isNamed = namedAmong(dotted);
	return folders.filter(({path, app}) => isNamed(path, app));
}

/** The ends of a dotted name: a.b.c → b.c, c. */
function tails(parts: readonly string[]): string[] {
	return parts.slice(1).map((_, at) => parts.slice(at + 1).join('.'));
}
