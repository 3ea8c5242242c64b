import type { Plan, PlannedStop } from '../../routing/plan.ts';
import type { InForce, Job, Problem } from '../../routing/problem.ts';
import { type Seconds, seconds } from '../../routing/units.ts';
import type { Chance } from '../simulator/chance.ts';

const HOUR = 3600;
/** How much longer than it should the work of the overrun takes. */
const OVERRUN_SECONDS = 2 * HOUR;

/** What happens in the day, as a problem to be planned anew. */
export interface Event {
  readonly name: 'new job' | 'crew off' | 'overrun';
  readonly problem: Problem;
  readonly remark: string;
}

/**
 * The day at `now`, with the plan in force: what is done is gone, what a crew works at or drives to is fixed, the rest may be
 * planned anew. A crew that has begun starts where its last stop was. What the plan leaves out is in no plan.
 */
export function dayInForce(problem: Problem, plan: Plan, now: Seconds): Problem {
  const held = new Map<number, InForce>();
  const left = new Map<number, Seconds>();
  const done = new Set<number>();
  const shifts = problem.shifts.map((shift) => ({ ...shift }));
  for (const { shift, stops, breaks } of plan.shifts) {
    const ended = stops.filter(({ end }) => end <= now);
    for (const { job } of ended) done.add(job);
    const next = stops[ended.length];
    const changed = shifts[shift];
    if (changed === undefined) continue;
    // Where it is between two stops is no place of the matrix: taken to be there already, but to start no earlier.
    const stands = next !== undefined && hasLeftFor(next, now) ? next : ended.at(-1);
    if (stands !== undefined) changed.startNode = problem.jobs[stands.job]?.node ?? changed.startNode;
    const onBreak = breaks.find(({ start, end }) => start <= now && now < end);
    if (onBreak !== undefined) changed.from = onBreak.end;
    changed.breaks = changed.breaks.filter(({ id }) => !breaks.some((b) => b.id === id && b.start <= now));
    stops.slice(ended.length).forEach((stop, position) => {
      held.set(stop.job, inForceAt(stop, shift, position, now));
      left.set(stop.job, serviceLeft(stop, now));
    });
  }
  const jobs = problem.jobs.flatMap((job, index): Job[] => {
    if (done.has(index)) return [];
    const inForce = held.get(index) ?? null;
    if (inForce?.fixed !== true) return [{ ...job, inForce }];
    return [{ ...job, service: left.get(index) ?? job.service, release: inForce.start, inForce }];
  });
  return { ...problem, now, shifts, jobs };
}

const serviceLeft = ({ start, end }: PlannedStop, now: Seconds): Seconds => seconds(end - Math.max(start, now));

const hasLeftFor = ({ arrival, travel }: PlannedStop, now: Seconds): boolean => arrival - travel < now;

function inForceAt(stop: PlannedStop, shift: number, position: number, now: Seconds): InForce {
  // A crew has one next stop: those behind it are planned.
  const fixed = position === 0 && hasLeftFor(stop, now);
  return {
    shift,
    position,
    start: seconds(Math.max(stop.start, now)),
    fixed,
    started: fixed && stop.start <= now,
    lockCrew: false,
    lockTime: false,
    lockOrder: false,
    promised: null,
  };
}

/** So many jobs nobody knew of: each the work of one report, at the place of another, in no plan. */
export function newJobs(problem: Problem, count: number, chance: Chance): Job[] {
  return Array.from({ length: count }, (_, index) => ({
    ...chance.pick(problem.jobs),
    id: `new-${String(index + 1).padStart(5, '0')}`,
    node: chance.pick(problem.jobs).node,
    release: problem.now,
    inForce: null,
  }));
}

export const withJob = (problem: Problem, job: Job): Problem => ({ ...problem, jobs: [...problem.jobs, job] });

/** Three things that go wrong at `problem.now`, each by itself: to the crews that have most left to do. */
export function eventsOf(problem: Problem, chance: Chance): Event[] {
  return [newJob(problem, chance), crewOff(problem), overrun(problem)];
}

function newJob(problem: Problem, chance: Chance): Event {
  const price = ({ waiting }: Job): number => waiting;
  const work = problem.jobs.filter(({ inForce }) => inForce?.fixed !== true).sort((a, b) => price(b) - price(a))[0];
  const place = chance.pick(problem.jobs).node;
  if (work === undefined) throw new RangeError('a day without work has no events');
  const job = { ...work, id: 'new', node: place, windows: [], due: seconds(problem.now + HOUR), inForce: null };
  return {
    name: 'new job',
    problem: withJob(problem, job),
    remark: `${Math.round(job.service / 60)} min of work, due in an hour, as pressing as any there is`,
  };
}

/** Goes home at once: what it was at and what it had before it is for others. */
function crewOff(problem: Problem): Event {
  const { shift, stops } = busiest(problem, () => true);
  const shifts = problem.shifts.map((one, index) =>
    index === shift ? { ...one, from: problem.now, until: problem.now, overtime: seconds(0), breaks: [] } : one,
  );
  const jobs = problem.jobs.map((job) =>
    job.inForce?.shift === shift ? { ...job, inForce: { ...job.inForce, fixed: false, started: false } } : job,
  );
  return { name: 'crew off', problem: { ...problem, shifts, jobs }, remark: `${stops} stops of ${problem.shifts[shift]?.id}` };
}

function overrun(problem: Problem): Event {
  const atWork = new Set(problem.jobs.flatMap(({ inForce }) => (inForce?.started === true ? [inForce.shift] : [])));
  const { shift, stops } = busiest(problem, (index) => atWork.has(index));
  const jobs = problem.jobs.map((job) =>
    job.inForce?.shift === shift && job.inForce.started === true
      ? { ...job, service: seconds(job.service + OVERRUN_SECONDS) }
      : job,
  );
  return { name: 'overrun', problem: { ...problem, jobs }, remark: `2 h, ${stops - 1} stops behind it` };
}

/** The first of the shifts with most stops to come. */
function busiest(problem: Problem, among: (shift: number) => boolean): { shift: number; stops: number } {
  const stops = problem.shifts.map(() => 0);
  for (const { inForce } of problem.jobs) if (inForce !== null) stops[inForce.shift] = (stops[inForce.shift] ?? 0) + 1;
  const counted = stops.map((count, shift) => ({ shift, stops: count })).filter(({ shift }) => among(shift));
  const [first] = counted.sort((a, b) => b.stops - a.stops || a.shift - b.shift);
  if (first === undefined) throw new RangeError('no crew has work');
  return first;
}
