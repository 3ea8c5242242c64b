import { createReadStream } from 'node:fs';
import { readFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parse } from 'csv-parse';
import { checkPlan } from '../../routing/check-plan.ts';
import type { Plan } from '../../routing/plan.ts';
import type { Problem } from '../../routing/problem.ts';
import type { RoadNetwork } from '../../routing/roads/road-network.ts';
import type { Streets } from '../../server/stores/city/streets.ts';
import type { LonLat } from '../../routing/units.ts';
import { chanceOf } from '../simulator/chance.ts';
import type { BenchCase, LoadedCase, Score } from './bench-case.ts';
import { dispatchProblem, type DispatchPlaces, type DispatchSize, GENERATION } from './dispatch-problem.ts';
import { keptMatrix } from './dispatch-matrix.ts';
import { scoreSequences } from './score-sequences.ts';

/** Half past seven in the morning of 28 January 2026 in Washington; what was reported before is the backlog. */
export const MORNING_UNIX_SECONDS = Date.parse('2026-01-28T12:30:00Z') / 1000;
/** Further from a drivable road than this is no place for a job (cities/dc). */
const METRES_FROM_ROAD = 50;
const POINTS_ON_STREETS = 500;
/** Of the days and of the points; the search has seeds of its own. */
const SEED = 1;

/** Shifts, jobs and the seconds a dispatcher would wait. */
const SIZES = [
  { shifts: 20, jobs: 100, seconds: 5 },
  { shifts: 50, jobs: 400, seconds: 5 },
  { shifts: 100, jobs: 1000, seconds: 15 },
  { shifts: 300, jobs: 3000, seconds: 30 },
] as const;

export interface DispatchCity {
  readonly streets: Streets;
  readonly depots: readonly LonLat[];
  readonly roadVersion: string;
  /** Starts the router when it is wanted. */
  readonly network: () => Promise<RoadNetwork>;
}

/** The four sizes over real reports and real roads. @param references least costs known, by case. */
export function dispatchCases(
  city: DispatchCity,
  requestsFile: string,
  cacheFolder: string,
  references: References,
  say: (line: string) => void,
): BenchCase[] {
  const dayOf = dispatchDays(city, requestsFile, cacheFolder, say);
  return SIZES.map(({ shifts, jobs, seconds }) => {
    const name = `${shifts}x${jobs}`;
    return {
      name,
      load: async () => loadedDispatch(await dayOf({ shifts, jobs }), seconds, references.of(name, city.roadVersion)),
    };
  });
}

/** Makes days of any size over real reports and real roads. */
export function dispatchDays(
  city: DispatchCity,
  requestsFile: string,
  cacheFolder: string,
  say: (line: string) => void,
): (size: DispatchSize, seed?: number) => Promise<Problem> {
  let places: Promise<DispatchPlaces> | null = null;
  return async (size, seed = SEED) => {
    places ??= placesOf(city, requestsFile);
    const outline = dispatchProblem(seed, size, await places, MORNING_UNIX_SECONDS);
    const travel = await keptMatrix(outline.places, city.roadVersion, cacheFolder, city.network, say);
    return { ...outline.problem, travel };
  };
}

async function placesOf(city: DispatchCity, file: string): Promise<DispatchPlaces> {
  const requests: { place: LonLat; openedUnixSeconds: number }[] = [];
  const rows = createReadStream(file).pipe(parse({ columns: true })) as AsyncIterable<Record<string, string>>;
  for await (const row of rows) {
    const place = { lon: Number(row['lon']), lat: Number(row['lat']) };
    if (row['in_osm_bbox'] !== '1' || city.streets.nearest(place, METRES_FROM_ROAD) === null) continue;
    requests.push({ place, openedUnixSeconds: Math.floor(Date.parse(row['opened_utc'] ?? '') / 1000) });
  }
  const chance = chanceOf(SEED, 'points on streets');
  const onStreets = Array.from({ length: POINTS_ON_STREETS }, () => city.streets.randomPoint(() => chance.next()));
  return { requests, depots: city.depots, onStreets };
}

/** A dispatch problem ready to run: costs are our objective's, checked by the independent checker. */
export function loadedDispatch(problem: Problem, seconds: number, best: number | null): LoadedCase {
  const check = (plan: Plan): Score => ({
    cost: plan.cost.total,
    faults: checkPlan(problem, plan).map(({ code, detail }) => `${code}: ${detail}`),
    remark: `${termsOf(plan)}; ${plan.unassigned.length} not done`,
  });
  return {
    problem,
    size: `${problem.shifts.length}x${problem.jobs.length}`,
    seconds,
    best,
    mustServe: false,
    score: check,
    scoreSequences(sequences) {
      const { plan, dropped } = scoreSequences(problem, sequences);
      const score = check(plan);
      return { ...score, remark: `${score.remark ?? ''}, ${dropped.length} of them given up by our rules` };
    },
  };
}

/** What a plan pays for, by term, the terms that are nothing left out. */
const termsOf = ({ cost }: Plan): string =>
  Object.entries(cost)
    .filter(([name, value]) => name !== 'total' && value !== 0)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** The least cost that any run with `--reference` has found, by case, in a file below THUMA_HOME. */
export interface References {
  of(name: string, roadVersion: string): number | null;
  keep(name: string, roadVersion: string, cost: number): Promise<void>;
}

export async function openReferences(folder: string): Promise<References> {
  const file = path.join(folder, 'dispatch-references.json');
  const text = await readFile(file, 'utf8').catch(() => '{}');
  const costs = new Map(Object.entries(JSON.parse(text) as Record<string, number>));
  const keyOf = (name: string, roadVersion: string): string => `${name}, roads ${roadVersion}, generation ${GENERATION}`;
  return {
    of: (name, roadVersion) => costs.get(keyOf(name, roadVersion)) ?? null,
    async keep(name, roadVersion, cost) {
      const key = keyOf(name, roadVersion);
      costs.set(key, Math.min(cost, costs.get(key) ?? Infinity));
      await mkdir(folder, { recursive: true });
      await writeFile(file, JSON.stringify(Object.fromEntries(costs), null, 2));
    },
  };
}
