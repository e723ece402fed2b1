import {appOf, type NodeKey, nameOf} from '../migrations/key.ts';

/** `migrate shop 0003_size`: what follows `manage.py`, however an environment calls that. */
export function migrateTo(key: NodeKey): string {
	return `migrate ${appOf(key)} ${nameOf(key)}`;
}
