import { run, Logger, parseCronItems, runMigrations, type Runner } from 'graphile-worker';
import { Pool } from 'pg';
import type { Db, DbConnection } from '../../db/knex.ts';
import type { Log } from './log.ts';

/** Work that nobody waits for, done again and again: it must bear being ended at any moment and begun anew. */
export interface BackgroundJob {
  /** Also the name of its task in the queue. */
  readonly name: string;
  readonly everyMinutes: 1 | 2 | 5 | 10 | 30 | 60;
  /** What it throws is told by the log and in health, and it is tried again. */
  run(signal: AbortSignal): Promise<void>;
}

/** Does jobs when they are due. One that fails holds up no other. */
export interface BackgroundJobs {
  start(): Promise<void>;
  /** Tells what runs to end, and waits for it. */
  stop(): Promise<void>;
  /** Jobs of this process that failed at their last try. */
  failing(): readonly string[];
}

/** Opens a runner of these jobs. */
export type OpenBackgroundJobs = (jobs: readonly BackgroundJob[]) => BackgroundJobs;

const MINUTE_MILLIS = 60_000;
const RETRY_MILLIS = MINUTE_MILLIS;
const STOP_MILLIS = 5_000;
const RESTART_MILLIS = 1_000;
const POLL_MILLIS = 5_000;
const MOST_TRIES = 5;

/** Remembers which jobs fail. */
function watched(job: BackgroundJob, failures: Set<string>, log: Log): (signal: AbortSignal) => Promise<void> {
  return async (signal) => {
    try {
      await job.run(signal);
      failures.delete(job.name);
    } catch (error) {
      if (signal.aborted) return;
      failures.add(job.name);
      log.warn({ err: error, job: job.name }, 'a background job failed; it is tried again');
      throw error;
    }
  };
}

/** One after another in this process: for the embedded database, which has one connection for everybody. */
export function inProcessJobs(log: Log): OpenBackgroundJobs {
  return (jobs) => {
    const failures = new Set<string>();
    const ending = new AbortController();
    const timers = new Map<string, NodeJS.Timeout>();
    let last: Promise<void> = Promise.resolve();

    const plan = (job: BackgroundJob, millis: number): void => {
      const work = watched(job, failures, log);
      const due = (): void => {
        last = last.then(async () => {
          if (ending.signal.aborted) return;
          const failed = await work(ending.signal).then(
            () => false,
            () => true,
          );
          if (!ending.signal.aborted) plan(job, failed ? RETRY_MILLIS : job.everyMinutes * MINUTE_MILLIS);
        });
      };
      timers.set(job.name, setTimeout(due, millis).unref());
    };
    return {
      start() {
        for (const job of jobs) plan(job, 0);
        return Promise.resolve();
      },
      async stop() {
        ending.abort();
        for (const timer of timers.values()) clearTimeout(timer);
        await last;
      },
      failing: () => [...failures],
    };
  };
}

/** Any numbers, the same in every process: PostgreSQL's advisory locks for one job each. */
const LOCK_SPACE = 5_194_377;

/**
 * Jobs in the queue of a PostgreSQL that any number of servers share: each is due once for all of them. The library locks
 * what a server was at when it died for four hours; a job is rung for anew at its next time, and whether another still
 * runs it is asked of the database, which knows at once.
 */
export function queuedJobs(deps: { readonly connection: DbConnection; readonly db: Db; readonly log: Log }): OpenBackgroundJobs {
  return (jobs) => {
    const { log, db } = deps;
    const failures = new Set<string>();
    const ending = new AbortController();
    // One connection listens, one works, one is to spare.
    const pool = new Pool({
      connectionString: deps.connection.url,
      application_name: 'thuma-jobs',
      max: 3,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    const broke = (error: Error): void => log.debug({ err: error }, 'a connection of the background jobs broke');
    pool.on('error', broke);
    // The pool listens only while a connection is idle.
    pool.on('connect', (client) => client.on('error', broke));
    const logger = new Logger(() => (level, message) => {
      if (level === 'error' || level === 'warning') log.debug({ from: 'background jobs' }, message);
    });
    let runner: Runner | null = null;
    let keeping: Promise<void> | null = null;
    let wake = (): void => undefined;

    const alone = async (job: BackgroundJob, number: number): Promise<void> => {
      const work = watched(job, failures, log);
      await db.transaction(async (lock) => {
        const answer = await lock.raw<{ rows: { got: boolean }[] }>('select pg_try_advisory_xact_lock(?, ?) as got', [
          LOCK_SPACE,
          number,
        ]);
        if (answer.rows[0]?.got === true) await work(ending.signal);
      });
    };
    const options = {
      pgPool: pool,
      concurrency: 1,
      pollInterval: POLL_MILLIS,
      noHandleSignals: true,
      logger,
      parsedCronItems: parseCronItems(
        jobs.map(({ name, everyMinutes }) => ({
          task: name,
          match: everyMinutes === 60 ? '7 * * * *' : `*/${everyMinutes} * * * *`,
          identifier: name,
          options: { maxAttempts: MOST_TRIES, jobKey: name, backfillPeriod: everyMinutes * MINUTE_MILLIS },
        })),
      ),
      taskList: Object.fromEntries(jobs.map((job, number) => [job.name, () => alone(job, number)])),
    };

    /** A runner gives up when it cannot even say that a job is done; another one is begun. */
    const keepRunning = async (): Promise<void> => {
      while (!ending.signal.aborted) {
        try {
          await runMigrations({ pgPool: pool, logger });
          runner = await run(options);
          if (!ending.signal.aborted) await runner.promise;
        } catch (error) {
          if (!ending.signal.aborted) log.warn({ err: error }, 'the background jobs stopped and are begun again');
        }
        if (ending.signal.aborted) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, RESTART_MILLIS).unref();
        });
      }
    };
    return {
      start() {
        keeping = keepRunning();
        return Promise.resolve();
      },
      async stop() {
        ending.abort();
        wake();
        const all = Promise.all([runner?.stop().catch(() => undefined), keeping]).then(() => pool.end());
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, STOP_MILLIS)))]);
        clearTimeout(timer);
      },
      failing: () => [...failures],
    };
  };
}
