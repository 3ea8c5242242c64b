import type { Plan, PlannedShift } from '../plan.ts';
import type { Alternative } from './explanation.ts';

/** For planOf: a plan that no search has made. */
export const NO_SEARCH = {
  seed: 0,
  iterations: 0,
  rounds: [],
  pace: { rounds: 0, filled: 0, steps: [] },
  maxChanges: null,
  forcedChanges: 0,
} as const;

/** What an alternative must say of the difference between two plans, worked out from the plans alone. */
export function figuresBetween(now: Plan, then: Plan, job: number): Alternative {
  const sum = (plan: Plan, of: (shift: PlannedShift) => number): number => plan.shifts.reduce((all, one) => all + of(one), 0);
  const before = stopsOf(now);
  const after = stopsOf(then);
  const others = [...after.keys()].filter((other) => other !== job).sort((a, b) => a - b);
  const placed = after.get(job)!;
  return {
    shift: placed.shift,
    position: placed.position,
    start: placed.start,
    late: placed.late,
    price: then.cost.total - now.cost.total,
    savedWithout: 0,
    extraTravel: (sum(then, ({ travel }) => travel) - sum(now, ({ travel }) => travel)) as Alternative['extraTravel'],
    extraMetres: (sum(then, ({ metres }) => metres) - sum(now, ({ metres }) => metres)) as Alternative['extraMetres'],
    extraOvertime: (sum(then, ({ overtime }) => overtime) - sum(now, ({ overtime }) => overtime)) as Alternative['extraOvertime'],
    slips: others.flatMap((other) => {
      const was = before.get(other);
      const is = after.get(other)!;
      if (was === undefined || is.start <= was.start) return [];
      const slipped = (is.start - was.start) as Alternative['start'];
      return [{ job: other, seconds: slipped, lateBefore: was.late, lateAfter: is.late }];
    }),
    moved: others.flatMap((other) => {
      const { shift } = after.get(other)!;
      return before.get(other)?.shift === shift ? [] : [{ job: other, shift }];
    }),
    leftOut: [...before.keys()].filter((other) => !after.has(other)).sort((a, b) => a - b),
  };
}

const stopsOf = (plan: Plan) =>
  new Map(
    plan.shifts.flatMap(({ shift, stops }) => stops.map((stop, position) => [stop.job, { ...stop, shift, position }] as const)),
  );
