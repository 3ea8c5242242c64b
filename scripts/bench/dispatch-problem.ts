import type { Break, Interval, Job, Problem, Shift } from '../../routing/problem.ts';
import { type LonLat, type Seconds, seconds } from '../../routing/units.ts';
import { type Chance, chanceOf } from '../simulator/chance.ts';

/** What a city gives: real reports, where crews can start. */
export interface DispatchPlaces {
  readonly requests: readonly { readonly place: LonLat; readonly openedUnixSeconds: number }[];
  readonly depots: readonly LonLat[];
  /** Points on streets, for crews that start from home. */
  readonly onStreets: readonly LonLat[];
}

export interface DispatchSize {
  readonly shifts: number;
  readonly jobs: number;
}

/** A problem but for its travel times; the nodes are indices into `places`. */
export interface DispatchOutline {
  readonly places: readonly LonLat[];
  readonly problem: Omit<Problem, 'travel'>;
}

/** Raised when the same seed gives another problem: figures before and after are then of two different benches. */
export const GENERATION = 1;

const MINUTE = 60;
const HOUR = 3600;
/** What a city's policy says (cities/dc), by priority 1 to 4: being late, and being left out at once and by each hour of age. */
const LATE_PER_SECOND = [40, 10, 3, 1];
const LEFT_OUT = [500_000, 150_000, 60_000, 30_000];
const LEFT_OUT_PER_HOUR = [60_000, 12_000, 4_000, 1_500];
const OLDEST_HOURS = 72;
/** Of 100 jobs so many have priority 1, 2, 3; the rest 4. */
const PRIORITY_SHARES = [5, 20, 45];
/** Hours from now to the due time, least and most. */
const DUE_HOURS: readonly (readonly [number, number])[] = [
  [1, 2],
  [2, 4],
  [3, 7],
  [5, 9],
];
const SKILLS: readonly Kind[] = [
  { name: 'signs', jobs: 0.15, crews: 0.5 },
  { name: 'water', jobs: 0.1, crews: 0.35 },
  { name: 'electric', jobs: 0.05, crews: 0.25 },
];
const PLANT: readonly Kind[] = [
  { name: 'plow', jobs: 0.08, crews: 0.4 },
  { name: 'crane', jobs: 0.04, crews: 0.2 },
];

interface Kind {
  readonly name: string;
  /** Part of the jobs that need it, and of the crews that have it. */
  readonly jobs: number;
  readonly crews: number;
}

/**
 * A dispatcher's day over real reports: crews of 8 hours from depots and from home, half of them with a lunch break, skills
 * and plant; jobs of 15 to 75 minutes with soft due times whose lateness is convex, some with a hard window, each with its
 * price of not being done today by priority and age. The same seed, size and places give the same problem.
 * Time 0 is the start of the day.
 * @throws RangeError where there are fewer requests than jobs.
 */
export function dispatchProblem(
  seed: number,
  size: DispatchSize,
  from: DispatchPlaces,
  epochUnixSeconds: number,
): DispatchOutline {
  if (size.jobs > from.requests.length) throw new RangeError(`${size.jobs} jobs are wanted of ${from.requests.length} requests`);
  const places: LonLat[] = [];
  const nodes = new Map<string, number>();
  const nodeOf = (place: LonLat): number => {
    const key = `${place.lon.toFixed(6)},${place.lat.toFixed(6)}`;
    const known = nodes.get(key) ?? places.push(place) - 1;
    nodes.set(key, known);
    return known;
  };
  const shifts = Array.from({ length: size.shifts }, (_, index) =>
    shiftOf(chanceOf(seed, `shift ${index}`), index, size.shifts, from, nodeOf),
  );
  const requests = drawn(chanceOf(seed, 'requests'), from.requests, size.jobs);
  const jobs = requests.map(({ place, openedUnixSeconds }, index) =>
    jobOf(chanceOf(seed, `job ${index}`), index, nodeOf(place), Math.max(0, epochUnixSeconds - openedUnixSeconds)),
  );
  return {
    places,
    problem: {
      epochUnixSeconds,
      now: seconds(0),
      shifts,
      jobs,
      weights: {
        travelPerSecond: 10,
        overtimePerSecond: 15,
        changeOfCrew: 3000,
        moveOfStartPerSecond: 1,
        startTolerance: seconds(15 * MINUTE),
        brokenPromise: 36_000,
        useOfShift: 0,
      },
    },
  };
}

