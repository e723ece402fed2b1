/** A sleep that something can end. */
export interface Alarm {
	/** End the sleep now, or the next one before it begins. */
	ring(): void;
	/** Sleep until it rings or the time is over; `deaf`: the time alone counts, but for the end. Milliseconds. */
	sleep(time: number, how?: 'deaf'): Promise<void>;
}

/** `stop` ends every sleep, the deaf ones too. */
export function openAlarm(stop: AbortSignal): Alarm {
	let rung = false;
	let wake = () => {};
	const ring = () => {
		rung = true;
		wake();
	};
	return {
		ring,
		sleep: (time, how) =>
			new Promise(resolve => {
				if (stop.aborted || (rung && how !== 'deaf')) {
					rung = false;
					resolve();
					return;
				}
				const end = () => {
					clearTimeout(timer);
					stop.removeEventListener('abort', end);
					wake = () => {};
					// What rang while nobody listened is seen by the sweep that follows.
					rung = false;
					resolve();
				};
				const timer = setTimeout(end, time);
				stop.addEventListener('abort', end, {once: true});
				if (how !== 'deaf') wake = end;
			}),
	};
}
