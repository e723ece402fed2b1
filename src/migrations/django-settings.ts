import {readString} from '../python/literal.ts';
import {childrenOf, parsePython} from '../python/parse.ts';
import {constantOf, scopeOf} from '../python/scope.ts';

/** What the settings of a project say literally, as far as it bears on migrations. */
export interface DjangoSettings {
	/** Settings that name a swappable model: AUTH_USER_MODEL → `users.User`. */
	readonly swappable: Readonly<Record<string, string>>;
	/** MIGRATION_MODULES: label → dotted module. */
	readonly migrationModules: Readonly<Record<string, string>>;
	/** Dotted names in the files that speak of INSTALLED_APPS; null: there is no such file, or it computes some. */
	readonly installed: ReadonlySet<string> | null;
	/** FIRST_PARTY_APPS of django-linear-migrations; null: it is not set, or computed. */
	readonly firstParty: ReadonlySet<string> | null;
	/** Whether django-linear-migrations is among the apps. */
	readonly linearMigrations: boolean;
}

/** Whether a file may hold Django's settings, by its path. */
export function isSettingsFile(path: string): boolean {
	return (
		path.endsWith('.py') &&
		/settings|(?:^|\/)(?:conf|config|configuration|base|common|defaults)(?:\.py$|\/)/.test(path) &&
		!path.includes('/migrations/')
	);
}

const ASIDE = /(?:^|\/)(?:tests?|testing|docs?|project_template|sandbox|demo|examples?)(?:[/_.]|$)/;
const MODEL = /^([ \t]*)([A-Z][A-Z\d_]*_MODEL)[ \t]*(?::[^=\n]*)?=[ \t]*\(?[ \t]*(['"])([A-Za-z_]\w*\.[A-Za-z_]\w*)\3/gm;
/** More apps than the text shows. */
const COMPUTED_APPS = /\bINSTALLED_APPS\s*(?:\+=\s*[^[(\s]|\.(?:append|extend|insert)\((?!\s*['"[]|\d+,\s*['"]))/;
/** Not in a comment. */
const LINEAR_MIGRATIONS = /^[^#\n]*(['"])django_linear_migrations(?:\.[\w.]+)?\1/m;
const DOTTED = /(['"])([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\1/g;

/**
 * Read the literals of some settings files. Of several the real project's wins over that of tests and examples, then the
 * one nearer to the root; inside a file the least indented, then the first.
 */
export function readDjangoSettings(files: readonly {readonly path: string; readonly text: string}[]): DjangoSettings {
	const swappable: Record<string, string> = {};
	const migrationModules: Record<string, string> = {};
	const mentioned = new Set<string>();
	let isListed = false;
	let isComputed = false;
	let firstParty: ReadonlySet<string> | null = null;
	let linearMigrations = false;
	for (const {path, text} of [...files].sort((a, b) => compare(a.path, b.path))) {
		const models = [...text.matchAll(MODEL)].sort((a, b) => a[1]!.length - b[1]!.length);
		for (const [, , setting, , model] of models) swappable[setting!] ??= model!;
		// Tests often switch migrations off there.
		if (text.includes('MIGRATION_MODULES') && !ASIDE.test(path))
			Object.assign(migrationModules, {...readModules(text), ...migrationModules});
		if (ASIDE.test(path)) continue;
		linearMigrations ||= LINEAR_MIGRATIONS.test(text);
		if (text.includes('FIRST_PARTY_APPS')) firstParty ??= readNames(text, 'FIRST_PARTY_APPS');
		if (text.includes('INSTALLED_APPS')) {
			isListed = true;
			isComputed ||= COMPUTED_APPS.test(text);
			for (const [, , name] of text.matchAll(DOTTED)) mentioned.add(name!);
		}
	}
	return {swappable, migrationModules, installed: isListed && !isComputed ? mentioned : null, firstParty, linearMigrations};
}

function compare(a: string, b: string): number {
	return rank(a) - rank(b) || (a < b ? -1 : 1);
}

function rank(path: string): number {
	return (ASIDE.test(path) ? 200 : 0) + (path.includes('settings') ? 0 : 100) + path.split('/').length;
}

function readModules(text: string): Record<string, string> {
	const code = parsePython(text);
	const value = constantOf([scopeOf(code, code.tree.topNode)], 'MIGRATION_MODULES');
	const found: Record<string, string> = {};
	if (value?.name !== 'DictionaryExpression') return found;
	const parts = childrenOf(value);
	for (const [at, part] of parts.entries()) {
		const [label, module] = part.name === ':' ? [parts[at - 1], parts[at + 1]] : [];
		const [key, dotted] = [label && readString(code, label)?.value, module && readString(code, module)?.value];
		if (key && dotted) found[key] = dotted;
	}
	return found;
}

/** The strings of a list or tuple; null when it holds anything else. */
function readNames(text: string, name: string): ReadonlySet<string> | null {
	const code = parsePython(text);
	const value = constantOf([scopeOf(code, code.tree.topNode)], name);
	if (value?.name !== 'ArrayExpression' && value?.name !== 'TupleExpression') return null;
	const parts = childrenOf(value).filter(part => !/^[[\](),]$/.test(part.name));
	const names = parts.map(part => readString(code, part)?.value ?? null);
	return names.every(each => each !== null) ? new Set(names) : null;
}
