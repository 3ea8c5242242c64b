import type { PlannedBreak, PlannedShift, PlannedStop } from '../plan.ts';
import type { Job, Problem, Shift } from '../problem.ts';
import { metres, seconds } from '../units.ts';
import { checkCrewAndJob } from './check-crew-and-job.ts';
import { checkLimits, waitedUntil } from './check-limits.ts';
import {
  arrivalAfter,
  beginsAt,
  gapsOf,
  isFixed,
  isStarted,
  type Leg,
  legOf,
  overlap,
  serviceOf,
  type Span,
} from './plain-times.ts';

/**
 * Drives one crew's day in a given order by the rules of `problem.ts` and of breaks (see the top of `schedule.ts`), written
 * plainly a second time: the oracle of tests, and what the checker knows about a stop alone.
 */
export interface Facts {
  /** Fixed stops to which a road leads, in their order. */
  readonly fixed: readonly number[];
  /** Fixed stops to which none leads: in no plan. */
  readonly unreachable: readonly number[];
  /** Ids of breaks that time or the fixed stops have made impossible. */
  readonly skipped: readonly string[];
  /** When the crew is free after its fixed stops. */
  readonly free: number;
}

/** Why a day cannot be driven: no road to this job, this break no longer possible, or (both null) another rule. */
interface Impossible {
  readonly noRoadTo: number | null;
  readonly lostBreak: string | null;
}

const impossible = (noRoadTo: number | null = null, lostBreak: string | null = null): Impossible => ({ noRoadTo, lostBreak });
const isPossible = (day: PlannedShift | Impossible): day is PlannedShift => 'stops' in day;

/** A break that is still possible. */
interface Pause {
  readonly id: string;
  readonly from: number;
  readonly until: number;
  readonly length: number;
}

const pausesOf = (shift: Shift, skipped: readonly string[]): Pause[] =>
  shift.breaks
    .filter(({ id }) => !skipped.includes(id))
    .map(({ id, window, length }) => ({ id, from: window.from, until: window.until, length }))
    .sort((a, b) => a.from - b.from || a.until - b.until || a.length - b.length || (a.id < b.id ? -1 : 1));

/** Earliest start in a window, were there no gaps; null when it is too late, which a fixed stop never is. */
function startInWindow(job: Job, earliest: number): number | null {
  const fixed = isFixed(job);
  const locked = job.inForce?.lockTime === true ? job.inForce.start : null;
  if (locked !== null && earliest > locked && !fixed) return null;
  const ready = Math.max(earliest, locked ?? -Infinity);
  if (job.windows.length === 0) return ready;
  const starts = job.windows.filter(({ until }) => ready <= until).map(({ from }) => Math.max(ready, from));
  if (fixed) return starts.length === 0 ? ready : Math.min(...starts);
  if (starts.length === 0) return null;
  const start = Math.min(...starts);
  return locked !== null && start !== locked ? null : start;
}

/** Earliest start for a crew that is there at `arrival`, held back to `notBefore`, such that no gap falls into the work. */
function startAt(problem: Problem, shift: Shift, job: Job, arrival: number, notBefore: number): number | null {
  if (isStarted(job)) return arrival;
  let start = startInWindow(job, Math.max(arrival, job.release, problem.now, isFixed(job) ? -Infinity : notBefore));
  for (const gap of gapsOf(shift)) {
    if (start === null) return null;
    if (overlap(gap, { from: start, until: start + serviceOf(shift, job) })) start = startInWindow(job, gap.until);
  }
  return start;
}

/** A drive by a crew that is free at `free`: it leaves at once, or after a gap when it would not be there before. */
function way(problem: Problem, shift: Shift, free: number, leg: Leg, regardless: boolean): Span {
  let departs = free;
  for (const gap of regardless || leg.seconds === 0 ? [] : gapsOf(shift)) {
    if (overlap(gap, { from: departs, until: arrivalAfter(problem.travel, departs, leg.seconds) })) departs = gap.until;
  }
  return { from: departs, until: arrivalAfter(problem.travel, departs, leg.seconds) };
}

