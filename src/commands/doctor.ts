import {diagnose} from '../doctor/diagnose.ts';
import {EXIT} from '../errors.ts';
import {checkupText} from '../report/doctor.ts';
import {jsonDocument} from '../report/json.ts';
import {VERSION} from '../version.ts';
import type {Command} from './command.ts';
import {JSON_OUTPUT} from './options.ts';
import {requireRepo} from './repository.ts';

/** Is everything in place? */
export const command: Command = {
	name: 'doctor',
	summary: 'say whether everything is in place, and how to mend what is not',
	usage: '[--json]',
	about: `Looks whether git comes to us at each event, beside whatever hook manager there is; at the merge driver, the copy of the program
and its Node; at the mainline, and at what interrupted runs left behind. Changes nothing. Exit code 1: there is something to mend.`,
	options: {json: JSON_OUTPUT},
	examples: [['migration-guard doctor', 'for each thing that is wrong, the command that mends it']],
	async run({cwd, env, values, out}) {
		const repo = requireRepo(cwd);
		const found = await diagnose(repo, {program: import.meta.dirname, version: VERSION, node: process.execPath, env});
		const {complaints, ...facts} = found;
		out(values.json ? jsonDocument({...facts, findings: complaints}) : checkupText({...found, version: VERSION}, repo.cwd));
		return complaints.length === 0 ? EXIT.ok : EXIT.problems;
	},
};
