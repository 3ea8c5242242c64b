import fc from 'fast-check';
import type { Interval, Job, Link, Shift, TravelMatrix } from './problem.ts';
import { seconds } from './units.ts';

/** Random values of the rules that a problem need not have, for `arbitrary-problem.ts`. */

export const time = (max: number) => fc.integer({ min: 0, max }).map(seconds);
export const interval = (max: number): fc.Arbitrary<Interval> =>
  fc.tuple(time(max), time(max)).map(([a, b]) => ({ from: seconds(Math.min(a, b)), until: seconds(Math.max(a, b)) }));
export const sometimes = <T>(arbitrary: fc.Arbitrary<T>, otherwise: T, weight = 1) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(otherwise) }, { weight, arbitrary });

/** A field of a rule that a problem need not have: there in `weight` of `weight` + 3, otherwise absent. */
export const nowAndThen = <T>(arbitrary: fc.Arbitrary<T>, weight = 1): fc.Arbitrary<T | undefined> =>
  sometimes<T | undefined>(arbitrary, undefined, weight);

const level = fc.integer({ min: 1, max: 3 });
const levels = (names: readonly string[]): fc.Arbitrary<Record<string, number>> =>
  fc.tuple(...names.map(() => fc.option(level, { nil: undefined }))).map((chosen) => {
    const named: Record<string, number> = {};
    names.forEach((name, i) => {
      const at = chosen[i];
      if (at !== undefined) named[name] = at;
    });
    return named;
  });
const stock = (max: number): fc.Arbitrary<readonly number[]> => fc.array(fc.nat(max), { minLength: 1, maxLength: 2 });
const AREAS = ['north', 'south'];
const SKILLS = ['signs', 'water', 'roads'];

/** One to three windows between the beginning and the end of the shift, apart. */
const anyWindows = ({ from, until }: Interval): fc.Arbitrary<readonly Interval[]> =>
  fc
    .uniqueArray(fc.integer({ min: from + 1, max: Math.max(from + 1, until - 1) }), { minLength: 0, maxLength: 4 })
    .map((cuts) => {
      const edges = [
        from,
        ...cuts.toSorted((a, b) => a - b).slice(0, cuts.length - (cuts.length % 2)),
        Math.max(until, from + 2),
      ];
      return Array.from({ length: edges.length / 2 }, (_, w) => ({
        from: seconds(edges[2 * w] ?? 0),
        until: seconds(edges[2 * w + 1] ?? 0),
      }));
    });

export const present = <T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };

export const moreOfShift = (shift: Shift): fc.Arbitrary<Shift> =>
  fc
    .record({
      windows: nowAndThen(anyWindows({ from: shift.from, until: shift.until })),
      skillLevels: nowAndThen(levels(shift.skills), 3),
      capacity: nowAndThen(stock(6), 2),
      travelPercent: nowAndThen(fc.integer({ min: 50, max: 200 })),
      servicePercent: nowAndThen(fc.integer({ min: 50, max: 200 })),
      areas: nowAndThen(fc.subarray(AREAS), 2),
      outsideAreaPrice: nowAndThen(fc.option(fc.nat(800)), 3),
      rates: nowAndThen(
        fc
          .record({
            travelPerSecond: nowAndThen(fc.nat(4)),
            perKilometre: nowAndThen(fc.nat(200), 3),
            dutyPerHour: nowAndThen(fc.nat(900), 3),
            use: nowAndThen(fc.nat(500)),
          })
          .map(present),
        2,
      ),
      maxJobs: nowAndThen(fc.integer({ min: 1, max: 4 })),
      maxTravel: nowAndThen(time(2_500)),
      maxDuration: nowAndThen(time(5_000)),
      fairWork: nowAndThen(time(2_500), 2),
    })
    .map((more) => ({ ...shift, ...present(more) }));

export const moreOfJob = (job: Job): fc.Arbitrary<Job> =>
  fc
    .record({
      severeAfter: nowAndThen(time(1_500), 2),
      severePerSecond: nowAndThen(fc.nat(3), 3),
      skillLevels: nowAndThen(levels(job.skills), 2),
      preferredLevels: nowAndThen(levels(SKILLS), 2),
      area: nowAndThen(fc.constantFrom(...AREAS), 2),
      uses: nowAndThen(stock(4), 2),
      collects: nowAndThen(stock(4)),
    })
    .map((more) => ({ ...job, ...present(more) }));

/** Most second jobs of a link on one shift use what the first has fetched. */
export function fetching(jobs: readonly Job[], links: readonly Link[]): Job[] {
  const list = [...jobs];
  for (const { first, second, sameShift } of links) {
    const fetch = list[first];
    const task = list[second];
    if (sameShift === true && (first + second) % 4 !== 0 && fetch !== undefined && task !== undefined) {
      list[first] = { ...fetch, collects: task.uses ?? [2] };
      list[second] = { ...task, uses: task.uses ?? [2] };
    }
  }
  return list;
}

/** No circles: each job is linked to at most one of those listed before it. */
export const anyLinks = (jobs: number): fc.Arbitrary<readonly Link[]> =>
  fc
    .tuple(
      ...Array.from({ length: Math.max(0, jobs - 1) }, (_, k) =>
        sometimes<Link | null>(
          fc
            .record({
              other: fc.nat(k),
              turned: fc.boolean(),
              leastLag: fc.oneof(fc.constant(seconds(0)), fc.integer({ min: -1_500, max: 1_500 }).map(seconds)),
              spread: fc.constantFrom(0, 300, 2_000, null),
              sameShift: fc.constantFrom(true, true, false, undefined),
            })
            .map(({ other, turned, leastLag, spread, sameShift }) => ({
              first: turned ? k + 1 : other,
              second: turned ? other : k + 1,
              leastLag,
              mostLag: spread === null || sameShift === true ? null : seconds(leastLag + spread),
              ...(sameShift === undefined ? {} : { sameShift }),
            })),
          null,
        ),
      ),
    )
    .map((links) => links.filter((link) => link !== null));

export const anySpeeds: fc.Arbitrary<NonNullable<TravelMatrix['speedByTime']>> = fc
  .uniqueArray(fc.tuple(time(7_000), fc.integer({ min: 40, max: 160 })), {
    minLength: 1,
    maxLength: 3,
    selector: ([from]) => from,
  })
  .map((pieces) => pieces.toSorted(([a], [b]) => a - b).map(([from, percent]) => ({ from, percent })));
