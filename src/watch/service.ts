import {createHash} from 'node:crypto';

/** What a service has to start. */
export interface ServiceOptions {
	/** Top of a worktree, absolute. */
	readonly top: string;
	readonly node: string;
	readonly program: string;
}

/** A file that makes the system start the daemon at login, and what to type then. */
export interface Service {
	readonly kind: 'systemd' | 'launchd';
	/** Below the home directory. */
	readonly path: string;
	readonly text: string;
	readonly next: string;
}

/** The service that starts the daemon of one repository, for systemd (Linux) or launchd (macOS). Pure: nothing is written. */
export function serviceFor(kind: Service['kind'], options: ServiceOptions): Service {
	// A repository each, and a name that says nothing of where it lies.
	const id = createHash('sha256').update(options.top).digest('hex').slice(0, 8);
	return kind === 'systemd' ? systemdUnit(options, id) : launchdAgent(options, id);
}

/** systemd.unit(5), systemd.service(5). It is not started again when the repository is gone: then it ends with 0. */
function systemdUnit({top, node, program}: ServiceOptions, id: string): Service {
	const name = `migration-guard-${id}.service`;
	const text = `[Unit]
Description=migration-guard watches ${unitText(top)}
Documentation=man:git(1)
ConditionPathIsDirectory=${unitText(top)}

[Service]
Type=exec
ExecStart=${[node, program, 'watch', '--background'].map(unitWord).join(' ')}
WorkingDirectory=${unitText(top)}
Restart=on-failure
RestartSec=10
Nice=10

[Install]
WantedBy=default.target
`;
	return {kind: 'systemd', path: `.config/systemd/user/${name}`, text, next: `systemctl --user enable --now ${name}`};
}

/** launchd.plist(5). */
function launchdAgent({top, node, program}: ServiceOptions, id: string): Service {
	const label = `migration-guard.${id}`;
	const words = [node, program, 'watch', '--background'].map(word => `\t\t<string>${xml(word)}</string>`).join('\n');
	const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>Label</key>
	<string>${label}</string>
	<key>ProgramArguments</key>
	<array>
${words}
	</array>
	<key>WorkingDirectory</key>
	<string>${xml(top)}</string>
	<key>RunAtLoad</key>
	<true/>
	<key>KeepAlive</key>
	<dict>
		<key>SuccessfulExit</key>
		<false/>
	</dict>
	<key>ProcessType</key>
	<string>Background</string>
</dict>
</plist>
`;
	const path = `Library/LaunchAgents/${label}.plist`;
	return {kind: 'launchd', path, text, next: `launchctl load -w ~/${path}`};
}

/** A setting that is one path: only a percent sign means something else there (systemd.unit(5), specifiers). */
function unitText(path: string): string {
	return path.replaceAll('%', '%%');
}

/** A word of a command line (systemd.service(5)): quoted, and without variables. */
function unitWord(word: string): string {
	return `"${word.replace(/["\\]/g, '\\$&').replaceAll('%', '%%').replaceAll('$', '$$$$')}"`;
}

function xml(text: string): string {
	return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
