/*
 * The daemon: built into dist/watch.cjs and loaded by `watch`, `daemon`, and a hook that starts it. chokidar and node-notifier are in no other
 * file.
 */
export {followLog, readLog} from './log.ts';
export {watch} from './run.ts';
export {serviceFor} from './service.ts';
export {startDaemon, stopDaemon} from './start.ts';
export {PROMPT_LINE, readStatus, watcherOf, watchFiles} from './status.ts';
