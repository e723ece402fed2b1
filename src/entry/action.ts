import {main} from '../cli.ts';
import {ACTION} from '../commands/internal.ts';

void main(ACTION, ['action']);
