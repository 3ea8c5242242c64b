import { route, type Route } from '../../platform/http-route.ts';
import { FixBatch, FixReceipt } from '../../stores/positions/contract.ts';
import type { Tracking } from './receive.ts';

/** POST /api/positions: what a device does that has no socket. The same contract as `fixes` on the socket. */
export function trackingRoutes(deps: { readonly tracking: Tracking }): Route[] {
  return [
    route({
      method: 'post',
      path: '/api/positions',
      action: 'position.report',
      summary: 'A device sends a batch of fixes, oldest first; it may forget them when it is answered',
      body: FixBatch,
      answer: FixReceipt,
      maxBodyBytes: 512 * 1024,
      handle: ({ actor, body }) => deps.tracking.receive(actor, body),
    }),
  ];
}
