import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '../../../db/knex.ts';
import { readLastSeq } from '../../platform/clock-http.ts';
import type { RecordedEvent } from '../../platform/deliveries.ts';
import type { Log } from '../../platform/log.ts';
import type { Reach } from '../../platform/reach.ts';
import type { EventPage } from '../../stores/events/contract.ts';
import { listAreasOf, listEventsAfter } from '../../stores/events/store.ts';
import { maySee, viewOf } from '../../stores/events/view.ts';

export interface FeedDeps {
  readonly db: Db;
  readonly log: Log;
  /** How long a commit may go unnoticed when nobody wakes the feed (another process, a lost wake). */
  readonly pollMillis: number;
}

/** Who reads the log, and how far their right goes. */
export interface FeedReader {
  readonly reach: Reach;
  readonly accountId: string | null;
}

/** The event log as it grows. It is read from the table after the commit: a restart of anything loses nothing. */
export interface EventFeed {
  /** Seq of the newest event that was read; null before the first reading. */
  head(): number | null;
  /** Something was committed. */
  wake(): void;
  /** Told with each run of new events, in order. */
  listen(heard: (events: readonly RecordedEvent[]) => void): () => void;
  /** What the reader may see after this seq, up to `limit` events of the log. */
  page(reader: FeedReader, after: number, limit: number): Promise<EventPage>;
  /** False from a reading that failed to the next that succeeds. */
  reading(): boolean;
  stop(): Promise<void>;
}

const READ_AT_ONCE = 1000;
/** Who asks is answered from memory in the end, also while the database hangs. */
const CATCH_UP_MILLIS = 500;
/** Newest events kept in memory, so that ten desks do not read the same rows ten times. */
const KEPT = 5_000;

export function eventFeed(deps: FeedDeps): EventFeed {
  const { db, log } = deps;
  const listeners = new Set<(events: readonly RecordedEvent[]) => void>();
  let kept: RecordedEvent[] = [];
  /** Everything after this seq and up to head is in `kept`. */
  let keptAfter = 0;
  let head: number | null = null;
  let away = false;
  let stopped = false;
  let again = false;
  let reading: Promise<void> | null = null;
  let timer: NodeJS.Timeout | undefined;

  async function readOn(): Promise<void> {
    if (head === null) {
      head = await readLastSeq(db);
      keptAfter = head;
    }
    for (;;) {
      const events = await listEventsAfter(db, head, READ_AT_ONCE);
      const last = events.at(-1);
      if (last === undefined || stopped) return;
      head = last.seq;
      kept.push(...events);
      if (kept.length > 2 * KEPT) {
        kept = kept.slice(-KEPT);
        keptAfter = kept[0]!.seq - 1;
      }
      for (const heard of listeners) heard(events);
      if (events.length < READ_AT_ONCE) return;
    }
  }

  async function look(): Promise<void> {
    clearTimeout(timer);
    try {
      await readOn();
      if (away) log.info('events are read again');
      away = false;
    } catch (error) {
      if (!away) log.warn({ err: error }, 'events cannot be read; what happens meanwhile is told afterwards');
      away = true;
    }
  }

  function wake(): void {
    if (stopped) return;
    if (reading) {
      again = true;
      return;
    }
    reading = look().finally(() => {
      reading = null;
      if (stopped) return;
      if (again) {
        again = false;
        wake();
      } else timer = setTimeout(wake, deps.pollMillis).unref();
    });
  }

  /**
   * Who was told of a commit finds it in the log: the reading under way may have begun before it, the next has not.
   */
  async function caughtUp(): Promise<void> {
    for (let readings = 0; readings < 2 && reading !== null && !away; readings++) {
      const patience = new AbortController();
      await Promise.race([reading, sleep(CATCH_UP_MILLIS, undefined, { signal: patience.signal }).catch(() => undefined)]);
      patience.abort();
    }
  }

  async function eventsAfter(after: number, limit: number): Promise<RecordedEvent[]> {
    if (head !== null && after >= keptAfter) {
      const first = kept.findIndex((event) => event.seq > after);
      return first === -1 ? [] : kept.slice(first, first + limit);
    }
    return listEventsAfter(db, after, limit);
  }

  wake();
  return {
    head: () => head,
    wake,
    listen(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
    async page({ reach, accountId }, after, limit) {
      await caughtUp();
      const events = await eventsAfter(after, limit);
      const areas = reach.areaIds.length > 0 ? await areasOf(db, events) : new Map<string, readonly string[]>();
      const through = events.at(-1)?.seq ?? after;
      return {
        after,
        through,
        events: events.filter((event) => maySee(reach, event, areas)).map((event) => viewOf(event, accountId)),
        more: events.length === limit,
      };
    },
    reading: () => !away,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await reading;
    },
  };
}

function areasOf(db: Db, events: readonly RecordedEvent[]): Promise<Map<string, readonly string[]>> {
  return listAreasOf(db, {
    caseIds: [...new Set(events.flatMap((event) => event.caseId ?? []))],
    jobIds: [...new Set(events.flatMap((event) => event.jobId ?? []))],
  });
}
