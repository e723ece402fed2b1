import {main} from '../cli.ts';
import {COMMANDS} from '../commands/index.ts';

void main(COMMANDS);
