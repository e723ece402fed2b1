/*
 * Compares what the program says of real repositories with what real Django says:
 *
 *     npx tsx scripts/parity.ts --oracle 'PYTHON ORACLE.py' REPOSITORY…
 *
 * A repository is a git directory or a checkout; its HEAD is looked at. The oracle is any program that takes a directory of
 * Python files, loads their migrations with Django and prints JSON: apps {label: {dir, leaf_nodes, root_nodes}}, conflicts
 * {label: [name]}, node_errors, cycle_errors, replace_errors, value_errors, bad_modules, import_failures (lists) and plan
 * [[app, name]]. Prints a table, then every difference by name; exit code 1 when there is one.
 */
import {execFileSync, spawnSync} from 'node:child_process';
import {mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {parseArgs} from 'node:util';

interface Oracle {
	readonly apps: Readonly<Record<string, {readonly dir: string; readonly leaf_nodes: string[]; readonly root_nodes: string[]}>>;
	readonly conflicts: Readonly<Record<string, string[]>>;
	readonly plan: readonly (readonly [string, string])[];
	readonly node_errors: readonly unknown[];
	readonly cycle_errors: readonly unknown[];
	readonly replace_errors: readonly unknown[];
	readonly value_errors: readonly unknown[];
	readonly bad_modules: readonly unknown[];
	readonly import_failures: readonly unknown[];
}

interface Row {
	readonly name: string;
	readonly apps: number;
	readonly migrations: number;
	readonly notices: number;
	readonly differences: readonly string[];
}

const {values, positionals} = parseArgs({
	options: {oracle: {type: 'string'}, setting: {type: 'string', multiple: true}, verbose: {type: 'boolean'}},
	allowPositionals: true,
});
const CLI = path.join(import.meta.dirname, '../dist/cli.cjs');
const [interpreter = '', ...oracle] = (values.oracle ?? '').split(' ');
if (interpreter === '' || positionals.length === 0) throw new Error("usage: parity.ts --oracle 'PYTHON ORACLE.py' REPOSITORY…");

const rows = positionals.map(compare);
process.stdout.write('| repository | apps | migrations | notices | differences |\n|---|---|---|---|---|\n');
for (const {name, apps, migrations, notices, differences} of rows) {
	process.stdout.write(`| ${name} | ${apps} | ${migrations} | ${notices} | ${differences.length} |\n`);
}
for (const {name, differences} of rows) for (const difference of differences) process.stdout.write(`${name}: ${difference}\n`);
process.exitCode = rows.some(({differences}) => differences.length > 0) ? 1 : 0;

function compare(repository: string): Row {
	const name = repository
		.replace(/\/(?:repo)?\/*$/, '')
		.replace(/\/repo$/, '')
		.split('/')
		.at(-1)!;
	const folder = mkdtempSync(path.join(tmpdir(), 'parity-'));
	try {
		exportPython(repository, folder);
		const printed = execFileSync(interpreter, [...oracle, folder], {maxBuffer: 2 ** 30, stdio: ['ignore', 'pipe', 'ignore']});
		const theirs = JSON.parse(printed.toString('utf8')) as Oracle;
		return judge(name, repository, theirs);
	} finally {
		rmSync(folder, {recursive: true, force: true});
	}
}

function judge(name: string, repository: string, theirs: Oracle): Row {
	const ask = (...args: string[]) => {
		const {status, stdout, stderr} = spawnSync(process.execPath, [CLI, ...args, '--json'], {cwd: repository, maxBuffer: 2 ** 30});
		if (status === null || status > 1) throw new Error(`${name}: ${args.join(' ')} ended with ${status}: ${stderr}`);
		return {status, document: JSON.parse(stdout.toString('utf8'))};
	};
	const check = ask('check', 'HEAD');
	const graph = ask('graph', '--rev', 'HEAD').document.apps as {
		app: string;
		folder: string;
		nodes: {name: string; parents: string[]; leaf: boolean}[];
	}[];
	const order = (ask('order', 'HEAD').document.order as {key: string}[]).map(({key}) => key);
	const differences: string[] = [];
	const same = (what: string, a: unknown, b: unknown) => {
		if (JSON.stringify(a) !== JSON.stringify(b)) differences.push(`${what}: ${JSON.stringify(a)}, Django: ${JSON.stringify(b)}`);
	};
	const ours = graph.filter(({nodes}) => nodes.length > 0);
	const labels = (list: readonly {app: string; dir: string}[]) => list.map(({app, dir}) => `${app} ${dir}`).sort();
	const dirs = Object.entries(theirs.apps).map(([app, {dir}]) => ({app, dir}));
	const mine = ours.map(({app, folder}) => ({app, dir: folder}));
	same(
		'apps only here',
		labels(mine).filter(label => !labels(dirs).includes(label)),
		[],
	);
	same(
		'apps only in Django',
		labels(dirs).filter(label => !labels(mine).includes(label)),
		[],
	);
	for (const {app, nodes} of ours) {
		const other = theirs.apps[app];
		if (!other) continue;
		const names = (which: typeof nodes) => which.map(node => node.name).sort();
		same(`leaves of ${app}`, names(nodes.filter(({leaf}) => leaf)), [...other.leaf_nodes].sort());
		same(`roots of ${app}`, names(nodes.filter(({parents}) => parents.length === 0)), [...other.root_nodes].sort());
	}
	const findings = check.document.findings as {code: string; severity: string; nodes: string[]; title: string}[];
	const forks = findings.filter(({code}) => code === 'MG001').map(({nodes}) => nodes[0]!.split('.')[0]);
	same('conflicts', forks.sort(), Object.keys(theirs.conflicts).sort());
	same('missing nodes', findings.filter(({code}) => code === 'MG002').length, theirs.node_errors.length);
	const {node_errors, cycle_errors, replace_errors, value_errors, bad_modules, import_failures} = theirs;
	const problems = [node_errors, cycle_errors, replace_errors, value_errors, bad_modules, import_failures].flat();
	same('exit code', check.status, problems.length > 0 || Object.keys(theirs.conflicts).length > 0 ? 1 : 0);
	const plan = theirs.plan.map(key => key.join('.'));
	const at = order.findIndex((key, index) => key !== plan[index]);
	if (order.length !== plan.length || at >= 0) {
		const missing = plan.filter(key => !order.includes(key));
		const more = order.filter(key => !plan.includes(key));
		differences.push(
			`order: ${order.length} here, ${plan.length} in Django; first at ${at}: ${order[at]}, Django: ${plan[at]}; only Django: ${missing.slice(0, 5)}; only here: ${more.slice(0, 5)}`,
		);
	}
	if (values.verbose)
		for (const {code, severity, title} of findings) process.stderr.write(`${name}: ${code} ${severity} ${title.slice(0, 250)}\n`);
	return {
		name,
		apps: ours.length,
		migrations: check.document.migrations,
		notices: findings.filter(({severity}) => severity === 'notice').length,
		differences,
	};
}

/** Write the Python files of HEAD; blobs that a partial clone does not have are left out. */
function exportPython(repository: string, target: string): void {
	const listed = execFileSync('git', ['ls-tree', '-r', '-z', '--full-tree', 'HEAD'], {
		cwd: repository,
		maxBuffer: 2 ** 30,
	}).toString('utf8');
	const files = listed.split('\0').flatMap(line => {
		const [, oid, file] = /^100\d+ blob (\w+)\t([\s\S]*(?:\.py|migrations\/.*))$/.exec(line) ?? [];
		return oid && file ? [{oid, file}] : [];
	});
	const input = files.map(({oid}) => `${oid}\n`).join('');
	const output = execFileSync('git', ['cat-file', '--batch'], {cwd: repository, input, maxBuffer: 2 ** 31 - 1});
	let at = 0;
	for (const {file} of files) {
		const end = output.indexOf(10, at);
		const size = Number(output.subarray(at, end).toString().split(' ')[2]);
		at = end + 1;
		if (Number.isNaN(size)) continue;
		mkdirSync(path.dirname(path.join(target, file)), {recursive: true});
		writeFileSync(path.join(target, file), output.subarray(at, at + size));
		at += size + 1;
	}
}
