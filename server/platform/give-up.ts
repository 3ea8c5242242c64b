import { Problem } from './problem.ts';

/** Short pauses of the database are waited out. */
const PATIENCE_MILLIS = 3_000;
const LOOK_MILLIS = 250;

interface Waiting {
  readonly began: number;
  readonly isAway: () => boolean;
  readonly giveUp: (because: Problem) => void;
}

/** Everything that waits: one timer looks at all of it. A timer for each of ten thousand messages a second cost more than their work. */
const waiting = new Set<Waiting>();
let timer: NodeJS.Timeout | undefined;

/**
 * The work, or after a few seconds a refusal when what it needs is known to be away: a database that has stopped
 * answering leaves its connections open, and whoever waits for one would wait as long as it does. The work itself
 * goes on and may still be done; sent again under its own id it is answered, not repeated.
 * @throws Problem 503 `database-unavailable`, and what the work throws.
 */
export function unlessAway<T>(work: Promise<T>, isAway: () => boolean): Promise<T> {
  return new Promise((resolve, reject) => {
    const one: Waiting = { began: performance.now(), isAway, giveUp: reject };
    waiting.add(one);
    timer ??= setInterval(look, LOOK_MILLIS);
    // When it has been given up nobody waits for it any more; how it ends is told by its effect.
    work.then(
      (value) => {
        ended(one);
        resolve(value);
      },
      (error: unknown) => {
        ended(one);
        reject(error as Error);
      },
    );
  });
}

function look(): void {
  const now = performance.now();
  for (const one of waiting) {
    // They stand in the order in which they began.
    if (now - one.began < PATIENCE_MILLIS) break;
    if (!one.isAway()) continue;
    ended(one);
    one.giveUp(
      new Problem(
        503,
        'database-unavailable',
        'The database does not answer at the moment. Send the same again in a few seconds, with the same action id: what was done already is not done twice.',
      ),
    );
  }
}

function ended(one: Waiting): void {
  waiting.delete(one);
  if (waiting.size > 0) return;
  clearInterval(timer);
  timer = undefined;
}
