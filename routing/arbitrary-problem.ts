import fc from 'fast-check';
import {
  anyLinks,
  anySpeeds,
  fetching,
  interval,
  moreOfJob,
  moreOfShift,
  nowAndThen,
  present,
  sometimes,
  time,
} from './arbitrary-rules.ts';
import { onALine } from './fixtures.ts';
import type { Break, InForce, Job, Problem, Shift, TravelMatrix, Weights } from './problem.ts';
import { seconds } from './units.ts';

/**
 * Random problems for property tests, small enough for brute force: `anyProblem` with the rules that every city has,
 * `anyRichProblem` with all of `problem.ts`.
 */

const skills = fc.subarray(['signs', 'water', 'roads'], { maxLength: 2 });

/** Travel that is asymmetric, now and then has no road, and need not keep the triangle inequality. */
const anyTravel = (size: number): fc.Arbitrary<TravelMatrix> =>
  fc.oneof(
    fc.array(fc.integer({ min: 0, max: 900 }), { minLength: size, maxLength: size }).map(onALine),
    fc
      .array(fc.oneof({ weight: 12, arbitrary: fc.integer({ min: 0, max: 900 }) }, { weight: 1, arbitrary: fc.constant(-1) }), {
        minLength: size * size,
        maxLength: size * size,
      })
      .map((cells) => {
        const times = Int32Array.from(cells, (t, i) => (i % (size + 1) === 0 ? 0 : t));
        return { size, seconds: times, metres: times.map((t) => (t < 0 ? -1 : t * 11)), source: 'osrm' as const };
      }),
  );

const aBreak = (id: string): fc.Arbitrary<Break> =>
  fc.record({ id: fc.constant(id), window: interval(6_000), length: time(1_200) });

const anyShift = (index: number, nodes: number): fc.Arbitrary<Shift> =>
  fc.record({
    id: fc.constant(`shift-${index}`),
    startNode: fc.nat(nodes - 1),
    endNode: fc.option(fc.nat(nodes - 1)),
    from: time(2_000),
    until: time(6_000).map((t) => seconds(t + 2_000)),
    overtime: time(1_000),
    breaks: sometimes<readonly Break[]>(fc.oneof(fc.tuple(aBreak('lunch')), fc.tuple(aBreak('lunch'), aBreak('coffee'))), []),
    skills: fc.oneof({ weight: 3, arbitrary: fc.constant(['signs', 'water', 'roads']) }, { weight: 1, arbitrary: skills }),
    plant: fc.subarray(['digger']),
  });

const anyInForce = (shifts: number, jobs: number): fc.Arbitrary<InForce> =>
  fc.record({
    shift: fc.nat(shifts - 1),
    position: fc.nat(jobs),
    start: time(7_000),
    fixed: sometimes(fc.boolean(), false),
    started: fc.boolean(),
    lockCrew: sometimes(fc.boolean(), false),
    lockTime: sometimes(fc.boolean(), false),
    lockOrder: sometimes(fc.boolean(), false),
    promised: sometimes(interval(8_000), null),
  });

const anyJob = (index: number, nodes: number, shifts: number, jobs: number): fc.Arbitrary<Job> =>
  fc.record({
    id: fc.constant(`job-${index}`),
    node: fc.nat(nodes - 1),
    service: time(1_500),
    release: sometimes(time(5_000), seconds(0)),
    windows: sometimes(fc.array(interval(8_000), { minLength: 1, maxLength: 2 }), []),
    due: fc.option(time(9_000)),
    latePerSecond: fc.nat(3),
    waiting: fc.nat(6_000),
    waitingPerHour: sometimes(fc.nat(4_000), 0),
    skills: sometimes(skills, []),
    plant: sometimes<readonly string[]>(fc.constant(['digger']), []),
    declinedBy: sometimes<readonly number[]>(fc.subarray(Array.from({ length: shifts }, (_, s) => s)), []),
    inForce: shifts === 0 ? fc.constant(null) : sometimes(anyInForce(shifts, jobs), null, 2),
  });

const anyWeights: fc.Arbitrary<Weights> = fc.record({
  travelPerSecond: fc.integer({ min: 0, max: 3 }),
  overtimePerSecond: fc.nat(5),
  changeOfCrew: fc.nat(500),
  moveOfStartPerSecond: fc.nat(2),
  startTolerance: time(600),
  brokenPromise: fc.nat(2_000),
  useOfShift: fc.nat(300),
});

