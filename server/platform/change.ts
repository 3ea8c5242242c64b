import type { Db } from '../../db/knex.ts';
import type { Actor } from './actor.ts';
import type { CityClock } from './clock.ts';
import { recordEvents, type Change, type NewEvent, type ReaderRegistration } from './events.ts';
import type { IdMaker } from './ids.ts';

/** What every change of state needs from outside; made once in `app.ts`. */
export interface ChangeTools {
  readonly db: Db;
  readonly clock: CityClock;
  readonly ids: IdMaker;
  readonly readers: readonly ReaderRegistration[];
  /** Called after the commit with the seq of the first event, to wake the readers and the live stream. */
  readonly committed: (firstSeq: number, events: readonly NewEvent[]) => void;
}

export interface ChangeOptions {
  readonly actionId?: string | null;
  /** City time of the change when it is not the clock's present (a timer due a moment ago). */
  readonly at?: Date;
}

/** PostgreSQL's deadlock, serialisation failure: the whole transaction may simply be tried again. */
const RETRY = new Set(['40P01', '40001']);
const TRIES = 5;

const sqlState = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * Runs `work` in one transaction (READ COMMITTED) and writes its events as the last statement before commit.
 * Deadlocks are retried; anything else that is thrown rolls everything back.
 */
export async function inChange<T>(
  tools: ChangeTools,
  actor: Actor,
  work: (change: Change) => Promise<T>,
  options: ChangeOptions = {},
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const events: NewEvent[] = [];
    try {
      const { result, firstSeq } = await tools.db.transaction(async (tx) => {
        const now = options.at ?? tools.clock.now();
        const change: Change = {
          tx,
          actor,
          ids: tools.ids,
          now,
          receivedAt: tools.clock.now(),
          actionId: options.actionId ?? null,
          emit: (event) => events.push(event),
        };
        const result = await work(change);
        return { result, firstSeq: await recordEvents(change, events, tools.readers) };
      });
      if (firstSeq !== null) tools.committed(firstSeq, events);
      return result;
    } catch (error) {
      if (attempt >= TRIES || !RETRY.has(sqlState(error) ?? '')) throw error;
    }
  }
}
