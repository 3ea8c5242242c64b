import { z } from 'zod';
import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import { route, type Route } from '../../platform/http-route.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import { listAreas } from '../../stores/city/store.ts';
import { AreaView, CityView } from './contract.ts';

export interface CityDeps {
  readonly db: Db;
  readonly city: () => CityConfig;
  readonly clock: CityClock;
  /** What must be said about the roads in use; null: what the city's folder says of its own. */
  readonly attribution: () => string | null;
}

/** GET /api/city and /api/areas: what a screen must know before it can show anything. */
export function cityRoutes(deps: CityDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/city',
      action: 'city.read',
      summary: 'Name, time zone, bounds, depots and what things are called',
      answer: CityView,
      handle({ res }) {
        // It names the time, so nobody keeps it.
        res.set('Cache-Control', 'no-store');
        return Promise.resolve(viewCity(deps));
      },
    }),
    route({
      method: 'get',
      path: '/api/areas',
      action: 'city.read',
      summary: 'The parts of the city, with their boundaries where the city has them',
      answer: z.array(AreaView),
      handle: () => listAreas(deps.db),
    }),
  ];
}

function viewCity({ city, clock, attribution }: CityDeps): CityView {
  const config = city();
  const emergencies = new Set<string | null>(config.jobTypes.filter(({ emergency }) => emergency).map(({ code }) => code));
  return {
    name: config.name,
    title: config.title,
    zone: config.zone,
    language: config.language,
    bounds: config.bounds,
    attribution: attribution() ?? config.roads.attribution,
    depots: config.depots.map(({ code, name, place }) => ({ code, name, place })),
    requestTypes: Object.fromEntries(
      config.requestTypes.map(({ code, label, hint, picture, jobType }) => [
        code,
        { label, hint: hint ?? null, picture: picture ?? null, emergency: emergencies.has(jobType), isWork: jobType !== null },
      ]),
    ),
    emergencyPhone: config.emergencyPhone ?? null,
    contactsKeptDays: config.policy.retentionDays.contacts,
    jobTypes: Object.fromEntries(
      config.jobTypes.map(({ code, label, minutes, emergency }) => [code, { label, minutes, emergency }]),
    ),
    plant: [...new Set([...config.vehicles.flatMap((vehicle) => vehicle.plant), ...config.plant.map(({ kind }) => kind)])].sort(),
    drivingMinuteCost: config.policy.weights.travelPerSecond * 60,
    positionFreshSeconds: config.policy.positionFreshSeconds,
    invented: config.demand !== null,
    clock: { kind: clock.kind, now: clock.now().toISOString() },
  };
}
