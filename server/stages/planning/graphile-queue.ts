import { Logger, run, runMigrations, type Runner, type RunnerOptions } from 'graphile-worker';
import { Pool } from 'pg';
import type { Db, DbConnection } from '../../../db/knex.ts';
import type { Log } from '../../platform/log.ts';
import { PlanRequestId } from '../../stores/plans/contract.ts';
import type { OpenPlanQueue } from './plan-queue.ts';

const TASK = 'make_plan';
const HELP_TASK = 'make_plan_zones';
/** The bell is heard at once; this is for one that was rung while nobody listened. */
const POLL_MILLIS = 2_000;
const RESTART_MILLIS = 1_000;
const STOP_MILLIS = 5_000;
/** A job of ours fails only when the database is away; what is open is rung for again all the same. */
const MOST_TRIES = 5;

export interface GraphileQueueOptions {
  readonly connection: DbConnection;
  /** Plans made at a time in this process; 0: it only rings. */
  readonly concurrency: number;
  readonly log: Log;
}

/**
 * The queue of a city with a PostgreSQL of its own: any number of processes on any machines share it. Graphile Worker
 * keeps its tables in the schema `graphile_worker`, which it makes and migrates itself.
 */
export function graphileQueue({ connection, concurrency, log }: GraphileQueueOptions): OpenPlanQueue {
  return (duties) => {
    // One connection listens, each plan in the making takes one for a moment, one is to spare.
    const pool = new Pool({
      connectionString: connection.url,
      application_name: 'thuma-plan-queue',
      max: concurrency + 2,
      connectionTimeoutMillis: 5_000,
      keepAlive: true,
    });
    const broke = (error: Error): void => log.debug({ err: error }, 'a connection of the plan queue broke');
    pool.on('error', broke);
    // The pool listens only while a connection is idle.
    pool.on('connect', (client) => client.on('error', broke));
    const options: RunnerOptions = {
      pgPool: pool,
      concurrency,
      pollInterval: POLL_MILLIS,
      noHandleSignals: true,
      parsedCronItems: [],
      logger: new Logger(() => (level, message) => {
        // It tells of each job; what became of a plan is told by its maker.
        if (level === 'error' || level === 'warning') log.warn({ from: 'plan queue' }, message);
        else log.debug({ from: 'plan queue' }, message);
      }),
      taskList: {
        [TASK]: (payload) => duties.make(readPayload(payload)),
        [HELP_TASK]: (payload) => duties.help(readPayload(payload)),
      },
    };
    let migrated: Promise<void> | null = null;
    let runner: Runner | null = null;
    let stopped = false;
    let keeping: Promise<void> | null = null;
    let wake = (): void => undefined;

    const ready = async (): Promise<void> => {
      migrated ??= runMigrations({ pgPool: pool, logger: options.logger! });
      try {
        await migrated;
      } catch (error) {
        migrated = null;
        throw error;
      }
    };

    /** A runner gives up when it cannot even say that a job is done; another one is begun. */
    const keepRunning = async (): Promise<void> => {
      while (!stopped) {
        try {
          runner = await run(options);
          if (!stopped) await runner.promise;
        } catch (error) {
          if (!stopped) log.warn({ err: error }, 'the plan queue stopped and is begun again');
        }
        if (stopped) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
          setTimeout(resolve, RESTART_MILLIS).unref();
        });
      }
    };

    return {
      runsIn: 'queue',
      ready,
      // The same key for the same request: however often it is rung for, one job waits.
      add: (tx, id) => addJob(tx, TASK, id, id),
      async callForHelp(db, id, helpers) {
        for (let n = 0; n < helpers; n++) await addJob(db, HELP_TASK, id, `${id} zones ${n}`);
      },
      committed: () => undefined,
      async start() {
        await ready();
        if (concurrency > 0) keeping = keepRunning();
      },
      async stop() {
        stopped = true;
        wake();
        // Without the database it cannot say goodbye; its jobs are nobody's then, and are rung for again.
        const all = Promise.all([runner?.stop().catch(() => undefined), keeping]).then(() => pool.end());
        let timer: NodeJS.Timeout | undefined;
        await Promise.race([all, new Promise((resolve) => (timer = setTimeout(resolve, STOP_MILLIS)))]);
        clearTimeout(timer);
      },
    };
  };
}

async function addJob(tx: Db, task: string, requestId: PlanRequestId, key: string): Promise<void> {
  await tx.raw('select graphile_worker.add_job(?, cast(? as json), job_key => ?, max_attempts => ?)', [
    task,
    JSON.stringify({ requestId }),
    key,
    MOST_TRIES,
  ]);
}

function readPayload(payload: unknown): PlanRequestId {
  const id = typeof payload === 'object' && payload !== null && 'requestId' in payload ? payload.requestId : undefined;
  return PlanRequestId.parse(id);
}
