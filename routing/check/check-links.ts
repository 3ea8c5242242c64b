import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { isFixed } from './plain-times.ts';
import type { Report } from './violation.ts';

interface Place {
  readonly shift: number;
  readonly position: number;
  readonly start: number;
}

/** Both jobs of a link or neither, their starts between the lags, on one shift where the link says so; see `Link`. */
export function checkLinks(problem: Problem, plan: Plan, report: Report): void {
  const places = new Map<number, Place>();
  for (const { shift, stops } of plan.shifts) {
    stops.forEach(({ job, start }, position) => places.set(job, { shift, position, start }));
  }
  for (const link of problem.links ?? []) {
    const first = problem.jobs[link.first];
    const second = problem.jobs[link.second];
    if (first === undefined || second === undefined || (isFixed(first) && isFixed(second))) continue;
    const one = places.get(link.first);
    const other = places.get(link.second);
    if (one === undefined || other === undefined) {
      if (one !== undefined && !isFixed(first)) report('linked_job_left_out', `without job ${link.second}`, link.first);
      if (other !== undefined && !isFixed(second)) report('linked_job_left_out', `without job ${link.first}`, link.second);
      continue;
    }
    const lag = other.start - one.start;
    if (lag < link.leastLag) report('lag_too_short', `${lag} s after job ${link.first}, at least ${link.leastLag}`, link.second);
    if (link.mostLag !== null && lag > link.mostLag) {
      report('lag_too_long', `${lag} s after job ${link.first}, at most ${link.mostLag}`, link.second);
    }
    if (link.sameShift !== true) continue;
    if (one.shift !== other.shift) report('linked_to_other_shift', `job ${link.first} is in shift ${one.shift}`, link.second);
    else if (one.position > other.position) report('linked_order_broken', `before job ${link.first}`, link.second);
  }
}
