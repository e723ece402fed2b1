import type {Option} from './command.ts';

/** `--dry-run`, on every command that writes. */
export const DRY_RUN: Option = {type: 'boolean', short: 'n', about: 'show what would be done and change nothing'};

/** `--json`, on every command that reports. */
export const JSON_OUTPUT: Option = {type: 'boolean', about: 'print one JSON document, {"version": 1, …}'};

/** `--rev`, on commands that look at one tree. */
export const REVISION: Option = {type: 'string', value: 'REV', about: 'look at this revision instead of the worktree'};
