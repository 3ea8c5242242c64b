import path from 'node:path';
import { crewsAndCases } from '../../routing/bound/crews-and-cases.ts';
import type { Problem } from '../../routing/problem.ts';
import { type DispatchBench, openDispatchBench } from './dispatch-city.ts';
import type { BenchOptions } from './options.ts';
import { routingCases } from './routing-cases.ts';

/** An instance of `bench:bound`. */
export interface BoundCase {
  readonly name: string;
  /** Crews and jobs; of those of one family the gap is drawn over the jobs. */
  readonly family: string;
  readonly jobs: number;
  /** Seconds for plan and bound together, unless the command line says otherwise. */
  readonly seconds: number;
  /** null: it has no chance in it, and one run is enough. */
  load(seed: number): Promise<Problem>;
  readonly seeded: boolean;
}

const SIZES = [
  { shifts: 10, jobs: 50, seconds: 10 },
  { shifts: 20, jobs: 100, seconds: 10 },
  { shifts: 35, jobs: 200, seconds: 30 },
  { shifts: 50, jobs: 300, seconds: 60 },
  { shifts: 100, jobs: 1000, seconds: 120 },
] as const;
const SOLOMON_SECONDS = 10;
/** Short routes in narrow windows; the others of Solomon have fifty stops a route. */
const SHORT_ROUTES = /^(C1|R1|RC1)\d\d$/;

/** The families: `crews-20x100` (no roads, no reports), `dc-20x100` (Washington), and Solomon's by name. */
export function boundCases(options: BenchOptions, city: () => Promise<DispatchBench>): BoundCase[] {
  const folder = path.join(options.shared, 'data/vrp/Solomon');
  const wanted = (name: string): boolean => options.only === null || options.only.includes(name);
  const needsSolomon = options.only === null || options.only.some((name) => SHORT_ROUTES.test(name));
  return [
    ...SIZES.map(({ shifts, jobs, seconds }): BoundCase => ({
      name: `crews-${shifts}x${jobs}`,
      family: 'crews',
      jobs,
      seconds,
      // The largest take minutes each: one of them shows how the gap grows.
      seeded: jobs < 1000,
      load: (seed) => Promise.resolve(crewsAndCases(shifts, jobs, seed)),
    })),
    ...SIZES.map(({ shifts, jobs, seconds }): BoundCase => ({
      name: `dc-${shifts}x${jobs}`,
      family: 'dc',
      jobs,
      seconds,
      // The largest take minutes each: one of them shows how the gap grows.
      seeded: jobs < 1000,
      load: async (seed) => (await city()).dayOf({ shifts, jobs }, seed),
    })),
    ...(needsSolomon ? routingCases(folder, "Solomon's instances", () => SOLOMON_SECONDS) : [])
      .filter(({ name }) => SHORT_ROUTES.test(name))
      .map(({ name, load }): BoundCase => ({
        name,
        family: name.replace(/\d\d$/, ''),
        jobs: 100,
        seconds: SOLOMON_SECONDS,
        seeded: false,
        load: async () => (await load()).problem,
      })),
  ].filter(({ name }) => wanted(name) || options.only !== null);
}

/** Washington, opened when it is first wanted. */
export function lateCity(options: BenchOptions, say: (line: string) => void) {
  let opened: Promise<DispatchBench> | null = null;
  return {
    city: (): Promise<DispatchBench> => (opened ??= openDispatchBench(options, say)),
    async stop(): Promise<void> {
      await (await opened)?.stop();
    },
  };
}
