import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { compile } from '../compile.ts';
import { aJob, aProblem, aShift, inForce, someWeights } from '../fixtures.ts';
import { type Instance, NONE } from '../instance.ts';
import type { Problem, TravelMatrix } from '../problem.ts';
import { costOfSequence } from '../schedule.ts';
import { seconds } from '../units.ts';
import { Insertions } from './insertion.ts';
import { nearness, type Nearness } from './nearness.ts';
import { random } from './random.ts';
import { Recreate } from './recreate.ts';
import { Routes } from './routes.ts';
import { Ruin, type Ruined } from './ruin.ts';

/** Problems and parts of a search for its tests. */

interface Point {
  readonly x: number;
  readonly y: number;
}

/** As the crow flies, a second a unit, rounded up: no way round is shorter. */
export function onAMap(points: readonly Point[]): TravelMatrix {
  const cells = points.flatMap((a) => points.map((b) => Math.ceil(Math.hypot(a.x - b.x, a.y - b.y))));
  return {
    size: points.length,
    seconds: Int32Array.from(cells),
    metres: Int32Array.from(cells, (s) => s * 10),
    source: 'estimate',
  };
}

const anyPoint = fc.record({ x: fc.nat(1_000), y: fc.nat(1_000) });
const anySpan = fc.tuple(fc.nat(6_000), fc.integer({ min: 100, max: 4_000 }));

/** Random problems of the plain kind: one depot or two, one window a job, stock that is used up, some fixed stops. */
export const anyPlainProblem = (most: { readonly jobs: number; readonly shifts: number }): fc.Arbitrary<Problem> =>
  fc
    .noBias(
      fc.record({
        points: fc.array(anyPoint, { minLength: 8, maxLength: 8 }),
        crews: fc.array(
          fc.record({
            depot: fc.nat(1),
            open: fc.boolean(),
            room: fc.option(fc.integer({ min: 4, max: 20 }), { freq: 2 }),
            most: fc.option(fc.integer({ min: 1, max: 6 }), { freq: 2 }),
          }),
          { minLength: 1, maxLength: most.shifts },
        ),
        jobs: fc.array(
          fc.record({
            node: fc.nat(7),
            span: fc.option(anySpan),
            work: fc.nat(500),
            uses: fc.nat(5),
            waiting: fc.nat(6_000),
            fixedOn: fc.option(fc.nat(most.shifts - 1), { freq: 1, nil: null }),
          }),
          { minLength: 1, maxLength: most.jobs },
        ),
        fixes: fc.boolean(),
        alike: fc.boolean(),
        use: fc.nat(800),
        counted: fc.boolean(),
      }),
    )
    .map(({ points, crews, jobs, fixes, alike, use, counted }) => ({
      ...aProblem({ travel: onAMap(points), weights: someWeights({ useOfShift: use }) }),
      shifts: crews.map((crew, s) => {
        const { depot, open, room, most: maxJobs } = alike ? crews[0]! : crew;
        return aShift({
          id: `shift-${s}`,
          startNode: depot,
          endNode: open ? null : depot,
          ...(counted && room !== null ? { capacity: [room] } : {}),
          ...(maxJobs === null ? {} : { maxJobs }),
        });
      }),
      jobs: jobs.map(({ node, span, work, uses, waiting, fixedOn }, j) =>
        aJob({
          id: `job-${j}`,
          node,
          service: seconds(work),
          waiting,
          windows: span === null ? [] : [{ from: seconds(span[0]), until: seconds(span[0] + span[1]) }],
          ...(counted ? { uses: [uses] } : {}),
          inForce:
            fixes && fixedOn !== null && j % 5 === 0 && fixedOn < crews.length
              ? inForce({ shift: fixedOn, position: j, fixed: true })
              : null,
        }),
      ),
    }));

/** Random problems of both kinds: the search treats them differently from the first line. */
export const anyKindOfProblem = (most: { readonly jobs: number; readonly shifts: number }): fc.Arbitrary<Problem> =>
  fc.oneof(anyPlainProblem(most), anyRichProblem(most));

/** A vehicle routing problem with windows: alike vehicles at one depot, scattered customers, each window open for a while. */
export function deliveries(customers: number, vehicles: number, seed = 1): Problem {
  const chance = random(seed);
  const points = Array.from({ length: customers + 1 }, () => ({ x: chance.below(1_400), y: chance.below(1_400) }));
  return aProblem({
    travel: onAMap(points),
    weights: someWeights(),
    shifts: Array.from({ length: vehicles }, (_, s) => aShift({ id: `vehicle-${s}`, capacity: [200] })),
    jobs: Array.from({ length: customers }, (_, j) => {
      const from = seconds(chance.below(8_000));
      return aJob({
        id: `customer-${j}`,
        node: j + 1,
        service: seconds(100),
        waiting: 100_000,
        windows: [{ from, until: seconds(from + 300 + chance.below(1_500)) }],
        uses: [5 + chance.below(30)],
      });
    }),
  });
}