function shiftOf(chance: Chance, index: number, count: number, from: DispatchPlaces, nodeOf: (place: LonLat) => number): Shift {
  const depot = chance.pick(from.depots);
  const starts = chance.next() < 0.6 ? depot : chance.pick(from.onStreets);
  const ends = chance.next() < 0.8 ? depot : null;
  const begins = chance.pick([0, 0, 0, HOUR, 2 * HOUR]);
  const has = (kinds: readonly Kind[]): string[] =>
    // The first crews have one thing each, so that everything can be done by somebody.
    kinds
      .filter(({ crews }, place) => chance.next() < crews || index % count === place)
      .map(({ name }) => name)
      .sort();
  return {
    id: `crew-${String(index + 1).padStart(4, '0')}`,
    startNode: nodeOf(starts),
    endNode: ends === null ? null : nodeOf(ends),
    from: seconds(begins),
    until: seconds(begins + 8 * HOUR),
    overtime: seconds(30 * MINUTE),
    breaks: chance.next() < 0.5 ? [lunch(begins)] : [],
    skills: has(SKILLS),
    plant: has(PLANT),
  };
}

/** Half an hour, begun between three and five and a half hours into the shift. */
const lunch = (begins: number): Break => ({
  id: 'lunch',
  window: { from: seconds(begins + 3 * HOUR), until: seconds(begins + 5.5 * HOUR) },
  length: seconds(30 * MINUTE),
});

function jobOf(chance: Chance, index: number, node: number, ageSeconds: number): Job {
  const drawnShare = 100 * chance.next();
  let priority = 0;
  for (let sum = PRIORITY_SHARES[0] ?? 0; priority < PRIORITY_SHARES.length && drawnShare >= sum;) {
    priority++;
    sum += PRIORITY_SHARES[priority] ?? 0;
  }
  const hours = Math.min(OLDEST_HOURS, ageSeconds / HOUR);
  const late = LATE_PER_SECOND[priority] ?? 0;
  const needs = (kinds: readonly Kind[]): string[] => {
    const drawnPart = chance.next();
    let sum = 0;
    for (const { name, jobs } of kinds) if (drawnPart < (sum += jobs)) return [name];
    return [];
  };
  const hasWindow = chance.next() < 0.08;
  const windowFrom = HOUR * chance.below(7);
  const windows: Interval[] = hasWindow ? [{ from: seconds(windowFrom), until: seconds(windowFrom + 2 * HOUR) }] : [];
  return {
    id: `job-${String(index + 1).padStart(5, '0')}`,
    node,
    service: seconds(5 * MINUTE * (3 + chance.below(13))),
    release: seconds(0),
    windows,
    due: hasWindow ? null : dueOf(chance, priority),
    latePerSecond: late,
    severeAfter: seconds(HOUR),
    severePerSecond: 2 * late,
    waiting: Math.round((LEFT_OUT[priority] ?? 0) + (LEFT_OUT_PER_HOUR[priority] ?? 0) * hours),
    skills: needs(SKILLS),
    plant: needs(PLANT),
    inForce: null,
  };
}

/** Half of the least pressing have all the time there is. */
function dueOf(chance: Chance, priority: number): Seconds | null {
  const [least, most] = DUE_HOURS[priority] ?? [8, 8];
  const due = HOUR * (least + (most - least) * chance.next());
  return priority === 3 && chance.next() < 0.5 ? null : seconds(Math.round(due / MINUTE) * MINUTE);
}

/** So many of them by chance, each at most once. */
function drawn<T>(chance: Chance, all: readonly T[], count: number): T[] {
  const left = [...all];
  return Array.from({ length: count }, () => {
    const at = chance.below(left.length);
    const one = left[at] as T;
    left[at] = left.at(-1) as T;
    left.pop();
    return one;
  });
}
