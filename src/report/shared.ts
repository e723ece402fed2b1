/**
 * What a team commits so that every clone is looked after: a snippet for each hook manager, and why it is not .gitattributes.
 * @param calls for each event the line of sh that calls the installed hook, `"$@"` being its arguments
 */
export function sharedText(version: string, calls: readonly (readonly [event: string, command: string])[]): string {
	return `What a team can commit. Hooks and merge drivers are never cloned along, so each clone needs \`migration-guard install\`
once; the snippets below do that, or call what it has set up. Where nobody installed it they do nothing.

npm (husky, simple-git-hooks, lefthook from npm): package.json; every \`npm install\` sets it up
    "devDependencies": {"migration-guard": "${version}"},
    "scripts": {"prepare": "husky && migration-guard install"}

husky, without npm: one line at the end of each of these files
${calls.map(([event, command]) => `  .husky/${event}\n    ${command}`).join('\n')}

lefthook: lefthook.yml, or lefthook-local.yml for yourself; below git 2.54 lefthook moves other hooks away, and this stays
${calls.map(([event, command]) => indent(lefthookJob(event, command))).join('\n')}

pre-commit: .pre-commit-config.yaml; it brings its own Node, and checks only, so \`migration-guard install\` is still wanted
${indent(preCommitHook(version))}

Not .gitattributes: in a rebase git reads it from the branch that is rebased onto, and a clone without the driver ignores it.
install writes .git/info/attributes instead, which holds in every worktree and for every branch.
`;
}

/** A job for lefthook.yml. Its `{0}` is the hook's arguments; of standard input only pre-push has need. */
export function lefthookJob(event: string, command: string): string {
	const input = event === 'pre-push' ? '      use_stdin: true\n' : '';
	return `${event}:\n  jobs:\n    - name: migration-guard\n${input}      run: |\n        set -- {0}\n        ${command}`;
}

/** A hook for .pre-commit-config.yaml, from the npm registry. */
export function preCommitHook(version: string): string {
	return `- repo: local
  hooks:
    - id: migration-guard
      name: migration-guard check
      language: node
      additional_dependencies: ['migration-guard@${version}']
      entry: migration-guard check
      pass_filenames: false
      always_run: true
      stages: [pre-commit, pre-push, manual]`;
}

function indent(text: string): string {
	return text.replace(/^/gm, '    ');
}
