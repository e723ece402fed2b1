import {checkFolders, checkUnreadable, noticeDuplicateLabels} from './check-files.ts';
import {checkCycles, checkForks, checkMissing, checkSelfDependencies, checkSquashCycles} from './check-graph.ts';
import {
	noticeHalfSquashes,
	noticeHiddenForks,
	noticeIdleMerges,
	noticeLongHistories,
	noticeNumberWidths,
} from './check-history.ts';
import {checkMaxMigrations} from './check-max-migration.ts';
import {noticeNotInstalled, noticeWholeTables} from './check-project.ts';
import {checkRelations} from './check-relations.ts';
import {noticeDynamicEdges, noticeNestedSquashes, noticeSameNumbers} from './check-style.ts';
import {readFacts} from './facts.ts';
import type {Check, Checked, Finding} from './finding.ts';
import {buildGraph, type MigrationGraph} from './graph.ts';
import type {Project, ProjectFiles} from './project.ts';

export type {Finding, Place} from './finding.ts';

/** What Django stumbles over when it loads the migrations, in its order. */
const LOADING: readonly Check[] = [
	checkUnreadable, // MG005, MG006
	checkMissing, // MG002
	checkSquashCycles, // MG010
	checkSelfDependencies, // MG004
	checkCycles, // MG003
	checkForks, // MG001
];

/** What comes after that. */
const FURTHER: readonly Check[] = [
	checkMaxMigrations, // MG007, MG012
	checkRelations, // MG011, MG104
	checkFolders, // MG008
	noticeDuplicateLabels, // MG009
	noticeSameNumbers, // MG101, MG111
	noticeDynamicEdges, // MG102
	noticeNestedSquashes, // MG103
	noticeIdleMerges, // MG105
	noticeHalfSquashes, // MG106
	noticeHiddenForks, // MG115
	noticeNumberWidths, // MG107
	noticeLongHistories, // MG108
	noticeNotInstalled, // MG109
	noticeWholeTables, // MG110
];

/** What a check may know beside the project and its graph. */
export type Knowledge = Pick<ProjectFiles, 'text'> & Partial<Pick<Checked, 'facts' | 'settings' | 'isPublished'>>;

/** All findings about one revision. Texts are read only where a finding needs them. */
export function checkProject(project: Project, graph: MigrationGraph, knowledge: Knowledge): Finding[] {
	const all = (some: Project, its: MigrationGraph) => {
		const checked = checkedOf(some, its, knowledge);
		return [...LOADING, ...FURTHER].flatMap(check => check(checked));
	};
	const further = project.further.flatMap(other => aboutFurther(all(other, buildGraph(other)), project, other));
	return [...all(project, graph), ...further];
}

/** What is wrong with the folders that only another project of the repository has. */
function aboutFurther(findings: readonly Finding[], project: Project, other: Project): Finding[] {
	const known = new Set(project.folders.map(({path}) => path));
	const own = other.folders.map(({path}) => path).filter(path => !known.has(path));
	const isOwn = (path: string) => own.some(folder => path === folder || path.startsWith(`${folder}/`));
	return findings.filter(({code, places}) => code !== 'MG009' && places.some(({path}) => isOwn(path)));
}

/** Only what keeps Django from loading the migrations or from running them. */
export function checkLoading(project: Project, graph: MigrationGraph, knowledge: Knowledge): Finding[] {
	const checked = checkedOf(project, graph, knowledge);
	return LOADING.flatMap(check => check(checked)).filter(({severity}) => severity === 'error');
}

function checkedOf(
	project: Project,
	graph: MigrationGraph,
	{text, facts, settings = null, isPublished = null}: Knowledge,
): Checked {
	return {project, graph, files: {text}, facts: facts ?? (path => readFacts(text(path))), settings, isPublished};
}
