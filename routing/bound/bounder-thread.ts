import { parentPort } from 'node:worker_threads';
import { loadHighs } from '../recombination/highs.ts';
import { boundOf } from './bound.ts';
import type { BoundAnswer, BoundRequest } from './messages.ts';

/** The thread's side: one problem at a time, as they come. Started by start-bounder.ts only. */
const port = parentPort;
if (port === null) throw new Error('bounder-thread.ts runs in a worker thread; start it with startBounder()');

const highs = await loadHighs();
port.on('message', (request: BoundRequest) => port.postMessage(bound(request)));

function bound({ id, problem, plan, millis, target, seed, searchShare, askedAt, stopFlag }: BoundRequest): BoundAnswer {
  try {
    const left = askedAt + millis - performance.timeOrigin - performance.now();
    const bounded = boundOf(highs, problem, {
      millis: Math.max(0, left),
      // The thread hears no message while it works: the flag in shared memory is how it is told to stop.
      stopped: () => Atomics.load(stopFlag, 0) !== 0,
      ...(plan === null ? {} : { plan }),
      ...(target === null ? {} : { target }),
      ...(seed === null ? {} : { seed }),
      ...(searchShare === null ? {} : { searchShare }),
    });
    return { kind: 'bounded', id, bounded };
  } catch (error) {
    return { kind: 'failed', id, error };
  }
}
