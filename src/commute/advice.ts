import type {Verdict, Work} from '../state/work.ts';

/** What to do about a pair, in one sentence. */
export function nextStep(mainline: Work, incoming: Work, reason: Verdict['reason']): string {
	const where = `${incoming.path}:${incoming.operation.line}`;
	if (
		reason !== 'opaque' &&
		mainline.operation.text === incoming.operation.text &&
		mainline.operation.model === incoming.operation.model
	) {
		return `both sides do the same: remove it from ${where}`;
	}
	switch (reason) {
		case 'fails':
			return `change ${where} so that it works after ${mainline.key}`;
		case 'lost-update':
			return `decide what is to hold, and write it with both changes into ${where}`;
		case 'drift':
			return `name in ${mainline.path} and ${incoming.path} what will be there, or add a migration that does`;
		case 'order':
			return `read ${where}: mainline's work comes first and is changed by it`;
		case 'opaque':
			return `read both: ${mainline.path}:${mainline.operation.line} will run before ${where}`;
	}
}
