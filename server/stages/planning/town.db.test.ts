import path from 'node:path';
import type { DbConnection } from '../../../db/knex.ts';
import { freshDb } from '../../../db/testing.ts';
import { cachedRoads, type CachedRoads } from '../../../routing/roads/cached.ts';
import { estimate } from '../../../routing/roads/estimate.ts';
import type { RoadNetwork } from '../../../routing/roads/road-network.ts';
import type { LonLat } from '../../../routing/units.ts';
import { startPlanner, type Planner as Engine } from '../../../routing/worker/start-planner.ts';
import { systemActor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { simulatedClock, type CityClock } from '../../platform/clock.ts';
import { seededIds } from '../../platform/ids.ts';
import { quiet, startTestServer, tokenFor } from '../../platform/test-server.ts';
import type { CaseId } from '../../stores/cases/contract.ts';
import { loadCity } from '../../stores/city/load.ts';
import { getConfigVersionId, installCity, listOrganisationIds } from '../../stores/city/store.ts';
import type { CrewShift } from '../../stores/crews/contract.ts';
import type { PlanRequest, PlanView } from '../../stores/plans/contract.ts';
import { apply } from '../../stores/work/apply.ts';
import type { NewJob, WorkAnswer } from '../../stores/work/contract.ts';
import { receiveCases } from '../../stores/work/receive.ts';
import { dispatchRoutes } from '../dispatch/http.ts';
import { ensureShifts } from '../rostering/ensure-shifts.ts';
import { planningRoutes } from './http.ts';
import type { PlanEngine } from './plan-engine.ts';
import type { OpenPlanQueue } from './plan-queue.ts';
import { planner, type Planner } from './planner.ts';
import { planningPolicy, type PlanningPolicy } from './planning-policy.ts';

/** For tests: a town with crews on duty, its planner and desk over HTTP, on a database of its own. */
export interface Town {
  readonly tools: ChangeTools;
  readonly engine: Engine;
  readonly planner: Planner;
  readonly connection: DbConnection;
  readonly roads: CachedRoads;
  readonly policy: () => Promise<PlanningPolicy>;
  readonly shifts: readonly CrewShift[];
  /** Reports something and makes a job of it, as the desk's policy would. */
  report(places: readonly LonLat[], over?: Partial<NewJob>): Promise<{ id: string; number: number; version: number }[]>;
  ask<T>(method: 'GET' | 'POST', address: string, body?: unknown): Promise<{ status: number; body: T; repeated: boolean }>;
  /** An envelope with a new action id. */
  envelope(): { actionId: string };
  /** Asks for a plan and waits until it is made. */
  plan(options?: { seed?: number; iterations?: number; maxChanges?: number }): Promise<PlanView>;
  close(): Promise<void>;
}

export interface TownOptions {
  readonly crews: number;
  /** Of the crews; left out: the morning's. */
  readonly serviceDay?: string;
  readonly roads?: RoadNetwork;
  readonly clock?: CityClock;
  readonly policy?: Partial<PlanningPolicy>;
  readonly city?: string;
  readonly onProgress?: (request: PlanRequest) => void;
  /** Stands before the engine: to hold it back or to let it die. */
  readonly engine?: (engine: PlanEngine) => PlanEngine;
  /** Left out: plans are made in this process alone. */
  readonly queue?: (connection: DbConnection) => OpenPlanQueue;
  readonly leaseMillis?: number;
}

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Eight in the morning in Washington. */
const DAY = '2026-01-27';
export const MORNING = new Date('2026-01-27T13:00:00.000Z');

export const aNewJob = (place: LonLat, over: Partial<NewJob> = {}): NewJob => ({
  jobType: 'snow-clearing',
  title: 'Clear snow',
  place,
  roadPoint: place,
  placeText: null,
  serviceSeconds: 1_800,
  slots: [{ skills: ['snow'], plant: [] }],
  windows: [],
  dueAt: '2026-01-27T16:00:00.000Z',
  priority: 2,
  emergency: false,
  proof: [],
  draft: false,
  ...over,
});

export async function openTown(options: TownOptions): Promise<Town> {
  const fresh = await freshDb();
  const tools: ChangeTools = {
    db: fresh.db,
    clock: options.clock ?? simulatedClock(MORNING),
    ids: seededIds(1),
    readers: [],
    committed: () => undefined,
  };
  const city = await loadCity(path.join(ROOT, 'cities', options.city ?? 'dc'));
  const shifts = await inChange(tools, systemActor, async (change) => {
    await installCity(change, city);
    return ensureShifts(change, city, options.serviceDay ?? DAY, { crews: options.crews });
  });
  const configVersionId = await getConfigVersionId(fresh.db, city.hash);
  const organisations = await listOrganisationIds(fresh.db);
  const organisationId = organisations.values().next().value ?? '';
  const policy = (): Promise<PlanningPolicy> =>
    Promise.resolve({ ...planningPolicy(city.config, configVersionId), ...options.policy });
  const roads = cachedRoads(options.roads ?? estimate({ factor: 1.4, metresPerSecond: 8, version: 'estimate' }), {
    maxPoints: 2_000,
  });
  const engine = startPlanner();
  const plans = planner({
    tools,
    roads,
    engine: options.engine?.(engine) ?? engine,
    policy,
    log: quiet,
    ...(options.onProgress === undefined ? {} : { onProgress: options.onProgress }),
    ...(options.queue === undefined ? {} : { openQueue: options.queue(fresh.connection) }),
    ...(options.leaseMillis === undefined ? {} : { leaseMillis: options.leaseMillis }),
  });
  const server = await startTestServer({
    routes: [
      ...planningRoutes({ planner: plans, tools, roads, policy, log: quiet }),
      ...dispatchRoutes({ tools, city: () => city.config }),
    ],
    clock: tools.clock,
  });

  const ask: Town['ask'] = async <T>(method: 'GET' | 'POST', address: string, body?: unknown) => {
    const reply = await fetch(server.url + address, {
      method,
      headers: {
        Authorization: `Bearer ${tokenFor('dispatcher')}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: reply.status, body: (await reply.json()) as T, repeated: reply.headers.get('Thuma-Repeated') === 'true' };
  };
  let reported = 0;

  return {
    tools,
    engine,
    planner: plans,
    connection: fresh.connection,
    roads,
    policy,
    shifts,
    ask,
    envelope: () => ({ actionId: tools.ids.next(tools.clock.now()) }),
    async report(places, over = {}) {
      return inChange(tools, systemActor, async (change) => {
        const cases = await receiveCases(
          change,
          places.map((place) => ({
            source: 'test',
            sourceId: String(++reported),
            organisationId,
            serviceType: 'snow',
            place,
            address: null,
            roadPoint: place,
            roadMetres: 0,
            placeQuality: 'on_road',
            placeText: null,
            areaIds: [],
            reportedAt: new Date(change.now.getTime() - 3_600_000),
            reportedYear: 2026,
            dueAt: null,
            priority: 2,
            words: null,
            contact: null,
            followTokenHash: null,
            sourceStatus: null,
            sourceClosedAt: null,
            sourceUpdatedAt: null,
          })),
        );
        const jobs: { id: string; number: number; version: number }[] = [];
        for (const [i, place] of places.entries()) {
          const caseIds = [cases[i]?.id as CaseId];
          const { body } = await apply(change, 'all', {
            type: 'case.make_job',
            caseIds,
            job: aNewJob(place, over),
            cause: 'policy',
          });
          jobs.push(...(body as WorkAnswer).jobs);
        }
        return jobs;
      });
    },
    async plan(wanted = {}) {
      const asked = await ask<PlanRequest>('POST', '/api/plans', { serviceDay: options.serviceDay ?? DAY, ...wanted });
      const ended = await ask<PlanRequest>('GET', `/api/plan-requests/${asked.body.id}?waitSeconds=25`);
      if (ended.body.state !== 'made') throw new Error(`the plan is ${ended.body.state}: ${ended.body.failure ?? ''}`);
      return (await ask<PlanView>('GET', `/api/plans/${ended.body.planId ?? ''}`)).body;
    },
    async close() {
      await plans.stop();
      await engine.close();
      await server.close();
      await fresh.drop();
    },
  };
}

/** Places in the middle of Washington, a few hundred metres apart. */
export const inTown = (count: number): LonLat[] =>
  Array.from({ length: count }, (_, i) => ({ lon: -77.035 + (i % 7) * 0.006, lat: 38.9 + Math.floor(i / 7) * 0.005 }));
