import type {Result} from '../helpers/command.ts';
import type {Scenario} from '../helpers/scenario.ts';

/** A way in, as the faults meet it: always the picture of the README, where the outcome can only be git's own or the linear one. */
export interface Door {
	readonly name: string;
	/** Whether git calls us: then git can be killed as well, and its command must never fail because of us. */
	readonly hook: boolean;
	/** Bring the repository to just before the command. */
	prepare(story: Scenario): Promise<void>;
	run(story: Scenario, env: Readonly<Record<string, string>>, cli: string): Promise<Result>;
	/** What brings it to its end afterwards. */
	readonly finish: readonly string[];
	/** `shop` in the end. */
	readonly end: 'linear' | 'forked';
}

const off = {MIGRATION_GUARD: '0'};
const onFeature = ({git}: Scenario) => git.checkout('-q', '-f', '-B', 'work', 'feature');
const onMain = ({git}: Scenario) => git.checkout('-q', '-f', '-B', 'work', 'main');
const program = (cli: string) => ['-c', `alias.guard=!'${process.execPath}' '${cli}'`, 'guard'];

export const DOORS: readonly Door[] = [
	{
		name: 'merge',
		hook: true,
		prepare: async story => void (await onFeature(story)),
		run: ({git}, env) => git.with(env).attempt('merge', 'main'),
		finish: ['fix'],
		end: 'linear',
	},
	{
		name: 'concluded merge',
		hook: true,
		async prepare(story) {
			await onFeature(story);
			await story.git.merge('--no-commit', 'main');
		},
		run: ({git}, env) => git.with(env).attempt('commit', '--no-edit'),
		finish: ['fix'],
		end: 'linear',
	},
	{
		name: 'rebase',
		hook: true,
		prepare: async story => void (await onFeature(story)),
		run: ({git}, env) => git.with(env).attempt('rebase', 'main'),
		finish: ['fix'],
		end: 'linear',
	},
	{
		name: 'cherry-pick',
		hook: true,
		prepare: async story => void (await onMain(story)),
		run: ({git}, env) => git.with(env).attempt('cherry-pick', 'feature'),
		finish: ['fix'],
		end: 'linear',
	},
	{
		name: 'am',
		hook: true,
		async prepare(story) {
			await onMain(story);
			await story.git('format-patch', '-q', '-1', `--output=${story.folder}/patch`, 'feature');
		},
		run: ({git, folder}, env) => git.with(env).attempt('am', '-q', '-3', `${folder}/patch`),
		finish: ['fix'],
		end: 'linear',
	},
	{
		name: 'fix',
		hook: false,
		async prepare(story) {
			await onFeature(story);
			await story.git.with(off).merge('main');
		},
		run: ({git}, env, cli) => git.with(env).attempt(...program(cli), 'fix'),
		finish: ['fix'],
		end: 'linear',
	},
	{
		name: 'undo',
		hook: false,
		async prepare(story) {
			await onFeature(story);
			// Another message each time: what was undone once is left alone.
			await story.git.merge('-m', `merge ${await story.git.text('rev-list', '--all', '--count')}`, 'main');
		},
		run: ({git}, env, cli) => git.with(env).attempt(...program(cli), 'undo'),
		finish: ['undo'],
		end: 'forked',
	},
];
