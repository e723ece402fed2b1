import {main} from '../cli.ts';

void main({hook: () => import('../commands/pre-push.ts')});
