import {djangoSettings} from '../doors/django-settings.ts';
import {openAt} from '../doors/examine.ts';
import {readPublished} from '../doors/published.ts';
import {readSettings} from '../doors/read-settings.ts';
import {EXIT, UsageError} from '../errors.ts';
import {buildGraph} from '../migrations/graph.ts';
import {graphDot, graphJson, graphMermaid} from '../report/graph-formats.ts';
import {graphSvg} from '../report/graph-svg.ts';
import {graphText} from '../report/graph-text.ts';
import {type Picture, pictureOf} from '../report/picture.ts';
import type {Command} from './command.ts';
import {JSON_OUTPUT, REVISION} from './options.ts';
import {requireRepo} from './repository.ts';

const FORMATS: Readonly<Record<string, (picture: Picture, color: boolean) => string>> = {
	text: graphText,
	json: graphJson,
	mermaid: graphMermaid,
	dot: graphDot,
	svg: graphSvg,
};

/** The history as a picture. */
export const command: Command = {
	name: 'graph',
	summary: 'draw the history of one app or of all',
	usage: '[APP] [--format text|json|mermaid|dot|svg] [--rev REV]',
	about: 'Newest first. Migrations that a squash replaces are not drawn, as Django does not run them. No Python is run.',
	options: {
		format: {type: 'string', value: 'FORMAT', about: 'text (the default), json, mermaid, dot or svg'},
		rev: REVISION,
		json: JSON_OUTPUT,
	},
	examples: [
		['migration-guard graph users', 'one app'],
		['migration-guard graph --rev origin/main', 'any revision'],
		['migration-guard graph users --format svg > users.svg', 'a picture to keep'],
	],
	async run(context) {
		const {values, positionals} = context;
		const [only = null] = positionals;
		const format = values.json ? 'json' : String(values.format ?? 'text');
		const render = Object.hasOwn(FORMATS, format) ? FORMATS[format] : undefined;
		if (!render) throw new UsageError(`there is no format ${format}; the formats are ${Object.keys(FORMATS).join(', ')}`);
		const repo = requireRepo(context.cwd);
		const settings = await readSettings(repo);
		const {ground, revision} = await openAt(repo, settings.load, values.rev as string | undefined);
		const project = ground.load(ground.files, djangoSettings(ground));
		ground.library.save();
		if (only !== null && !project.folders.some(({app}) => app === only)) {
			const labels = project.folders.map(({app}) => app).sort();
			throw new UsageError(
				`there is no app ${only} with migrations${labels.length === 0 ? '' : `; there are ${labels.join(', ')}`}`,
			);
		}
		const {refs, has} = readPublished(repo, ground, settings.mainline);
		const picture = pictureOf(project, buildGraph(project), {
			revision,
			mainline: refs.map(({ref}) => ref),
			isPublished: has,
			only,
		});
		context.out(render(picture, context.color));
		return EXIT.ok;
	},
};
