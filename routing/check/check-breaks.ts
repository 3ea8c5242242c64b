import type { PlannedShift } from '../plan.ts';
import type { Problem, Shift } from '../problem.ts';
import { beginsAt, gapsOf, isFixed, legOf, within } from './plain-times.ts';
import type { Report } from './violation.ts';

/** Each break once and inside its window, apart from the others, or skipped for a reason. */
export function checkBreaks(problem: Problem, shift: Shift, planned: PlannedShift, report: Report): void {
  for (const wanted of shift.breaks) {
    const taken = planned.breaks.filter((b) => b.id === wanted.id);
    const skipped = planned.breaksSkipped.filter((id) => id === wanted.id);
    if (taken.length + skipped.length !== 1) report('break_not_once', `break ${wanted.id}`);
    const b = taken[0];
    if (b === undefined) {
      if (couldBeTaken(problem, shift, planned, wanted.id)) report('break_skipped_needlessly', `break ${wanted.id}`);
      continue;
    }
    if (!within(b.start, wanted.window)) report('break_outside_window', `break ${b.id} starts ${b.start}`);
    if (b.end !== b.start + wanted.length) report('break_length_wrong', `break ${b.id}`);
    if (b.start < beginsAt(problem, shift)) report('break_too_early', `break ${b.id}`);
    for (const other of planned.breaks) {
      if (other !== b && other.start < b.end && b.start < other.end) report('break_overlaps', `breaks ${b.id} and ${other.id}`);
    }
  }
  for (const b of planned.breaks) if (!shift.breaks.some(({ id }) => id === b.id)) report('break_unknown', `break ${b.id}`);
}

/**
 * With its fixed stops alone the crew would surely have been home, and done with all other breaks and gaps, in time for this
 * one.
 */
function couldBeTaken(problem: Problem, shift: Shift, planned: PlannedShift, id: string): boolean {
  const wanted = shift.breaks.find((b) => b.id === id);
  if (wanted === undefined) return false;
  const fixed = planned.stops.filter((stop) => {
    const job = problem.jobs[stop.job];
    return job !== undefined && isFixed(job);
  });
  const node = problem.jobs[fixed.at(-1)?.job ?? -1]?.node ?? shift.startNode;
  const slowest = Math.min(100, ...(problem.travel.speedByTime ?? []).map((piece) => piece.percent));
  const leg = shift.endNode === null ? null : legOf(problem, shift, node, shift.endNode);
  const home = Math.ceil(((leg?.seconds ?? 0) * 100) / slowest);
  const others = shift.breaks.reduce((sum, other) => sum + (other.id === id ? 0 : other.length), 0);
  const allOpen = Math.max(
    beginsAt(problem, shift),
    ...fixed.map((stop) => stop.end),
    ...shift.breaks.map((other) => other.window.from),
    ...gapsOf(shift).map((gap) => gap.until),
  );
  return allOpen + others + home <= wanted.window.until;
}
