export default {
	files: ['test/**/*.test.ts'],
	extensions: {ts: 'module'},
	nodeArguments: ['--import=tsx'],
	workerThreads: false,
	timeout: '10m',
	environmentVariables: {MIGRATION_GUARD: '', TZ: 'UTC', LC_ALL: 'C'},
};
