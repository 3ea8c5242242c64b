import { z } from 'zod';
import type { Db } from '../../../db/knex.ts';
import type { CityClock } from '../../platform/clock.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { requireInScope } from '../../stores/crews/commands.ts';
import { getShift } from '../../stores/crews/store.ts';
import { FixBatch, FixReceipt, RelayBatch, RelayReceipt } from '../../stores/positions/contract.ts';
import { listVehiclesOfShift } from '../../stores/positions/store.ts';
import type { Movement } from './movement/movement.ts';
import type { Tracking } from './receive.ts';
import type { Relay } from './relay.ts';

export interface TrackingRoutesDeps {
  readonly tracking: Tracking;
  readonly movements: Pick<Movement, 'alarm'>;
  readonly relay?: Relay;
  readonly db: Db;
  readonly clock: CityClock;
}

/** POST /api/positions: what a device does that has no socket. The same contract as `fixes` on the socket. */
export function trackingRoutes(deps: TrackingRoutesDeps): Route[] {
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
    route({
      method: 'post',
      path: '/api/shifts/:id/alarm',
      action: 'alarm.raise',
      summary: 'The crew is in danger: every desk is told at once; pressed again within five minutes it is the same alarm',
      params: z.strictObject({ id: z.uuid() }),
      body: z.strictObject({}),
      answer: z.strictObject({ told: z.boolean() }),
      async handle({ actor, scope, params }) {
        const shift = await getShift(deps.db, params.id);
        await requireInScope(deps.db, shift, actor, scope);
        const at = deps.clock.now();
        const vehicles = await listVehiclesOfShift(deps.db, params.id);
        const vehicle = vehicles.find(({ from, until }) => from <= at && at < until) ?? vehicles.at(-1);
        if (vehicle === undefined) throw new Problem(409, 'no-vehicle', 'This shift has no vehicle that could be looked for.');
        return { told: await deps.movements.alarm(actor, { shiftId: params.id, vehicleId: vehicle.vehicleId, at }) };
      },
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
