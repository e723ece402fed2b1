/** Show some lines, at least one, on the desktop. Silent where there is none, or no program that shows them; never throws, never waits. */
export async function notify(title: string, lines: readonly string[]): Promise<void> {
	if (!hasDesktop(process.env, process.platform)) return;
	try {
		// Loaded when there is something to show: most days there is not.
		const {default: notifier} = await import('node-notifier');
		notifier.notify({title, message: lines.join('\n')}, () => {});
	} catch {
		// A notification is a kindness; what it says is in the log and the status, too.
	}
}

/** On Linux a session that has a screen; a server has none. */
export function hasDesktop(env: Readonly<Record<string, string | undefined>>, platform: string): boolean {
	if (platform === 'win32' || platform === 'darwin') return true;
	return Boolean(env.DISPLAY || env.WAYLAND_DISPLAY || env.DBUS_SESSION_BUS_ADDRESS);
}
