import type { Db } from '../../../../db/knex.ts';
import type { CityClock } from '../../../platform/clock.ts';
import type { Log } from '../../../platform/log.ts';
import { noteKnocks, type Knock } from '../../../stores/accounts/seen-trackers.ts';

/** Trackers that are not let in, gathered in memory and written down now and then. */
export interface Knocks {
  note(knock: Omit<Knock, 'firstAt' | 'lastAt' | 'count'>): void;
  /** Writes what is waiting; rejects with what the database threw, and then keeps it. */
  write(): Promise<void>;
  stop(): Promise<void>;
}

/** Strangers can make up ids faster than anybody writes: beyond this the newest are not noted. */
const MOST_WAITING = 200;
const WRITE_MILLIS = 2_000;

/** @param deps the list of `stores/accounts/seen-trackers.ts` is on this database, its times on the city's clock */
export function gatherKnocks(deps: { readonly db: Db; readonly clock: CityClock; readonly log: Log }): Knocks {
  let waiting = new Map<string, Knock>();
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    const taken = waiting;
    waiting = new Map();
    try {
      await noteKnocks(deps.db, [...taken.values()], deps.clock.now());
    } catch (error) {
      for (const [key, knock] of taken) if (!waiting.has(key)) waiting.set(key, knock);
      throw error;
    }
  }

  function soon(): void {
    timer ??= setTimeout(() => {
      writing = write().catch((error: unknown) => {
        deps.log.debug({ err: error }, 'who was not let in could not be written down yet');
      });
    }, WRITE_MILLIS).unref();
  }

  return {
    note(knock) {
      const now = deps.clock.now();
      const key = `${knock.protocol} ${knock.trackerId}`;
      const before = waiting.get(key);
      if (before === undefined && waiting.size >= MOST_WAITING) return;
      waiting.set(key, {
        ...knock,
        place: knock.place ?? before?.place ?? null,
        firstAt: before?.firstAt ?? now,
        lastAt: now,
        count: (before?.count ?? 0) + 1,
      });
      soon();
    },
    write,
    async stop() {
      await writing;
      await write().catch((error: unknown) => deps.log.debug({ err: error }, 'who was not let in is not written down'));
    },
  };
}
