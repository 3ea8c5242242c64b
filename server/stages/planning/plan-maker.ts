import type { CachedRoads } from '../../../routing/roads/cached.ts';
import { systemActor, type Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { problemOf } from '../../platform/failure.ts';
import type { Log } from '../../platform/log.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanId, PlanProgress, PlanRequestId } from '../../stores/plans/contract.ts';
import {
  endPlanRequest,
  giveBackLease,
  renewLease,
  takePlanRequest,
  type PlanRequestEnd,
  type Taken,
  type Taker,
} from '../../stores/plans/leases.ts';
import { deletePlanParts } from '../../stores/plans/parts.ts';
import { roleOf, type PlanRequestRecord } from '../../stores/plans/requests.ts';
import { insertPlan } from '../../stores/plans/store.ts';
import { keepLease } from './keep-lease.ts';
import { makePlan, type MadePlan, type MakePlanDeps } from './make-plan.ts';
import type { PlanEngine } from './plan-engine.ts';
import type { PlanningPolicy } from './planning-policy.ts';
import { solveByZones, solveOnePart } from './solve-by-zones.ts';
import { inPhase } from './solving-progress.ts';

export interface PlanMakerDeps {
  readonly tools: ChangeTools;
  readonly roads: CachedRoads;
  readonly engine: PlanEngine;
  /** The policy in force; asked for each plan, since configuration may change while the process runs. */
  readonly policy: () => Promise<PlanningPolicy>;
  readonly log: Log;
  readonly taker: Taker;
  /** Rings for that many planners to take zones of this request. */
  readonly callForHelp: (id: PlanRequestId, helpers: number) => Promise<void>;
  /** Told of each step of each request it makes. */
  readonly onStep: (record: PlanRequestRecord, progress: PlanProgress | null) => void;
}

/** Makes plans of requests that it takes under a lease. What is written after the lease was lost is refused by the store. */
export interface PlanMaker {
  /** Takes the request and makes its plan; does nothing when it cannot be taken. Rejects only when it could not be asked for. */
  make(id: PlanRequestId): Promise<void>;
  /** Takes zones of a request that somebody makes, one after another, until there are none to take. */
  help(id: PlanRequestId): Promise<void>;
  /** How far one that is made here has come; null when it is not. */
  progressOf(id: PlanRequestId): PlanProgress | null;
  /** Looks at once, not at the next beat, whether it is still wanted. */
  look(id: PlanRequestId): Promise<void>;
  making(): number;
  /** Why the last plan failed here, null when it did not. */
  lastFailure(): string | null;
  /** Gives up what it makes and gives the leases back; takes nothing more. */
  stop(): Promise<void>;
}

const RETRY_MILLIS = 500;
/** A planner that stands still inside its last transaction holds rows that everybody waits for: the database ends it. */
const STANDSTILL_MILLIS = 5_000;
/** A request that has cost so many planners their life is not tried again. */
const MOST_LAPSES = 3;

const STOPPING = new Error('the planner is stopping');
const UNWANTED = new Error('the lease is lost or the request was cancelled');

interface Making {
  readonly taken: Taken;
  readonly controller: AbortController;
  readonly early: AbortController;
  progress: PlanProgress;
  look: () => Promise<void>;
  ended: Promise<void>;
}

export function planMaker(deps: PlanMakerDeps): PlanMaker {
  const { tools, log, taker } = deps;
  const { db, clock } = tools;
  const making = new Map<PlanRequestId, Making>();
  const helpers = new Set<Promise<void>>();
  const stopping = new AbortController();
  let stopped = false;
  let failure: string | null = null;

  /** Writes until the database takes it: a plan that was made is not lost because the database was away for a moment. */
  const surely = async <T>(signal: AbortSignal, write: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        if (stopped || signal.aborted || problemOf(error).status !== 503) throw error;
        await new Promise((resolve) => setTimeout(resolve, RETRY_MILLIS));
      }
    }
  };

  /** The draft, the end of its request and the event that says so, in one transaction. */
  const store = async ({ taken, controller }: Making, made: MadePlan): Promise<PlanId> => {
    const { request } = taken;
    const madeAt = clock.now();
    const id = tools.ids.next(madeAt) as PlanId;
    await surely(controller.signal, () =>
      inChange(tools, actorOf(request), async (change) => {
        await change.tx.raw(`set local idle_in_transaction_session_timeout = ${STANDSTILL_MILLIS}`);
        const draft = { ...made, id, requestedBy: request.requestedBy, requestedAt: request.requestedAt, madeAt };
        // Written by a try whose answer was lost with the connection.
        if (!(await insertPlan(change.tx, draft))) return;
        if (!(await endPlanRequest(change.tx, taken, { state: 'made', planId: id }, madeAt))) throw UNWANTED;
        change.emit({
          type: 'plan.drafted',
          planId: id,
          configVersionId: made.configVersionId,
          body: {
            requestId: request.id,
            serviceDay: made.serviceDay,
            reason: request.reason,
            roadsSource: made.roadsSource,
            cost: made.cost.total,
          },
        });
      }),
    );
    return id;
  };

  const end = async ({ taken, controller }: Making, how: PlanRequestEnd): Promise<void> => {
    if (!(await surely(controller.signal, () => endPlanRequest(db, taken, how, clock.now())))) throw UNWANTED;
    const { request } = taken;
    const planId = how.state === 'made' ? how.planId : null;
    deps.onStep({ ...request, state: how.state, planId, failure: how.state === 'failed' ? how.failure : null }, null);
  };

  const run = async (one: Making): Promise<void> => {
    const { taken, controller, early } = one;
    const { request } = taken;
    const tell = (progress: PlanProgress): void => {
      one.progress = { ...progress, finishing: early.signal.aborted };
      deps.onStep(request, one.progress);
    };
    try {
      if (taken.lapses >= MOST_LAPSES) throw new Problem(500, 'plan-kills-planners', KILLS);
      const policy = await deps.policy();
      const order = {
        serviceDay: request.serviceDay,
        at: clock.now(),
        repeatable: clock.kind === 'simulated',
        options: request.options,
        policy,
      };
      const watch = { signal: controller.signal, finishEarly: early.signal, tell };
      const byZones: MakePlanDeps['byZones'] = (problem, zones, limits, tellDone) =>
        solveByZones({ db, engine: deps.engine, log, taker }, taken, problem, zones, limits, {
          signal: controller.signal,
          tell: tellDone,
          callForHelp: (helpers) => deps.callForHelp(request.id, helpers),
        });
      const made = await makePlan({ db, roads: deps.roads, engine: deps.engine, byZones }, order, watch);
      controller.signal.throwIfAborted();
      const planId = await store(one, made);
      failure = null;
      deps.onStep({ ...request, state: 'made', planId }, null);
    } catch (error) {
      if (stopped) return await giveBackLease(db, taken);
      if (controller.signal.aborted || error === UNWANTED) {
        log.info({ planRequest: request.id, fence: taken.fence }, 'given up: cancelled, or another planner has it');
        return;
      }
      const why = sentence(error);
      failure = why;
      log.error({ err: error, planRequest: request.id }, 'a plan could not be made');
      await end(one, { state: 'failed', failure: why });
    }
  };

  return {
    async make(id) {
      if (stopped || making.has(id)) return;
      const taken = await takePlanRequest(db, id, taker);
      if (taken === null) return;
      const one: Making = {
        taken,
        controller: new AbortController(),
        early: new AbortController(),
        progress: inPhase('reading'),
        look: () => Promise.resolve(),
        ended: Promise.resolve(),
      };
      making.set(id, one);
      const kept = keepLease(taker.leaseMillis, () => renewLease(db, taken, taker.leaseMillis, one.progress), {
        lost: () => one.controller.abort(UNWANTED),
        finishEarly() {
          if (one.early.signal.aborted) return;
          one.early.abort();
          one.progress = { ...one.progress, finishing: true };
        },
      });
      one.look = kept.look;
      one.ended = run(one)
        .catch((error: unknown) => {
          if (error !== UNWANTED) log.error({ err: error, planRequest: id }, 'the end of a plan could not be written');
        })
        .then(() => deletePlanParts(db, taken).catch(() => undefined))
        .finally(() => {
          kept.stop();
          making.delete(id);
        });
      if (stopped) one.controller.abort(STOPPING);
      await one.ended;
    },
    async help(id) {
      const helping = (async () => {
        while (!stopped && (await solveOnePart({ db, engine: deps.engine, log, taker }, id, stopping.signal)));
      })();
      helpers.add(helping);
      try {
        await helping;
      } catch (error) {
        if (!stopped) throw error;
      } finally {
        helpers.delete(helping);
      }
    },
    progressOf: (id) => making.get(id)?.progress ?? null,
    look: async (id) => making.get(id)?.look(),
    making: () => making.size,
    lastFailure: () => failure,
    async stop() {
      stopped = true;
      const all = [...making.values()];
      for (const { controller } of all) controller.abort(STOPPING);
      stopping.abort(STOPPING);
      await Promise.allSettled([...all.map(({ ended }) => ended), ...helpers]);
    },
  };
}

/** In whose name the plan is made: the account that asked, in the role it had. */
function actorOf(request: PlanRequestRecord): Actor {
  return { ...systemActor, role: roleOf(request.requestedRole), accountId: request.requestedBy };
}

const KILLS =
  'The planner broke down several times while making this plan; it is not tried again. Tell the administrator: memory is the likeliest cause.';

function sentence(error: unknown): string {
  if (error instanceof Problem) return error.message;
  const problem = problemOf(error);
  if (problem.status === 503) return 'The database could not be reached while the plan was being made; ask again.';
  return 'The planner stopped unexpectedly; nothing was changed. Ask again, and tell the administrator if it happens twice.';
}