/** A dispatcher's day: crews with skills, a break and overtime, jobs with due times, more than one day's work. */
export function dispatchDay(crews: number, jobs: number, seed = 1): Problem {
  const chance = random(seed);
  const points = Array.from({ length: crews + jobs }, () => ({ x: chance.below(2_000), y: chance.below(2_000) }));
  const lunch = { id: 'lunch', window: { from: seconds(14_400), until: seconds(18_000) }, length: seconds(1_800) };
  return aProblem({
    travel: onAMap(points),
    shifts: Array.from({ length: crews }, (_, s) =>
      aShift({
        id: `crew-${s}`,
        startNode: s,
        endNode: s,
        until: seconds(36_000),
        overtime: seconds(3_600),
        breaks: [lunch],
        skills: s % 2 === 0 ? ['signs'] : ['signs', 'water'],
      }),
    ),
    jobs: Array.from({ length: jobs }, (_, j) =>
      aJob({
        id: `job-${j}`,
        node: crews + j,
        service: seconds(900 + chance.below(900)),
        due: seconds(chance.below(60_000)),
        waiting: 2_000 + chance.below(8_000),
        skills: chance.below(4) === 0 ? ['water'] : ['signs'],
      }),
    ),
  });
}

/** The parts of a search over one problem. */
export interface Parts {
  readonly instance: Instance;
  readonly near: Nearness;
  readonly routes: Routes;
  readonly insertions: Insertions;
  readonly ruin: Ruin;
  readonly recreate: Recreate;
  readonly ruined: Ruined;
}

export function partsOf(problem: Problem, seed = 1): Parts {
  const instance = compile(problem);
  const near = nearness(instance);
  const routes = new Routes(instance);
  const insertions = new Insertions(routes);
  const chance = random(seed);
  return {
    instance,
    near,
    routes,
    insertions,
    ruin: new Ruin(routes, near, chance),
    recreate: new Recreate(routes, insertions, near, chance),
    ruined: { removed: new Int32Array(instance.jobCount), count: 0, beginAnew: false },
  };
}

/** The whole sequence of a shift, its fixed stops first. */
export const wholeSequence = (routes: Routes, s: number): number[] => [...routes.instance.fixedStops[s]!, ...routes.sequence(s)];

/** What shift s costs by the schedule, driven from its beginning. */
export const drivenCost = (routes: Routes, s: number): number => costOfSequence(routes.instance, s, wholeSequence(routes, s));

/** Jobs that are left out, in order. */
export const absentJobs = ({ absent, absentCount }: Routes): number[] =>
  Array.from(absent.subarray(0, absentCount)).sort((a, b) => a - b);

/** Everything of the routes that anybody can see, the two lists without order in order. */
export function seen(routes: Routes): Record<string, unknown> {
  const { next, prev, route, depart, latest, legIn, costTo, nextBreak, lastOrder, count, routeCost, load, version, gain } =
    routes;
  const arrays = {
    next,
    prev,
    route,
    depart,
    latest,
    legIn,
    costTo,
    nextBreak,
    lastOrder,
    count,
    routeCost,
    load,
    version,
    gain,
  };
  const { changes, worstLate, cost, active, changed, absentCount, instance } = routes;
  return {
    ...Object.fromEntries(Object.entries(arrays).map(([name, list]) => [name, Array.from(list)])),
    changes: [...changes],
    worstLate: [...worstLate],
    lockedStart: [...instance.lockedStart],
    cost,
    active,
    changed,
    absentCount,
    absent: absentJobs(routes),
    activeShifts: Array.from(routes.activeShifts.subarray(0, active)).sort((a, b) => a - b),
  };
}

/** Puts left-out jobs of no group in, each where chance says, as far as the day allows it. */
export function scatter({ routes, instance }: Parts, seed: number): void {
  const chance = random(seed);
  for (const j of absentJobs(routes)) {
    if (instance.groupOf[j] !== NONE || instance.shiftCount === 0) continue;
    const s = chance.below(instance.shiftCount);
    tryLink(routes, j, s, chance.below(1_000));
  }
}

/** Puts job j on shift s, behind the stop that `at` chooses; false, and as before, when a rule forbids it. */
export function tryLink(routes: Routes, j: number, s: number, at: number): boolean {
  const { instance } = routes;
  if (instance.allowed[j * instance.shiftCount + s] === 0) return false;
  const movable = routes.sequence(s);
  const place = at % (movable.length + 1);
  if (costOfSequence(instance, s, [...instance.fixedStops[s]!, ...movable.toSpliced(place, 0, j)]) === Infinity) return false;
  routes.link(j, place === 0 ? instance.jobCount + s : movable[place - 1]!, s);
  if (!routes.redrive(s)) throw new Error(`shift ${s} works by the schedule and not by the routes`);
  return true;
}
