import type {Operation} from '../operations/operation.ts';

/** What one operation brings, and another takes away again. */
function brings(operation: Operation): string | null {
	switch (operation.kind) {
		case 'CreateModel':
			return `model ${operation.model}`;
		case 'AddField':
			return `field ${operation.model}.${operation.field.name.toLowerCase()}`;
		case 'AddIndex':
			return `index ${operation.model}.${operation.rule.name}`;
		case 'AddConstraint':
			return `constraint ${operation.model}.${operation.rule.name}`;
		default:
			return null;
	}
}

function takes(operation: Operation): string | null {
	switch (operation.kind) {
		case 'DeleteModel':
			return `model ${operation.model}`;
		case 'RemoveField':
			return `field ${operation.model}.${operation.field}`;
		case 'RemoveIndex':
			return `index ${operation.model}.${operation.name}`;
		case 'RemoveConstraint':
			return `constraint ${operation.model}.${operation.name}`;
		default:
			return null;
	}
}

/** What one operation sets as a whole, so that the next one to do so leaves nothing of it; tables may change places over several steps. */
function sets(operation: Operation): string | null {
	switch (operation.kind) {
		case 'AlterField':
			return `field ${operation.model}.${operation.field.name}`;
		case 'SetTogether':
			return `${operation.option} ${operation.model}`;
		case 'AlterModelOptions':
		case 'AlterModelManagers':
			return `${operation.kind} ${operation.model}`;
		default:
			return null;
	}
}

/** Without what the same side sets once more later on. */
function withoutOverwritten<T extends {readonly operation: Operation}>(work: readonly T[]): readonly T[] {
	return work.filter(({operation}, index) => {
		const thing = sets(operation);
		const next = thing === null ? -1 : work.findIndex((later, at) => at > index && sets(later.operation) === thing);
		return next === -1 || work.slice(index + 1, next).some(({operation: {kind}}) => RENAMES.has(kind));
	});
}

/**
 * The work of one side as it is in the end: what it adds and removes again cancels, with the changes in between to that thing alone, and of two
 * values the last one counts. A pair is left alone where renames, code or unreadable work stand between.
 */
export function netOf<T extends {readonly operation: Operation}>(work: readonly T[]): readonly T[] {
	const left = [...withoutOverwritten(work)];
	for (let end = 0; end < left.length; end++) {
		const thing = takes(left[end]!.operation);
		if (thing === null) continue;
		const start = left.findLastIndex(({operation}, index) => index < end && brings(operation) === thing);
		const between = left.slice(start + 1, end).map(({operation}) => operation);
		if (start === -1 || between.some(operation => disturbs(operation, left[end]!.operation))) continue;
		const kept = left.slice(start + 1, end).filter(({operation}) => !isAbout(operation, left[end]!.operation));
		left.splice(start, end - start + 1, ...kept);
		end = start - 1 + kept.length;
	}
	return left;
}

const RENAMES: ReadonlySet<Operation['kind']> = new Set(['RenameModel', 'RenameField', 'Run', 'Opaque', 'Separate']);

function disturbs(operation: Operation, removal: Operation): boolean {
	if (RENAMES.has(operation.kind)) return true;
	// What names a field that is taken away again would have to be followed.
	return (
		removal.kind === 'RemoveField' &&
		operation.model === removal.model &&
		operation.kind !== 'AddField' &&
		!isAbout(operation, removal)
	);
}

/** Work on nothing but the thing that goes away again. */
function isAbout(operation: Operation, removal: Operation): boolean {
	if (operation.model !== removal.model) return false;
	if (removal.kind === 'DeleteModel') return true;
	return (
		removal.kind === 'RemoveField' && operation.kind === 'AlterField' && operation.field.name.toLowerCase() === removal.field
	);
}
