import { z } from 'zod';
import type { Db } from '../../../db/knex.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { PublicCase } from '../../stores/cases/contract.ts';
import { followCase, type ServiceLabel } from './public-case.ts';

/** What a reporter reads with the link of the receipt. */
export function notificationRoutes(deps: { readonly db: Db; readonly serviceLabel: ServiceLabel }): Route[] {
  return [
    route({
      method: 'get',
      path: '/api/follow/:token',
      action: 'case.follow',
      summary: 'How a report stands, for whoever has its link: state, when somebody comes, what was said so far',
      params: z.strictObject({ token: z.string().min(20).max(200) }),
      answer: PublicCase,
      handle({ params, receivedAt, res }) {
        // The link is the secret: no cache on the way may keep what it opens.
        res.set('Cache-Control', 'no-store');
        return followCase(deps.db, params.token, deps.serviceLabel, receivedAt);
      },
    }),
  ];
}
