import type { CityClock } from '../../platform/clock.ts';
import { route, type Route } from '../../platform/http-route.ts';
import type { CityConfig } from '../../stores/city/contract.ts';
import { CityView } from './contract.ts';

export interface CityDeps {
  readonly city: () => CityConfig;
  readonly clock: CityClock;
  /** What must be said about the roads in use. */
  readonly attribution: () => string;
}

/** GET /api/city: what a screen must know before it can show anything. */
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
    attribution: attribution(),
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
    positionFreshSeconds: config.policy.positionFreshSeconds,
    invented: config.demand !== null,
    clock: { kind: clock.kind, now: clock.now().toISOString() },
  };
}
