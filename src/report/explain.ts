import type {Answer, Step} from '../explain/answer.ts';
import type {Diagnosis} from '../explain/diagnosis.ts';

/** A recognised error and what it means here. */
export interface Explained {
	readonly diagnosis: Diagnosis;
	readonly answer: Answer;
}

/** Answers for people: what was said, what it means, why here, and what to do, the first way that is right first. */
export function explainText(explained: readonly Explained[]): string {
	return explained.map(({answer}) => one(answer)).join('\n');
}

function one({said, genuine, title, cause, ways, notes}: Answer): string {
	const lines = [
		genuine ? title : `Not so: ${title}`,
		`  text: ${said}`,
		...cause.map(sentence => `  why:  ${sentence}`),
		...ways.flatMap(({when, steps}) => [`  do:   ${when}`, ...steps.flatMap(stepLines)]),
		...notes.map(note => `  note: ${note}`),
	];
	return `${lines.join('\n')}\n`;
}

function stepLines(step: Step): string[] {
	if (step.kind === 'run') return [`          ${step.command}`, `            # ${step.why}`];
	const {path, line, before, after} = step;
	const what = before === null ? `put in ${after}` : after === null ? `take out ${before}` : `${before} → ${after}`;
	return [`          ${path}:${line}: ${what}`, `            # ${step.why}`];
}

/** The same for programs. */
export function explainJson(explained: readonly Explained[], revision: string | null): Readonly<Record<string, unknown>> {
	return {revision, answers: explained.map(({diagnosis, answer}) => ({...answer, diagnosis}))};
}
