import {main} from '../cli.ts';
import {ACTION} from '../commands/action-table.ts';

void main(ACTION, ['action']);
