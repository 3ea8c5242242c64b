import type { Db } from '../../../db/knex.ts';
import type { PlanRequestId } from '../../stores/plans/contract.ts';
import type { RunsIn } from '../../stores/plans/requests.ts';

/**
 * Wakes planners. The request's row is the truth and says who may take it; a queue is only the bell, so that one that
 * rings twice, or for nothing, does no harm.
 */
export interface PlanQueue {
  readonly runsIn: RunsIn;
  /** Made ready to be rung. */
  ready(): Promise<void>;
  /** Rings for a request, when the transaction commits. */
  add(tx: Db, id: PlanRequestId): Promise<void>;
  /** Rings for so many planners to help with the zones of a request. */
  callForHelp(db: Db, id: PlanRequestId, helpers: number): Promise<void>;
  /** The transaction in which something was added has committed. */
  committed(): void;
  /** Begins to make plans. The queue of one process makes what it is rung for without. */
  start(): Promise<void>;
  /** Wakes nobody any more, and waits for what runs. */
  stop(): Promise<void>;
}

/** What a planner does when it is rung for. */
export interface PlanDuties {
  make(id: PlanRequestId): Promise<void>;
  help(id: PlanRequestId): Promise<void>;
}

/** Opens a queue whose planners have these duties. */
export type OpenPlanQueue = (duties: PlanDuties) => PlanQueue;

/**
 * One after another in this process: for a simulated city, whose clock is this process's own, and for the embedded
 * database, which is one process's too and has no second connection that could listen.
 */
export const inProcessQueue: OpenPlanQueue = ({ make }) => {
  let waiting: PlanRequestId[] = [];
  let working: Promise<void> | null = null;
  let stopped = false;

  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined && !stopped; id = waiting.shift()) {
      // It could not be asked for: whoever looks for what waits will ring again.
      await make(id).catch(() => undefined);
    }
  };

  return {
    runsIn: 'server',
    ready: () => Promise.resolve(),
    add(_tx, id) {
      if (!waiting.includes(id)) waiting = [...waiting, id];
      return Promise.resolve();
    },
    // There is nobody else: whoever makes the plan makes its zones.
    callForHelp: () => Promise.resolve(),
    committed() {
      if (stopped || working !== null) return;
      working = work().finally(() => {
        working = null;
        // Rung after the last one was done and before this was known.
        if (waiting.length > 0) this.committed();
      });
    },
    start: () => Promise.resolve(),
    async stop() {
      stopped = true;
      waiting = [];
      await working;
    },
  };
};
