import { Problem } from './problem.ts';

/** Short pauses of the database are waited out. */
const PATIENCE_MILLIS = 3_000;
const LOOK_MILLIS = 250;

/**
 * The work, or after a few seconds a refusal when what it needs is known to be away: a database that has stopped
 * answering leaves its connections open, and whoever waits for one would wait as long as it does. The work itself
 * goes on and may still be done; sent again under its own id it is answered, not repeated.
 * @throws Problem 503 `database-unavailable`, and what the work throws.
 */
export async function unlessAway<T>(work: Promise<T>, isAway: () => boolean): Promise<T> {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setInterval(() => {
      if (performance.now() - began < PATIENCE_MILLIS || !isAway()) return;
      reject(
        new Problem(
          503,
          'database-unavailable',
          'The database does not answer at the moment. Send the same again in a few seconds, with the same action id: what was done already is not done twice.',
        ),
      );
    }, LOOK_MILLIS);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearInterval(timer);
    // Nobody waits for it any more; how it ends is told by its effect.
    work.catch(() => undefined);
  }
}
