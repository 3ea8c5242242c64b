import type { Cost, Plan, Reason } from '../../../routing/plan.ts';
import type { Job, Problem, Shift } from '../../../routing/problem.ts';

/**
 * A large city's problem in parts that know nothing of each other: the crews of one depot, and the work that is theirs.
 * Cut along what is given anyway, so that the parts of equal cities are equal.
 */
export interface Zone {
  /** Indices of the whole problem, ascending. */
  readonly shifts: readonly number[];
  readonly jobs: readonly number[];
}

/**
 * One zone a depot. Work that a crew has stays with that crew; other work goes to the nearest depot (by road) that has a
 * crew with its skills and plant, linked work together. Parts with no work have no zone of their own: null when fewer than
 * two are left, when crews of two depots share linked work already, or when a price of the whole plan (the greatest
 * lateness) would not be the sum of its parts'.
 * @param depotNodes of each shift.
 */
export function zonesByDepot(problem: Problem, depotNodes: readonly number[]): readonly Zone[] | null {
  if ((problem.weights.worstLatePerSecond ?? 0) > 0) return null;
  const depots = [...new Set(depotNodes)];
  if (depots.length < 2) return null;
  const shiftsOf = depots.map((depot) => problem.shifts.flatMap((_, s) => (depotNodes[s] === depot ? [s] : [])));
  const zoneOf = problem.jobs.map((job) => {
    if (job.inForce !== null) return depots.indexOf(depotNodes[job.inForce.shift] ?? -1);
    const able = depots.flatMap((_, z) => ((shiftsOf[z] ?? []).some((s) => canDo(problem.shifts[s], job)) ? [z] : []));
    return nearest(problem, depots, able.length > 0 ? able : depots.map((_, z) => z), job.node);
  });
  followLinks(problem, zoneOf);
  if ((problem.links ?? []).some(({ first, second }) => zoneOf[first] !== zoneOf[second])) return null;
  const zones = depots.map((_, z) => ({
    shifts: shiftsOf[z] ?? [],
    jobs: zoneOf.flatMap((zone, j) => (zone === z ? [j] : [])),
  }));
  const [first, ...others] = zones.filter(({ jobs }) => jobs.length > 0);
  if (first === undefined || others.length === 0) return null;
  // Crews without work of their own are looked after by the first: somebody has to say what they do.
  const idle = zones.filter(({ jobs }) => jobs.length === 0).flatMap(({ shifts }) => shifts);
  return [{ ...first, shifts: [...first.shifts, ...idle].sort((a, b) => a - b) }, ...others];
}

const canDo = (shift: Shift | undefined, job: Job): boolean =>
  shift !== undefined && job.skills.every((s) => shift.skills.includes(s)) && job.plant.every((p) => shift.plant.includes(p));

function nearest({ travel }: Problem, depots: readonly number[], among: readonly number[], node: number): number {
  const way = (zone: number): number => {
    const seconds = travel.seconds[(depots[zone] ?? 0) * travel.size + node] ?? -1;
    return seconds < 0 ? Infinity : seconds;
  };
  return among.reduce((best, zone) => (way(zone) < way(best) ? zone : best));
}

/** Jobs that are linked go where the one is that a crew has; else where the first of them is. */
function followLinks(problem: Problem, zoneOf: number[]): void {
  const next = problem.jobs.map((): number[] => []);
  for (const { first, second } of problem.links ?? []) {
    next[first]?.push(second);
    next[second]?.push(first);
  }
  const seen = new Set<number>();
  for (const start of problem.jobs.keys()) {
    if (seen.has(start)) continue;
    const together = [start];
    seen.add(start);
    for (const job of together) {
      for (const other of next[job] ?? []) {
        if (seen.has(other)) continue;
        seen.add(other);
        together.push(other);
      }
    }
    const given = together.find((job) => problem.jobs[job]?.inForce !== null) ?? start;
    for (const job of together) if (problem.jobs[job]?.inForce === null) zoneOf[job] = zoneOf[given] ?? 0;
  }
}

