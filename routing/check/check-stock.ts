import type { PlannedShift } from '../plan.ts';
import type { Problem, Shift } from '../problem.ts';
import type { Report } from './violation.ts';

/** Jobs whose stock is fetched on the way: the second ones of links on one shift. */
export const fetchedFor = (problem: Problem): ReadonlySet<number> =>
  new Set((problem.links ?? []).filter((link) => link.sameShift === true).map((link) => link.second));

/** Load at the start and after each stop, by dimension; see `Shift.capacity`. */
export function loadsOf(problem: Problem, jobs: readonly number[]): number[][] {
  const stops = jobs.map((index) => problem.jobs[index]);
  const dimensions = Math.max(0, ...stops.map((job) => Math.max(job?.uses?.length ?? 0, job?.collects?.length ?? 0)));
  const fetched = fetchedFor(problem);
  const load = Array.from({ length: dimensions }, (_, d) =>
    stops.reduce((sum, job, k) => sum + (fetched.has(jobs[k] ?? -1) ? 0 : (job?.uses?.[d] ?? 0)), 0),
  );
  const loads = [[...load]];
  for (const job of stops) {
    for (let d = 0; d < dimensions; d++) load[d] = (load[d] ?? 0) + (job?.collects?.[d] ?? 0) - (job?.uses?.[d] ?? 0);
    loads.push([...load]);
  }
  return loads;
}

/** Never less than nothing on board, never more than there is room for. Named once for each dimension, where it first fails. */
export function checkStock(problem: Problem, shift: Shift, planned: PlannedShift, report: Report): void {
  const told = new Set<string>();
  loadsOf(
    problem,
    planned.stops.map((stop) => stop.job),
  ).forEach((load, k) =>
    load.forEach((amount, d) => {
      const room = shift.capacity?.[d] ?? Infinity;
      const code = amount < 0 ? 'stock_below_zero' : amount > room ? 'stock_above_capacity' : null;
      if (code === null || told.has(`${code} ${d}`)) return;
      told.add(`${code} ${d}`);
      report(code, `dimension ${d}: ${amount} of ${room} after ${k} stops`, planned.stops[k - 1]?.job ?? null);
    }),
  );
}
