/** A node key as people read it: `users.0003_add_phone`. App labels hold no dot, so the first dot splits. */
export type NodeKey = string;

/** Put an app label and a migration name together. */
export function nodeKey(app: string, name: string): NodeKey {
	return `${app}.${name}`;
}

/** The app label of a node key. */
export function appOf(key: NodeKey): string {
	return key.slice(0, key.indexOf('.'));
}

/** The migration name of a node key (the file's stem). */
export function nameOf(key: NodeKey): string {
	return key.slice(key.indexOf('.') + 1);
}
