import { route, type Route } from '../../platform/http-route.ts';
import { FixBatch, FixReceipt, RelayBatch, RelayReceipt } from '../../stores/positions/contract.ts';
import type { Tracking } from './receive.ts';
import type { Relay } from './relay.ts';

/** POST /api/positions: what a device does that has no socket. The same contract as `fixes` on the socket. */
export function trackingRoutes(deps: { readonly tracking: Tracking; readonly relay?: Relay }): Route[] {
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
    ...(deps.relay === undefined ? [] : [relayRoute(deps.relay)]),
  ];
}

/** POST /api/positions/relay: the same contract as `relay` on the socket. */
const relayRoute = (relay: Relay): Route =>
  route({
    method: 'post',
    path: '/api/positions/relay',
    action: 'position.relay',
    summary: 'A program passes on fixes of many trackers; what is not refused is stored',
    body: RelayBatch,
    answer: RelayReceipt,
    maxBodyBytes: 512 * 1024,
    handle: ({ actor, body }) => relay(actor, body),
  });
