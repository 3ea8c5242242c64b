import type { Db } from '../../../db/knex.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { roundedPlace } from '../../stores/cases/public-place.ts';
import type { LoadedCity } from '../../stores/city/load.ts';
import type { Streets } from '../../stores/city/streets.ts';
import { listOpenJobsNear } from '../../stores/jobs/near.ts';
import { catalogueOf, serviceFor } from './catalogue.ts';
import { FoundStreets, NearQuestion, NearReports, PlaceAnswer, PlaceQuestion, StreetQuestion } from './contract.ts';
import { openNear, openWorkState } from './near.ts';
import { locate } from './place.ts';

export interface PlaceDeps {
  readonly db: Db;
  readonly city: () => LoadedCity;
  /** Null while the city's roads have not been imported. */
  readonly streets: () => Streets | null;
}

const MOST_STREETS = 16;
/** Nobody reads more before saying "mine is another". */
const MOST_NEAR = 5;
const HOUR_MILLIS = 3_600_000;

/** What the form asks before a report is sent: where is that, and has somebody reported it already. */
export function placeRoutes(deps: PlaceDeps): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/streets',
      action: 'place.find',
      summary: 'Streets and crossings of the city by what somebody types, best first',
      query: StreetQuestion,
      answer: FoundStreets,
      handle({ query }) {
        const streets = roadsOf(deps);
        const found = streets.search(query.q, MOST_STREETS);
        return Promise.resolve({ streets: found.map((one) => ({ ...one, placeText: streets.describe(one.place) })) });
      },
    }),
    route({
      method: 'get',
      path: '/api/place',
      action: 'place.find',
      summary: 'What a place is called, and whether it lies on a road of the city',
      query: PlaceQuestion,
      answer: PlaceAnswer,
      handle({ query }) {
        const { placeQuality, placeText } = locate(query, deps.city().config, roadsOf(deps));
        return Promise.resolve({ placeQuality, placeText });
      },
    }),
    route({
      method: 'get',
      path: '/api/near',
      action: 'place.near',
      summary: 'Open work of one kind near a place, without anything of who reported it',
      query: NearQuestion,
      answer: NearReports,
      handle: ({ query, receivedAt }) => near(deps, query, receivedAt),
    }),
  ];
}

function roadsOf({ streets }: PlaceDeps): Streets {
  const known = streets();
  if (known !== null) return known;
  throw new Problem(503, 'no-roads', "The city's roads have not been imported yet, so no place can be found on them.");
}

async function near(deps: PlaceDeps, asked: NearQuestion, now: Date): Promise<NearReports> {
  const { config } = deps.city();
  const streets = roadsOf(deps);
  const { jobType, cluster } = serviceFor(catalogueOf(config), asked.serviceType);
  const located = locate({ lon: asked.lon, lat: asked.lat }, config, streets);
  if (jobType === null || cluster === null || located.placeQuality !== 'on_road') return { reports: [] };
  const { roadPoint } = located;
  const jobs = await listOpenJobsNear(deps.db, [{ jobType: jobType.code, place: roadPoint, metres: cluster.radiusMetres }]);
  const wanted = { roadPoint, jobType: jobType.code, emergency: jobType.emergency };
  return {
    reports: openNear(wanted, jobs, cluster.radiusMetres)
      .slice(0, MOST_NEAR)
      .flatMap((job) => {
        const state = openWorkState(job.state);
        const first = Math.min(...job.reports.map(({ reportedAt }) => reportedAt.getTime()));
        if (state === null) return [];
        return {
          label: jobType.label,
          // From the road, not from the job: a dispatcher may have written a house there.
          placeText: streets.describe(job.roadPoint),
          place: roundedPlace(job.roadPoint),
          state,
          hoursAgo: Math.max(0, Math.floor((now.getTime() - first) / HOUR_MILLIS)),
          reports: job.reports.length,
        };
      }),
  };
}
