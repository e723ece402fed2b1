/*
 * `npm run demo`: a forked merge and a forked rebase on a small Django project, with git alone and with the product.
 * `npm run demo -- PATH`: the newest fork merge in the history of a real repository, redone in a throw-away clone.
 * `--keep` leaves the folder for a look.
 */
import path from 'node:path';
import {parseArgs} from 'node:util';
import {openNarrator} from './narrator.ts';
import {rehearse} from './rehearsal.ts';
import {tellSmallStory} from './small.ts';

const {values, positionals} = parseArgs({options: {keep: {type: 'boolean', default: false}}, allowPositionals: true});
const [target] = positionals;
// `npm run demo | head`: the story goes on unread, and its folder is taken away at the end.
process.stdout.on('error', () => {});
const narrator = await openNarrator(values.keep);
try {
	if (target === undefined) await tellSmallStory(narrator);
	else process.exitCode = (await rehearse(narrator, path.resolve(process.env.MIGRATION_GUARD_STARTED_IN ?? '', target))) ? 0 : 1;
} catch (error) {
	process.stderr.write(`demo: ${(error as Error).message}\n`);
	process.exitCode = 1;
} finally {
	narrator.end();
}
