import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { erasePrivateData, type Erased } from '../../stores/cases/private-data.ts';

export interface RetentionDeps {
  readonly db: Db;
  readonly clock: CityClock;
  readonly log: Log;
  /** Null: kept for good. */
  readonly contactDays: () => number | null;
}

/** Keeps the promise of the form for reports: what reporters said of themselves goes when its days are over. */
export interface Retention {
  start(): void;
  stop(): Promise<void>;
  /** Erases what is due now; null where everything is kept. */
  eraseDue(): Promise<Erased | null>;
}

const LOOK_EVERY_MILLIS = 3_600_000;
const DAY_MILLIS = 86_400_000;

export function retention(deps: RetentionDeps): Retention {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  const eraseDue = async (): Promise<Erased | null> => {
    const days = deps.contactDays();
    if (days === null) return null;
    const now = deps.clock.now();
    const before = new Date(now.getTime() - days * DAY_MILLIS);
    return deps.db.transaction((tx) => erasePrivateData(tx, before, now));
  };
  const look = (): void => {
    running = eraseDue().then(
      (erased) => {
        if (erased !== null && erased.contacts + erased.words > 0)
          deps.log.info(erased, 'private data erased, its days were over');
      },
      (error: unknown) => deps.log.warn({ err: error }, 'private data that is due was not erased; tried again in an hour'),
    );
  };
  return {
    eraseDue,
    start() {
      look();
      timer = setInterval(look, LOOK_EVERY_MILLIS);
      timer.unref();
    },
    stop() {
      clearInterval(timer);
      return running;
    },
  };
}
