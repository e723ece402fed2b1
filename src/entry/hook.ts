import {main} from '../cli.ts';
import {HOT_COMMANDS} from '../commands/hot.ts';

void main(HOT_COMMANDS);
