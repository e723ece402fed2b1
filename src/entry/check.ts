import {main} from '../cli.ts';
import {QUICK_COMMANDS} from '../commands/quick.ts';

void main(QUICK_COMMANDS);
