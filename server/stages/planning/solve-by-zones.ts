import { z } from 'zod';
import type { Db } from '../../../db/knex.ts';
import type { Plan } from '../../../routing/plan.ts';
import type { Problem as EngineProblem } from '../../../routing/problem.ts';
import type { Log } from '../../platform/log.ts';
import { Problem } from '../../platform/problem.ts';
import type { PlanRequestId } from '../../stores/plans/contract.ts';
import type { Lease, Taker } from '../../stores/plans/leases.ts';
import {
  endPlanPart,
  giveBackPart,
  insertPlanParts,
  listPlanParts,
  renewPartLease,
  takePlanPart,
  type PlanPart,
} from '../../stores/plans/parts.ts';
import type { PlanRecord } from '../../stores/plans/store.ts';
import { keepLease } from './keep-lease.ts';
import type { PlanEngine, SolveOptions } from './plan-engine.ts';
import { readResult, storedResult, type PlanPartResult } from './plan-result.ts';
import { readProblem, storeProblem } from './problem-document.ts';
import { joinPlans, problemOfZone, type Zone } from './zones.ts';

export interface PartDeps {
  readonly db: Db;
  readonly engine: PlanEngine;
  readonly log: Log;
  readonly taker: Pick<Taker, 'holder' | 'leaseMillis'>;
}

const Limits = z.strictObject({ seed: z.number(), iterations: z.int().nullable(), millis: z.number().nullable() });
export type PartLimits = z.infer<typeof Limits>;

const UNWANTED = new Error('the part is lost, or nobody wants it');
const LOOK_MILLIS = 200;
/** A zone that has cost so many planners their life is not tried again. */
const MOST_TAKINGS = 4;

/**
 * Takes one part of the request and solves it. False when there is none to take. Rejects with the signal's reason when that
 * is aborted: the part is given back. A part that fails says so in its row, where whoever makes the whole plan reads it.
 */
export async function solveOnePart(deps: PartDeps, requestId: PlanRequestId, signal: AbortSignal): Promise<boolean> {
  const { db, taker, log } = deps;
  const part = await takePlanPart(db, requestId, taker);
  if (part === null) return false;
  const lost = new AbortController();
  const early = new AbortController();
  const kept = keepLease(taker.leaseMillis, () => renewPartLease(db, part, taker.leaseMillis), {
    lost: () => lost.abort(UNWANTED),
    finishEarly: () => early.abort(),
  });
  const stop = AbortSignal.any([signal, lost.signal]);
  try {
    const plan = await solvePart(deps.engine, part, stop, early.signal);
    const bare = { epochUnixSeconds: 0, estimatedPairs: 0, shifts: [], slots: [], notAsked: [], parts: [] };
    await endPlanPart(db, part, { state: 'made', answer: storedResult({ ...bare, plan }) });
  } catch (error) {
    if (signal.aborted) {
      await giveBackPart(db, part);
      throw error;
    }
    if (lost.signal.aborted) return true;
    log.error({ err: error, planRequest: requestId, part: part.part }, 'a part of a plan could not be made');
    await endPlanPart(db, part, {
      state: 'failed',
      failure: 'The planner stopped unexpectedly in one zone; nothing was changed.',
    });
  } finally {
    kept.stop();
  }
  return true;
}

async function solvePart(engine: PlanEngine, part: PlanPart, signal: AbortSignal, finishEarly: AbortSignal): Promise<Plan> {
  if (part.taking > MOST_TAKINGS) throw new RangeError('several planners broke down over this part');
  const problem = await readProblem(part.problem);
  return engine.solveInWorker(problem, { ...Limits.parse(part.limits), signal, finishEarly });
}

export interface ZonesWatch {
  readonly signal: AbortSignal;
  /** How many zones are done. */
  readonly tell: (done: number) => void;
  /** Asks that many other planners to help. */
  readonly callForHelp: (helpers: number) => Promise<void>;
}

/**
 * Solves each zone as a job of its own: this process and whoever hears the call take them one by one, and the last to
 * end ends it. Returns them joined, with what each of them takes to be made again.
 */
export async function solveByZones(
  deps: PartDeps,
  lease: Lease,
  problem: EngineProblem,
  zones: readonly Zone[],
  limits: Pick<SolveOptions, 'seed' | 'iterations' | 'millis'>,
  watch: ZonesWatch,
): Promise<{ readonly plan: Plan; readonly parts: readonly PlanPartResult[] }> {
  const { db } = deps;
  const { seed, iterations, millis } = limits;
  const order: PartLimits = { seed, iterations, millis };
  const cut = [];
  for (const zone of zones) cut.push({ problem: await storeProblem(problemOfZone(problem, zone)), limits: order });
  if (!(await insertPlanParts(db, lease, cut))) throw UNWANTED;
  await watch.callForHelp(zones.length - 1);
  for (;;) {
    watch.signal.throwIfAborted();
    const parts = await listPlanParts(db, lease.requestId);
    const made = parts.filter((part) => part.state === 'made');
    watch.tell(made.length);
    for (const part of parts) if (part.state === 'failed') throw new Problem(500, 'zone-failed', part.failure);
    if (made.length === zones.length) {
      const solved = made.map(({ part, answer, madeBy }) => {
        const { plan } = readResult(answer as Pick<PlanRecord, 'result' | 'cost' | 'bound' | 'lp'>);
        return { zone: zones[part] ?? { shifts: [], jobs: [] }, plan, madeBy };
      });
      return {
        plan: joinPlans(solved),
        parts: solved.map(({ zone, plan, madeBy }) => ({
          shifts: [...zone.shifts],
          jobs: [...zone.jobs],
          iterations: plan.iterations,
          pace: plan.pace,
          madeBy,
        })),
      };
    }
    // The others are with somebody else: look again in a moment.
    if (!(await solveOnePart(deps, lease.requestId, watch.signal))) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MILLIS));
    }
  }
}
