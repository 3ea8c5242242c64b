import type { Draft } from '../draft.ts';
import { LOCK_PRICE, NONE } from '../instance.ts';
import type { Slip } from '../insert.ts';
import type { PlannedShift, PlannedStop } from '../plan.ts';
import { plannedShift } from '../report-plan.ts';
import { type Metres, type Seconds, seconds } from '../units.ts';
import type { Explainer } from './explainer.ts';
import type { Alternative } from './explanation.ts';

/** What a draft costs with the greatest lateness; a locked job left out counts as the search counts it. */
export function wholeCost({ instance, shifts, cost }: Draft): number {
  const perSecond = instance.problem.weights.worstLatePerSecond ?? 0;
  if (perSecond === 0) return cost;
  const lateness = shifts.flatMap(({ sequence }, s) => plannedShift(instance, s, sequence).stops.map(({ late }) => late));
  return cost + perSecond * Math.max(0, ...lateness);
}

/** What a draft costs as a plan reports it. */
export function realCost(draft: Draft): number {
  const { locked } = draft.instance;
  return wholeCost(draft) - LOCK_PRICE * draft.shiftOf.reduce((count, s, j) => count + (s === NONE ? locked[j]! : 0), 0);
}

/**
 * Says what is other in `then` than in the explainer's plan, job j being what it was made for.
 * @param savedWithout what the plan could be cheaper by without it
 */
export function describe({ draft: now, plan }: Explainer, then: Draft, j: number, savedWithout = 0): Alternative {
  const { instance } = then;
  const changed = [...now.shifts.keys()].filter((s) => then.shifts[s] !== now.shifts[s]);
  const before = changed.map((s) => plannedShift(now.instance, s, now.shifts[s]!.sequence));
  const after = changed.map((s) => plannedShift(instance, s, then.shifts[s]!.sequence));
  const extra = (of: (shift: PlannedShift) => number): number =>
    after.reduce((sum, shift) => sum + of(shift), 0) - before.reduce((sum, shift) => sum + of(shift), 0);
  const job = instance.jobIndex[j]!;
  const starts = stopsOf(before);
  const slips: Slip[] = [];
  const moved: { job: number; shift: number }[] = [];
  for (const { shift, stops } of after) {
    for (const stop of stops) {
      if (stop.job === job) continue;
      const was = starts.get(stop.job);
      if (was?.shift !== shift) moved.push({ job: stop.job, shift });
      if (was === undefined || stop.start <= was.stop.start) continue;
      slips.push({
        job: stop.job,
        seconds: seconds(stop.start - was.stop.start),
        lateBefore: was.stop.late,
        lateAfter: stop.late,
      });
    }
  }
  const kept = stopsOf(after);
  const leftOut = [...starts.keys()].filter((other) => !kept.has(other));
  const planned = placeOf(then, j);
  return {
    ...planned,
    price: realCost(then) - plan.cost.total + savedWithout,
    savedWithout,
    extraTravel: extra(({ travel }) => travel) as Seconds,
    extraMetres: extra(({ metres }) => metres) as Metres,
    extraOvertime: extra(({ overtime }) => overtime) as Seconds,
    slips: slips.sort((a, b) => a.job - b.job),
    moved: moved.sort((a, b) => a.job - b.job),
    leftOut: leftOut.sort((a, b) => a - b),
  };
}

function placeOf({ instance, shifts, shiftOf }: Draft, j: number): Pick<Alternative, 'shift' | 'position' | 'start' | 'late'> {
  const s = shiftOf[j]!;
  const position = shifts[s]!.sequence.indexOf(j);
  const planned = plannedShift(instance, s, shifts[s]!.sequence);
  const { start, late } = planned.stops[position]!;
  return { shift: planned.shift, position, start, late };
}

const stopsOf = (shifts: readonly PlannedShift[]): Map<number, { shift: number; stop: PlannedStop }> =>
  new Map(shifts.flatMap(({ shift, stops }) => stops.map((stop) => [stop.job, { shift, stop }] as const)));
