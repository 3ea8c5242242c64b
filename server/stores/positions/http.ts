import { z } from 'zod';
import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { reachOf } from '../../platform/reach.ts';
import { Problem } from '../../platform/problem.ts';
import { Track, VehiclePosition } from './contract.ts';
import { listPositions } from './store.ts';
import { trackOf } from './track.ts';

const MOST_HOURS = 48;

/** Reading positions: where the vehicles are, and where one was. Desks see the vehicles of their organisation. */
export function positionRoutes(deps: { readonly db: Db; readonly clock: CityClock }): Route[] {
  const { db, clock } = deps;
  return [
    route({
      method: 'get',
      path: '/api/positions',
      action: 'position.read',
      summary: 'Where the vehicles are, how old that is, and who says so',
      answer: z.array(VehiclePosition),
      async handle({ actor, scope }) {
        const { organisationId } = reachOf(actor, scope);
        return (await listPositions(db, clock.now(), { organisationId })).map((p) => p.position);
      },
    }),
    route({
      method: 'get',
      path: '/api/vehicles/:id/track',
      action: 'position.read',
      summary: 'The track of a vehicle between two times, what was found wrong with each fix included',
      params: z.strictObject({ id: z.uuid() }),
      query: z.strictObject({ from: z.iso.datetime({ offset: true }), until: z.iso.datetime({ offset: true }) }),
      answer: Track,
      async handle({ actor, scope, params, query }) {
        const from = new Date(query.from);
        const until = new Date(query.until);
        if (until.getTime() - from.getTime() > MOST_HOURS * 3_600_000 || until < from) {
          throw new Problem(
            422,
            'period-too-long',
            `Ask for at most ${MOST_HOURS} hours of a track, first the start, then the end.`,
          );
        }
        const { organisationId } = reachOf(actor, scope);
        const vehicle = await db('vehicle')
          .where({ id: params.id, ...(organisationId === null ? {} : { organisation_id: organisationId }) })
          .first<{ id: string } | undefined>('id');
        if (!vehicle) throw new Problem(404, 'no-such-vehicle', 'There is no such vehicle among those you may see.');
        const points = await trackOf(db, { vehicleId: params.id }, from, until, { everything: true });
        return {
          vehicleId: params.id,
          points: points.map((p) => ({
            time: p.time.toISOString(),
            lon: p.lon,
            lat: p.lat,
            accuracyMetres: p.accuracyMetres,
            flags: p.flags,
          })),
        };
      },
    }),
  ];
}