/** The problem of one zone, its indices from 0, with the travel times between its own places only. */
export function problemOfZone(problem: Problem, zone: Zone): Problem {
  const shiftPlace = placesOf(zone.shifts);
  const jobPlace = placesOf(zone.jobs);
  const shifts = zone.shifts.flatMap((s) => problem.shifts[s] ?? []);
  const jobs = zone.jobs.flatMap((j) => problem.jobs[j] ?? []);
  const nodes = [
    ...new Set([...shifts.flatMap(({ startNode, endNode }) => [startNode, endNode ?? startNode]), ...jobs.map((j) => j.node)]),
  ];
  const nodePlace = placesOf(nodes.sort((a, b) => a - b));
  const at = (node: number): number => nodePlace.get(node) ?? 0;
  const { travel, links, ...rest } = problem;
  const cells = (whole: Int32Array): Int32Array =>
    Int32Array.from({ length: nodes.length ** 2 }, (_, i) => {
      const from = nodes[Math.floor(i / nodes.length)] ?? 0;
      return whole[from * travel.size + (nodes[i % nodes.length] ?? 0)] ?? -1;
    });
  const inside = links?.flatMap((link) => {
    const [first, second] = [jobPlace.get(link.first), jobPlace.get(link.second)];
    return first === undefined || second === undefined ? [] : [{ ...link, first, second }];
  });
  return {
    ...rest,
    shifts: shifts.map((s) => ({ ...s, startNode: at(s.startNode), endNode: s.endNode === null ? null : at(s.endNode) })),
    jobs: jobs.map((job) => ({
      ...job,
      node: at(job.node),
      ...(job.declinedBy === undefined ? {} : { declinedBy: job.declinedBy.flatMap((s) => shiftPlace.get(s) ?? []) }),
      inForce: job.inForce === null ? null : { ...job.inForce, shift: shiftPlace.get(job.inForce.shift) ?? 0 },
    })),
    travel: { ...travel, size: nodes.length, seconds: cells(travel.seconds), metres: cells(travel.metres) },
    ...(inside === undefined ? {} : { links: inside }),
  };
}

const placesOf = (indices: readonly number[]): Map<number, number> => new Map(indices.map((index, place) => [index, place]));

/** The plans of all zones as one plan of the whole problem. Its pace says nothing: each part keeps its own. */
export function joinPlans(parts: readonly { readonly zone: Zone; readonly plan: Plan }[]): Plan {
  const [first] = parts;
  if (first === undefined) throw new RangeError('a plan needs a part');
  const sum = (of: (plan: Plan) => number): number => parts.reduce((total, { plan }) => total + of(plan), 0);
  const shifts = parts.flatMap(({ zone, plan }) =>
    plan.shifts.map((shift) => ({
      ...shift,
      shift: zone.shifts[shift.shift] ?? -1,
      stops: shift.stops.map((stop) => ({ ...stop, job: zone.jobs[stop.job] ?? -1 })),
    })),
  );
  const unassigned = parts.flatMap(({ zone, plan }) =>
    plan.unassigned.map(({ job, reason }) => ({ job: zone.jobs[job] ?? -1, reason: reasonOfWhole(reason, zone) })),
  );
  const terms = Object.keys(first.plan.cost) as (keyof Cost)[];
  const together = (of: (plan: Plan) => Cost | null): Cost =>
    Object.fromEntries(terms.map((term) => [term, sum((plan) => of(plan)?.[term] ?? 0)])) as unknown as Cost;
  return {
    ...first.plan,
    shifts: shifts.sort((a, b) => a.shift - b.shift),
    unassigned: unassigned.sort((a, b) => a.job - b.job),
    cost: together(({ cost }) => cost),
    costInForce: parts.every(({ plan }) => plan.costInForce !== null) ? together(({ costInForce }) => costInForce) : null,
    lp: {
      rounds: parts.flatMap(({ zone, plan }) =>
        plan.lp.rounds.map((round) => ({
          ...round,
          crewPrices: round.crewPrices.map(({ shift, price }) => ({ shift: zone.shifts[shift] ?? -1, price })),
        })),
      ),
    },
    // What is proven of the parts is not proven of the whole.
    bound: null,
    iterations: sum(({ iterations }) => iterations),
    pace: { rounds: 0, filled: 0, steps: [] },
    changes: sum(({ changes }) => changes),
    forcedChanges: sum(({ forcedChanges }) => forcedChanges),
  };
}

/** "Nobody is able" is true of the zone only; the crews it speaks of are those that were asked. */
function reasonOfWhole(reason: Reason, zone: Zone): Reason {
  const shift = (s: number): number => zone.shifts[s] ?? -1;
  switch (reason.code) {
    case 'declined':
    case 'breaks_do_not_fit':
    case 'locks_do_not_fit':
      return { ...reason, shift: shift(reason.shift) };
    case 'not_today':
      return { ...reason, cheapestShift: reason.cheapestShift === null ? null : shift(reason.cheapestShift) };
    case 'linked_job_does_not_fit':
      return { ...reason, job: zone.jobs[reason.job] ?? -1 };
    default:
      return reason;
  }
}