interface Most {
  readonly jobs: number;
  readonly shifts: number;
}
interface Sizes extends Most {
  readonly nodes: number;
}
const sizes = (most: Most): fc.Arbitrary<Sizes> =>
  fc.record({ shifts: fc.nat(most.shifts), jobs: fc.nat(most.jobs), nodes: fc.integer({ min: 1, max: 6 }) });

const plainProblem = ({ shifts, jobs, nodes }: Sizes): fc.Arbitrary<Problem> =>
  fc.record({
    epochUnixSeconds: fc.constant(1_769_500_000),
    now: time(3_000),
    shifts: fc.tuple(...Array.from({ length: shifts }, (_, s) => anyShift(s, nodes))),
    jobs: fc.tuple(...Array.from({ length: jobs }, (_, j) => anyJob(j, nodes, shifts, jobs))),
    travel: anyTravel(nodes),
    weights: anyWeights,
  });

/** Up to `most` jobs and shifts; either may be none. Without links, stock, levels, areas, rates, gaps, limits, speeds. */
export const anyProblem = (most: Most): fc.Arbitrary<Problem> => sizes(most).chain(plainProblem);

/** Mostly as many shifts and jobs as are asked for, and mostly worth doing: rules that mix need jobs that are done. */
const busyProblem = (most: Most): fc.Arbitrary<Problem> =>
  fc
    .noBias(
      fc.record({
        shifts: fc.oneof({ weight: 1, arbitrary: fc.nat(most.shifts) }, { weight: 3, arbitrary: fc.constant(most.shifts) }),
        jobs: fc.oneof({ weight: 1, arbitrary: fc.nat(most.jobs) }, { weight: 3, arbitrary: fc.constant(most.jobs) }),
        nodes: fc.integer({ min: 1, max: 6 }),
      }),
    )
    .chain((size) => fc.noBias(plainProblem(size)))
    .map((problem) => ({
      ...problem,
      jobs: problem.jobs.map((job, j) => ({
        ...job,
        waiting: job.waiting + (j % 3) * 5_000,
        service: seconds(job.service / 2),
        plant: j % 2 === 0 ? [] : job.plant,
      })),
    }));

/** Up to `most` jobs and shifts, with every rule of `problem.ts` mixed in, each in a fair share of the problems. */
export const anyRichProblem = (most: Most): fc.Arbitrary<Problem> =>
  busyProblem(most).chain((problem) =>
    fc
      .record({
        shifts: fc.tuple(...problem.shifts.map(moreOfShift)),
        jobs: fc.tuple(...problem.jobs.map(moreOfJob)),
        links: nowAndThen(anyLinks(problem.jobs.length), 3),
        speedByTime: nowAndThen(anySpeeds),
        overqualificationPerLevel: nowAndThen(fc.nat(300), 3),
        balancePerSecond: nowAndThen(fc.nat(3), 3),
        worstLatePerSecond: nowAndThen(fc.nat(3)),
      })
      .map(({ shifts, jobs, links, speedByTime, ...weights }) => ({
        ...problem,
        shifts,
        jobs: fetching(jobs, links ?? []),
        ...present({ links }),
        travel: { ...problem.travel, ...present({ speedByTime }) },
        weights: { ...problem.weights, ...present(weights) },
      })),
  );

/** The same problem with jobs and shifts listed in another order. */
export function reordered(problem: Problem, shiftOrder: readonly number[], jobOrder: readonly number[]): Problem {
  const shifts = shiftOrder.flatMap((s) => problem.shifts[s] ?? []);
  const jobs = jobOrder
    .flatMap((j) => problem.jobs[j] ?? [])
    .map((job) => ({
      ...job,
      declinedBy: (job.declinedBy ?? []).map((s) => shiftOrder.indexOf(s)),
      inForce: job.inForce === null ? null : { ...job.inForce, shift: shiftOrder.indexOf(job.inForce.shift) },
    }));
  if (problem.links === undefined) return { ...problem, shifts, jobs };
  const links = problem.links.map((link) => ({
    ...link,
    first: jobOrder.indexOf(link.first),
    second: jobOrder.indexOf(link.second),
  }));
  return { ...problem, shifts, jobs, links: links.toReversed() };
}
