import {checkFolders, checkMaxMigrations, checkUnreadable, noticeDuplicateLabels} from './check-files.ts';
import {checkCycles, checkForks, checkMissing, checkSelfDependencies, checkSquashCycles} from './check-graph.ts';
import {noticeDuplicateNumbers, noticeDynamicEdges, noticeNestedSquashes} from './check-style.ts';
import type {Check, Checked, Finding} from './finding.ts';
import type {MigrationGraph} from './graph.ts';
import type {Project, ProjectFiles} from './project.ts';

export type {Finding, Place} from './finding.ts';

/** Every check, in the order of the report: what Django stumbles over first comes first. */
const CHECKS: readonly Check[] = [
	checkUnreadable, // MG005, MG006
	checkMissing, // MG002
	checkSquashCycles, // MG010
	checkSelfDependencies, // MG004
	checkCycles, // MG003
	checkForks, // MG001
	checkMaxMigrations, // MG007
	checkFolders, // MG008
	noticeDuplicateLabels, // MG009
	noticeDuplicateNumbers, // MG101
	noticeDynamicEdges, // MG102
	noticeNestedSquashes, // MG103
];

/** All findings about one revision. `files` are read only where a finding needs the text. */
export function checkProject(project: Project, graph: MigrationGraph, files: Pick<ProjectFiles, 'text'>): Finding[] {
	const checked: Checked = {project, graph, files};
	return CHECKS.flatMap(check => check(checked));
}
