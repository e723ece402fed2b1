import {readString} from '../python/literal.ts';
import {type Code, parsePython, textOf} from '../python/parse.ts';
import {constantOf, type Scope, scopeOf} from '../python/scope.ts';

/** What an AppConfig says of its app, as far as it is literal. */
export interface AppConfig {
	readonly label: string | null;
	/** The last part of its dotted `name`: the label of an app without one. */
	readonly nameTail: string | null;
}

/**
 * The AppConfig that Django takes for a package, from the text of its apps.py or `__init__.py`; null when there is none.
 * apps/config.py:AppConfig.create: `default = True`, else the only one. Of several for various packages, the one whose
 * `name` ends as the package does.
 */
export function readAppConfig(text: string, packageName: string): AppConfig | null {
	if (!text.includes('Config')) {
		return null;
	}
	const code = parsePython(text);
	const module = scopeOf(code, code.tree.topNode);
	const found = [...module.values()].flat().flatMap(binding => {
		const node = binding.kind === 'class' ? binding.statement : null;
		const body = node?.getChild('Body');
		const bases = node?.getChild('ArgList');
		if (!body || !bases || !/Config\b/.test(textOf(code, bases))) {
			return [];
		}
		const scopes = [scopeOf(code, body), module];
		const label = stringOf(code, scopes, 'label');
		const nameTail = stringOf(code, scopes, 'name')?.split('.').at(-1) ?? null;
		const chosen = constantOf(scopes.slice(0, 1), 'default');
		const rank =
			(nameTail === null || nameTail === packageName ? 2 : 0) + (chosen ? (textOf(code, chosen) === 'True' ? 1 : -1) : 0);
		return label === null && nameTail === null ? [] : [{label, nameTail, rank}];
	});
	const [best] = found.sort((a, b) => b.rank - a.rank);
	return best ? {label: best.label, nameTail: best.nameTail} : null;
}

function stringOf(code: Code, scopes: readonly Scope[], attribute: string): string | null {
	const value = scopes[0]?.has(attribute) ? constantOf(scopes, attribute) : null;
	const literal = value?.name === 'VariableName' ? constantOf(scopes, textOf(code, value)) : value;
	return (literal && readString(code, literal)?.value) ?? null;
}
