import { z } from 'zod';
import type { Db } from '../../../db/knex.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { reachOf } from '../../platform/reach.ts';
import { MovementView } from './contract.ts';
import { listMovementsOfShift } from './store.ts';

/** Reading what vehicles were seen to do. Desks see the shifts of their organisation. */
export function movementRoutes(deps: { readonly db: Db }): Route[] {
  const { db } = deps;
  return [
    route({
      method: 'get',
      path: '/api/shifts/:id/movements',
      action: 'position.read',
      summary: 'What the vehicles of a shift were seen to do: at a place, standing, off their way, silent, too fast, alarmed',
      params: z.strictObject({ id: z.uuid() }),
      answer: z.array(MovementView),
      async handle({ actor, scope, params }) {
        const { organisationId } = reachOf(actor, scope);
        const shift = await db('crew_shift')
          .where({ id: params.id, ...(organisationId === null ? {} : { organisation_id: organisationId }) })
          .first<{ id: string } | undefined>('id');
        if (!shift) throw new Problem(404, 'no-such-shift', 'There is no such shift among those you may see.');
        return listMovementsOfShift(db, params.id);
      },
    }),
  ];
}
