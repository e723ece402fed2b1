/*
 * Builds dist/: every run-time dependency is bundled, so that the copy which `install` puts into the git directory
 * needs no node_modules. Plain JavaScript, because it runs before anything else does.
 */
import {createHash} from 'node:crypto';
import {chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, realpathSync, renameSync, rmSync} from 'node:fs';
import path from 'node:path';
import {fileURLToPath} from 'node:url';
import {build as bundle} from 'esbuild';

const root = path.join(import.meta.dirname, '..');

/** Chunks that are loaded on demand: an import of the source file becomes a require of the built one. */
const LAZY = {
	'src/config/load.ts': './config.cjs',
	'src/doors/examine.ts': './examine.cjs',
	'src/commands/check-against.ts': './against.cjs',
	'src/doors/models.ts': './models.cjs',
	'src/doors/order.ts': './order.cjs',
	'src/watch/chunk.ts': './watch.cjs',
};

/** Modules that take milliseconds to load and are needed by few runs: loaded when the first of their exports is asked for. */
const ON_DEMAND = ['@lezer/python', 'node:crypto', 'node:zlib'];

/**
 * Build the program into a folder, and say which files each of the built ones was made from. Each file is replaced whole, so that one who is using the folder meanwhile finds it there.
 * @param {string} target
 */
export async function build(target) {
	const folder = `${target}.new-${process.pid}`;
	try {
		const madeFrom = await buildInto(folder);
		replaceFiles(folder, target);
		return madeFrom;
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

async function buildInto(/** @type {string} */ folder) {
	const {version} = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
	mkdirSync(folder, {recursive: true});
	const common = {
		absWorkingDir: root,
		bundle: true,
		platform: 'node',
		format: 'cjs',
		target: 'node20',
		// A chunk is loaded with require(): through import() Node looks for its exports first, which costs more than to load it.
		supported: {'dynamic-import': false},
		minify: true,
		logLevel: 'warning',
		// cosmiconfig would load a TypeScript configuration with it; ours is data only.
		external: ['typescript'],
		define: {
			MIGRATION_GUARD_VERSION: JSON.stringify(version),
			MIGRATION_GUARD_BUILD: JSON.stringify(sourceHash()),
			'import.meta.dirname': '__dirname',
		},
		legalComments: 'none',
		plugins: [lazyChunks, onDemand],
		metafile: true,
	};
	const results = await Promise.all([
		bundle({
			...common,
			target: 'es2015',
			external: ['./hook.cjs', './push.cjs', './check.cjs', './main.cjs'],
			entryPoints: {cli: 'src/entry/cli.ts'},
			outdir: folder,
			outExtension,
		}),
		bundle({...common, entryPoints: {hook: 'src/entry/hook.ts'}, outdir: folder, outExtension}),
		bundle({...common, entryPoints: {check: 'src/entry/check.ts'}, outdir: folder, outExtension}),
		bundle({...common, entryPoints: {push: 'src/entry/push.ts'}, outdir: folder, outExtension}),
		bundle({...common, entryPoints: {main: 'src/entry/main.ts'}, outdir: folder, outExtension}),
		bundle({...common, entryPoints: {action: 'src/entry/action.ts'}, outdir: folder, outExtension}),
		...Object.entries(LAZY).map(([file, chunk]) =>
			bundle({...common, entryPoints: {[path.basename(chunk, '.cjs')]: file}, outdir: folder, outExtension}),
		),
	]);
	for (const name of readdirSync(path.join(root, 'hooks'))) {
		copyFileSync(path.join(root, 'hooks', name), path.join(folder, name));
	}
	chmodSync(path.join(folder, 'cli.cjs'), 0o755);
	const outputs = results.flatMap(({metafile}) => Object.entries(metafile.outputs));
	return Object.fromEntries(outputs.map(([file, {inputs}]) => [path.basename(file), Object.keys(inputs)]));
}

/** Says which sources a program was built from. */
function sourceHash() {
	const hash = createHash('sha256').update(readFileSync(path.join(root, 'package-lock.json')));
	const files = readdirSync(path.join(root, 'src'), {recursive: true, encoding: 'utf8'}).filter(file => file.endsWith('.ts'));
	for (const file of files.sort()) hash.update(file).update(readFileSync(path.join(root, 'src', file)));
	return hash.digest('hex').slice(0, 16);
}

function replaceFiles(/** @type {string} */ folder, /** @type {string} */ target) {
	mkdirSync(target, {recursive: true});
	const names = readdirSync(folder);
	for (const name of names) renameSync(path.join(folder, name), path.join(target, name));
	for (const name of readdirSync(target).filter(old => !names.includes(old))) rmSync(path.join(target, name), {recursive: true});
}

const outExtension = {'.js': '.cjs'};

const lazyChunks = {
	name: 'lazy chunks',
	setup(/** @type {import('esbuild').PluginBuild} */ {onResolve}) {
		onResolve({filter: /\.ts$/}, ({path: specifier, kind, resolveDir}) => {
			const file = path.relative(root, path.resolve(resolveDir, specifier)).split(path.sep).join('/');
			return kind === 'dynamic-import' && Object.hasOwn(LAZY, file) ? {path: LAZY[file], external: true} : undefined;
		});
	},
};

const onDemand = {
	name: 'on demand',
	setup(/** @type {import('esbuild').PluginBuild} */ {onResolve, onLoad}) {
		const filter = new RegExp(`^(?:${ON_DEMAND.join('|')})$`);
		onResolve({filter}, ({path: name, namespace}) => (namespace === 'file' ? {path: name, namespace: 'on-demand'} : undefined));
		onLoad({filter, namespace: 'on-demand'}, async ({path: name}) => {
			const exported = Object.keys(await import(name)).filter(key => key !== 'default');
			const getters = exported.map(key => `get ${key}() { return require(${JSON.stringify(name)}).${key}; }`);
			return {contents: `module.exports = {${getters.join(', ')}};`, resolveDir: root};
		});
	},
};

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
	await build(path.join(root, 'dist'));
}
