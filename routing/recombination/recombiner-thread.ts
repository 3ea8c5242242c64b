import { parentPort } from 'node:worker_threads';
import { loadHighs } from './highs.ts';
import type { RecombineAnswer, RecombineRequest } from './messages.ts';
import { packPartition } from './partition.ts';
import { recombine } from './recombine.ts';

/** The thread's side: one problem at a time, as they come. Started by start-recombiner.ts only. */
const port = parentPort;
if (port === null) throw new Error('recombiner-thread.ts runs in a worker thread; start it with startRecombiner()');

const answer = (message: RecombineAnswer): void => port.postMessage(message);
const highs = await loadHighs();
warmUp();
port.on('message', (request: RecombineRequest) => answer(select(request)));

function select({ id, packed, limits, askedAt, stopFlag }: RecombineRequest): RecombineAnswer {
  try {
    const { routes, proven } = recombine(
      highs,
      packed,
      {
        ...limits,
        deadline: askedAt + limits.millis - performance.timeOrigin,
        // The thread hears no message while HiGHS works: the flag in shared memory is how it is told to stop.
        stopped: () => Atomics.load(stopFlag, 0) !== 0,
      },
      (better) => answer({ kind: 'better', id, routes: better }),
    );
    return { kind: 'done', id, routes, proven };
  } catch (error) {
    const { message, stack } = error instanceof Error ? error : { message: String(error), stack: undefined };
    return { kind: 'failed', id, message, stack: stack ?? '' };
  }
}

/** A small problem, so that the first real one finds HiGHS compiled. */
function warmUp(): void {
  const jobs = 12;
  const routes = Array.from({ length: 120 }, (_, r) => {
    const first = r % jobs;
    const step = 1 + (r % 5);
    return {
      shift: r % 4,
      jobs: Int32Array.of(first, (first + step) % jobs, (first + 2 * step) % jobs),
      cost: 10 + ((r * 7) % 13),
    };
  }).filter(({ jobs: [a, , c] }) => a !== c);
  const packed = packPartition({
    shiftCount: 4,
    jobCount: jobs,
    leftOutPrice: new Float64Array(jobs).fill(20),
    emptyCost: new Float64Array(4),
    classOf: new Int32Array(4),
    routes,
    incumbentCost: 1_000,
  });
  recombine(highs, packed, { deadline: performance.now() + 1_000, stopped: () => false }, () => undefined);
}
