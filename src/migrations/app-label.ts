import {type AppConfig, readAppConfig} from './app-config.ts';

/** What a repository says about the label of the app that a migrations folder belongs to. */
export interface LabelEvidence {
	/** From our own configuration. */
	readonly configured?: string | undefined;
	/** The key of Django's setting MIGRATION_MODULES that names the folder. */
	readonly migrationModules?: string | undefined;
	/** apps.py and `__init__.py` of the package. */
	readonly appConfigs: readonly {readonly path: string; readonly text: string}[];
	/** The names of the migrations in the folder. */
	readonly names: readonly string[];
	/** What these migrations refer to in `dependencies` and `replaces`. */
	readonly references: readonly (readonly [app: string, name: string])[];
	/** The folder with the migrations. */
	readonly folder: string;
}

/** The source of a label that was found in the references of the migrations themselves. */
export const OWN_REFERENCES = "the migrations' own references";

/** The package that a migrations folder belongs to: the part of the path above it. */
export function packageOf(folder: string): string {
	return folder.split('/').at(-2) ?? folder;
}

export interface AppLabel {
	readonly label: string;
	/** Where it was found, in words. */
	readonly source: string;
}

/**
 * The app label of a migrations folder, without running the project. Django takes AppConfig.label, else the last part of
 * AppConfig.name (apps/config.py:AppConfig.__init__). An app may be configured outside its package, so what its
 * migrations call themselves in their dependencies goes before the name, and, where they are of one mind, before the label.
 */
export function appLabel(evidence: LabelEvidence): AppLabel {
	if (evidence.configured) {
		return {label: evidence.configured, source: 'configuration'};
	}
	if (evidence.migrationModules) {
		return {label: evidence.migrationModules, source: 'MIGRATION_MODULES'};
	}
	const packageName = packageOf(evidence.folder);
	const configs: (AppConfig & {path: string})[] = [];
	for (const {path, text} of evidence.appConfigs) {
		const config = readAppConfig(text, packageName);
		if (config) {
			configs.push({...config, path});
		}
	}
	const labelled = configs.find(config => config.label !== null);
	if (labelled?.label && !isDisowned(labelled.label, evidence)) {
		return {label: labelled.label, source: `the label in ${labelled.path}`};
	}
	const named = configs.find(config => config.nameTail !== null);
	const own = selfReference(evidence, [packageName, named?.nameTail ?? '']);
	if (own) {
		return {label: own, source: OWN_REFERENCES};
	}
	return named?.nameTail
		? {label: named.nameTail, source: `the name in ${named.path}`}
		: {label: packageName, source: 'the name of the folder'};
}

/**
 * Whether the migrations call each other by one other label and never by this one. Then the AppConfig is not the one in use (before Django
 * 3.2 a project could list the package, and its apps.py counted for nothing): with this label Django would find none of their parents.
 */
function isDisowned(label: string, {names, references}: LabelEvidence): boolean {
	const known = new Set(names);
	const own = references.filter(([, name]) => known.has(name));
	const apps = new Set(own.map(([app]) => app));
	const mentioned = new Set(own.map(([, name]) => name));
	return apps.size === 1 && !apps.has(label) && 2 * mentioned.size >= names.length;
}

/**
 * The label under which the migrations mention each other: the one that leads to the most of the folder's files. Other
 * apps have a `0001_initial` too, so the number of mentions says little; on a tie the likelier label wins.
 */
function selfReference({names, references}: LabelEvidence, likely: readonly string[]): string | null {
	const known = new Set(names);
	const mentioned = new Map<string, Set<string>>();
	for (const [app, name] of references) {
		if (known.has(name)) {
			mentioned.set(app, (mentioned.get(app) ?? new Set()).add(name));
		}
	}
	const rank = (app: string): number => (mentioned.get(app)?.size ?? 0) + (likely.includes(app) ? 0.5 : 0);
	const [best] = [...mentioned.keys()].sort().sort((a, b) => rank(b) - rank(a));
	return best ?? null;
}
