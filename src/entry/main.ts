import {main} from '../cli.ts';
import {COMMANDS} from '../commands/index.ts';
import {SERVER_COMMANDS} from '../commands/internal.ts';

void main({...COMMANDS, ...SERVER_COMMANDS});
