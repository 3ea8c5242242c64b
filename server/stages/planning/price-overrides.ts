import type { NewEvent } from '../../platform/events.ts';
import type { Log } from '../../platform/log.ts';
import { Problem } from '../../platform/problem.ts';
import { listUnpriced, setOverridePrice, type UnpricedOverride } from '../../stores/overrides/store.ts';
import type { AskerInThreads } from './asking/start-asker.ts';
import { listCandidates, type CandidateDeps } from './candidates.ts';
import type { JobCandidates } from './contract.ts';

/** Puts the price of the moment beside what dispatchers decide, behind their backs: nobody waits for it. */
export interface OverridePrices {
  /** Something was committed: returns at once. */
  changed(events: readonly NewEvent[]): void;
  /** Waits until everything heard of is priced, or cannot be. */
  idle(): Promise<void>;
  stop(): Promise<void>;
}

/** What was decided longer ago, in city time, would get the price of another moment: it gets none. */
const FRESH_MILLIS = 120_000;
const BATCH = 20;
/** A plan that was then older, in city time, is not asked: its crews have driven on. */
const PLAN_MILLIS = 15 * 60_000;
const WHOLE_CITY = { organisationId: null, areaIds: [] } as const;

export interface OverridePriceDeps extends CandidateDeps {
  readonly log: Log;
  readonly asker: Pick<AskerInThreads, 'price'>;
}

export function overridePrices(deps: OverridePriceDeps): OverridePrices {
  const { tools, log } = deps;
  const ending = new AbortController();
  const tried = new Set<string>();
  let running: Promise<void> | null = null;
  let again = false;

  async function priceAll(): Promise<void> {
    do {
      again = false;
      const since = new Date(tools.clock.now().getTime() - FRESH_MILLIS);
      const open = (await listUnpriced(tools.db, since, BATCH)).filter(({ actionId }) => !tried.has(actionId));
      for (const one of open) {
        if (ending.signal.aborted) return;
        tried.add(one.actionId);
        const price = await priceOf(one);
        if (price !== null) await setOverridePrice(tools.db, one.actionId, price);
      }
      if (open.length === BATCH) again = true;
    } while (again && !ending.signal.aborted);
    // What was tried and is old is not listed again.
    if (tried.size > MOST_TRIED) tried.clear();
  }

  async function priceOf(one: UnpricedOverride): Promise<number | null> {
    try {
      const { jobId, slot, serviceDay } = one;
      const byPlan = await priceByPlan(one);
      if (byPlan !== null) return Math.round(byPlan);
      return priceAmong(await listCandidates(deps, WHOLE_CITY, { jobId, slot, serviceDay }, ending.signal), one);
    } catch (error) {
      // It has gone on meanwhile: nobody could take it now.
      if (error instanceof Problem && error.status < 500) return null;
      throw error;
    }
  }

  /** What the plan says of another crew than its own: with what slips, moves and stays out. null where it cannot say. */
  async function priceByPlan({
    planId,
    planAgeMillis,
    jobId,
    slot,
    fromShiftId,
    toShiftId,
  }: UnpricedOverride): Promise<number | null> {
    if (planId === null || planAgeMillis === null || planAgeMillis > PLAN_MILLIS) return null;
    if (fromShiftId === null || fromShiftId === toShiftId) return null;
    try {
      return await deps.asker.price(planId, { jobId, slot, shiftId: toShiftId }, ending.signal);
    } catch (error) {
      // It did not know the shift, or is of another version.
      if (error instanceof Problem && error.status < 500) return null;
      throw error;
    }
  }

  const wake = (): void => {
    again = true;
    running ??= priceAll()
      .catch((error: unknown) => {
        if (!ending.signal.aborted) log.warn({ err: error }, 'what an override costs could not be worked out');
      })
      .finally(() => {
        running = null;
      });
  };

  return {
    changed(events) {
      if (!ending.signal.aborted && events.some(isGivenByHand)) wake();
    },
    async idle() {
      while (running !== null) await running;
    },
    async stop() {
      ending.abort();
      await running;
    },
  };
}

const MOST_TRIED = 10_000;

const isGivenByHand = ({ type, body }: NewEvent): boolean =>
  (type === 'assignment.planned' || type === 'assignment.moved') && body['by'] === 'dispatcher';

/**
 * Where no plan can say it: what the chosen crew costs more than the crew of the plan, or, where that can no longer take it or there was none, than the
 * cheapest; null when the chosen one cannot be priced.
 */
function priceAmong({ candidates }: JobCandidates, one: UnpricedOverride): number | null {
  const costOf = (shiftId: string | null): number | undefined =>
    candidates.find((candidate) => candidate.shiftId === shiftId)?.fit?.extraCost;
  const chosen = costOf(one.toShiftId);
  if (chosen === undefined) return null;
  const cheapest = Math.min(...candidates.flatMap(({ fit }) => (fit === null ? [] : [fit.extraCost])));
  return Math.round(chosen - (costOf(one.fromShiftId) ?? cheapest));
}