function drive(
  problem: Problem,
  s: number,
  order: readonly number[],
  skipped: readonly string[],
  notBefore: ReadonlyMap<number, number>,
): PlannedShift | Impossible {
  const shift = problem.shifts[s] as Shift;
  const begins = beginsAt(problem, shift);
  const pauses = pausesOf(shift, skipped);
  const breaks: PlannedBreak[] = [];
  const stops: PlannedStop[] = [];
  let time = begins;
  let node = shift.startNode;
  let next = 0;
  const take = (pause: Pause, start: number): void => {
    time = start + pause.length;
    next++;
    breaks.push({ id: pause.id, start: seconds(start), end: seconds(time) });
  };
  let travel = 0;
  let length = 0;
  let work = 0;
  for (const index of order) {
    const job = problem.jobs[index] as Job;
    const leg = legOf(problem, shift, node, job.node);
    if (leg === null) return impossible(index);
    const service = serviceOf(shift, job);
    const earliest = (arrival: number): number | null => startAt(problem, shift, job, arrival, notBefore.get(index) ?? -Infinity);
    let driven: Span | null = null;
    const driveFrom = (free: number): Span => driven ?? way(problem, shift, free, leg, isStarted(job));
    /** Where it is at `free`, or when it will be there: breaks on arrival make `free` later than the drive. */
    const reaches = (free: number): number => (driven === null ? driveFrom(free).until : free);
    while (next < pauses.length && !isStarted(job)) {
      const pause = pauses[next] as Pause;
      if (time > pause.until) return impossible(null, pause.id);
      const there = reaches(time);
      const start = earliest(there);
      const canPutOff = start !== null && start + service <= pause.until;
      if (time < pause.from && canPutOff) {
        const waiting = Math.max(there, pause.from);
        if (waiting + pause.length > start) break;
        driven = driveFrom(time);
        take(pause, waiting);
        continue;
      }
      const onArrival = time < pause.from && there <= pause.until;
      const at = Math.max(onArrival ? there : time, pause.from);
      const after = at + pause.length;
      if (earliest(onArrival ? after : reaches(after)) === null) {
        if (canPutOff) break;
        return impossible(null, pause.id);
      }
      if (onArrival) driven = driveFrom(time);
      take(pause, at);
    }
    const start = earliest(reaches(time));
    if (start === null) return impossible();
    const drive = driveFrom(time);
    time = start + service;
    node = job.node;
    travel += drive.until - drive.from;
    length += leg.metres;
    work += service;
    stops.push({
      job: index,
      travel: seconds(drive.until - drive.from),
      metres: metres(leg.metres),
      arrival: seconds(drive.until),
      start: seconds(start),
      end: seconds(time),
      late: seconds(job.due === null ? 0 : Math.max(0, start - job.due)),
    });
  }

  const movable = order.some((index) => !isFixed(problem.jobs[index] as Job));
  const away = order.length === 0 && begins >= shift.until;
  const noHome: Leg = { seconds: 0, metres: 0 };
  const home = shift.endNode === null || away ? noHome : legOf(problem, shift, node, shift.endNode);
  if (home === null && movable) return impossible();
  const driveHome = (free: number): Span => way(problem, shift, free, home ?? noHome, false);
  for (let pause = pauses[next]; pause !== undefined; pause = pauses[next]) {
    if (time > pause.until) return impossible(null, pause.id);
    if (driveHome(time).until <= pause.until) break;
    take(pause, Math.max(time, pause.from));
  }
  const { from: left, until: endsAt } = driveHome(time);
  if (movable && endsAt > shift.until + shift.overtime) return impossible();
  time = endsAt;
  for (let pause = pauses[next]; pause !== undefined; pause = pauses[next]) {
    if (time > pause.until) return impossible(null, pause.id);
    take(pause, Math.max(time, pause.from));
  }
  const day: PlannedShift = {
    shift: s,
    stops,
    breaks,
    breaksSkipped: shift.breaks.filter(({ id }) => skipped.includes(id)).map(({ id }) => id),
    travel: seconds(travel + endsAt - left),
    metres: metres(length + (home?.metres ?? 0)),
    work: seconds(work),
    idle: seconds(0),
    overtime: seconds(away ? 0 : Math.max(0, endsAt - shift.until)),
    endsAt: seconds(endsAt),
  };
  const planned = { ...day, idle: seconds(waitedUntil(problem, shift, day, endsAt)) };
  let kept = true;
  if (movable) checkLimits(problem, shift, planned, () => (kept = false));
  return kept ? planned : impossible();
}

/** What of the shift's day is given: its fixed stops, and the breaks that they and the hour have made impossible. */
export function factsOf(problem: Problem, s: number): Facts {
  const idOf = (j: number): string => problem.jobs[j]?.id ?? '';
  const positionOf = (j: number): number => problem.jobs[j]?.inForce?.position ?? 0;
  let fixed = [...problem.jobs.keys()]
    .filter((j) => problem.jobs[j]?.inForce?.fixed === true && problem.jobs[j].inForce.shift === s)
    .sort((a, b) => positionOf(a) - positionOf(b) || (idOf(a) < idOf(b) ? -1 : 1));
  const unreachable: number[] = [];
  const skipped: string[] = [];
  for (;;) {
    const day = drive(problem, s, fixed, skipped, new Map());
    if (isPossible(day)) {
      const free = day.stops.at(-1)?.end ?? beginsAt(problem, problem.shifts[s] as Shift);
      return { fixed, unreachable, skipped, free };
    }
    const { noRoadTo, lostBreak } = day;
    if (noRoadTo !== null) {
      unreachable.push(noRoadTo);
      fixed = fixed.filter((j) => j !== noRoadTo);
    } else if (lostBreak !== null) skipped.push(lostBreak);
    else throw new Error(`shift ${s}: its fixed stops cannot be driven`);
  }
}

/**
 * The day of shift s with its fixed stops and then `movable` in this order, some held back; null when a rule of time, road or
 * the whole day forbids it.
 */
export function plainDay(
  problem: Problem,
  s: number,
  facts: Facts,
  movable: readonly number[],
  notBefore: ReadonlyMap<number, number> = new Map(),
): PlannedShift | null {
  const day = drive(problem, s, [...facts.fixed, ...movable], facts.skipped, notBefore);
  return isPossible(day) ? day : null;
}

/** May shift s have movable job j at all, whatever else it does? */
export function mayDo(problem: Problem, s: number, facts: Facts, j: number): boolean {
  const shift = problem.shifts[s] as Shift;
  if (facts.free >= shift.until) return false;
  let may = true;
  checkCrewAndJob(shift, s, problem.jobs[j] as Job, j, () => (may = false));
  return may;
}

/** Could movable job j be as in the plan in force, were there only the fixed stops beside it? Too early alone is no obstacle. */
export function fitsAsBefore(problem: Problem, j: number): boolean {
  const held = problem.jobs[j]?.inForce ?? null;
  if (held === null) return false;
  const facts = factsOf(problem, held.shift);
  if (!mayDo(problem, held.shift, facts, j)) return false;
  const start = plainDay(problem, held.shift, facts, [j])?.stops.at(-1)?.start;
  return start !== undefined && start <= held.start + problem.weights.startTolerance;
}
