import type { Interval, Job, Link, Problem, Shift, TravelMatrix } from '../problem.ts';
import { seconds } from '../units.ts';

/** In the problem of one day: the shift it is about. */
export const OWN_SHIFT = 0;

/**
 * The problem of one shift's day by itself: its stops and one more job, which is the last of the list; `stops` and `job` are
 * indices of the whole problem. `span`: the job may start within it only, for what it is linked to elsewhere; null = any time.
 * See `partProblem` for what is the same as in the whole.
 */
export function dayProblem(whole: Problem, shift: number, stops: readonly number[], job: number, span: Interval | null): Problem {
  const part = partProblem(whole, [shift], [...stops, job]);
  const asked = part.jobs[stops.length]!;
  if (span === null) return part;
  return { ...part, jobs: part.jobs.with(stops.length, { ...asked, windows: withinSpan(asked.windows, span) }) };
}

/**
 * The problem of some shifts by themselves, with these jobs, all in the order given (indices of the whole problem). What their
 * days may be and what they cost is the same as in the whole problem, since a day reads nothing of other days but
 * - where the plan in force has a stop: on another shift, which is here one that is over and can do nothing, the last;
 * - starts that linked jobs have agreed on with jobs elsewhere: the caller holds them. Links within the list stay;
 * - what the whole plan has one price or limit for: the greatest lateness and the changes, which the caller adds up.
 * Throws RangeError for a shift or a job that the problem does not have.
 */
export function partProblem(whole: Problem, shifts: readonly number[], list: readonly number[]): Problem {
  const nodes: number[] = [];
  const places = new Map<number, number>();
  const nodeOf = (node: number): number => {
    const known = places.get(node) ?? nodes.push(node) - 1;
    places.set(node, known);
    return known;
  };
  const own = shifts.map((index): Shift => {
    const shift = whole.shifts[index];
    if (shift === undefined) throw new RangeError(`no shift ${index}`);
    const { startNode, endNode } = shift;
    return { ...shift, startNode: nodeOf(startNode), endNode: endNode === null ? null : nodeOf(endNode) };
  });
  const jobs = list.map((index): Job => {
    const each = whole.jobs[index];
    if (each === undefined) throw new RangeError(`no job ${index}`);
    const { inForce, declinedBy = [] } = each;
    const held = inForce === null ? -1 : shifts.indexOf(inForce.shift);
    return {
      ...each,
      node: nodeOf(each.node),
      declinedBy: [...shifts.keys()].filter((s) => declinedBy.includes(shifts[s]!)),
      inForce: inForce === null ? null : { ...inForce, shift: held === -1 ? shifts.length : held },
    };
  });
  const links = (whole.links ?? []).flatMap((link): Link[] => {
    const first = list.indexOf(link.first);
    const second = list.indexOf(link.second);
    return first < 0 || second < 0 ? [] : [{ ...link, first, second }];
  });
  return {
    ...whole,
    shifts: [...own, over(whole, own[0]?.startNode ?? 0)],
    jobs,
    links,
    travel: between(whole.travel, nodes),
  };
}

/** A shift that is over, does nothing and costs nothing. */
const over = ({ now }: Problem, startNode: number): Shift => ({
  id: 'all other shifts',
  startNode,
  endNode: null,
  from: now,
  until: now,
  overtime: seconds(0),
  breaks: [],
  skills: [],
  plant: [],
});

/** What of the windows lies within the span; a window that nothing can start in where nothing does. */
function withinSpan(windows: readonly Interval[], span: Interval): Interval[] {
  if (windows.length === 0) return [span];
  const cut = windows.flatMap(({ from, until }): Interval[] => {
    const both = { from: seconds(Math.max(from, span.from)), until: seconds(Math.min(until, span.until)) };
    return both.from <= both.until ? [both] : [];
  });
  return cut.length > 0 ? cut : [LONG_AGO];
}

/** The earliest time that a problem may name: nothing starts then. */
const LONG_AGO: Interval = { from: seconds(-1_000_000_000), until: seconds(-1_000_000_000) };

function between(travel: TravelMatrix, nodes: readonly number[]): TravelMatrix {
  const size = nodes.length;
  const times = new Int32Array(size * size);
  const lengths = new Int32Array(size * size);
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < size; b++) {
      const cell = nodes[a]! * travel.size + nodes[b]!;
      times[a * size + b] = travel.seconds[cell]!;
      lengths[a * size + b] = travel.metres[cell]!;
    }
  }
  return { ...travel, size, seconds: times, metres: lengths };
}
