import { z } from 'zod';
import type { ChangeTools } from '../../platform/change.ts';
import { route, type Route } from '../../platform/http-route.ts';
import { requireInScope } from '../../stores/crews/commands.ts';
import { getShift } from '../../stores/crews/store.ts';
import { acknowledgeDay } from './acknowledge.ts';
import { CrewDay, OrderSeen } from './contract.ts';
import type { CrewDays } from './day.ts';

const Id = z.strictObject({ id: z.uuid() });

/** A crew's day. */
export function crewDayRoutes(deps: { readonly tools: ChangeTools; readonly days: CrewDays }): Route[] {
  const { tools, days } = deps;
  return [
    route({
      method: 'get',
      path: '/api/shifts/:id/day',
      action: 'shift.read',
      summary: 'Stops in order with times as things are now, the way, directions, and what has changed; a crew sees its own',
      params: Id,
      answer: CrewDay,
      async handle({ actor, scope, params, signal }) {
        if (scope !== 'all') await requireInScope(tools.db, await getShift(tools.db, params.id), actor, scope);
        return days.dayOf(params.id, signal);
      },
    }),
    route({
      method: 'post',
      path: '/api/shifts/:id/acknowledge-order',
      action: 'shift.report',
      summary: 'The crew has seen this order of its stops',
      params: Id,
      body: z.strictObject({ orderVersion: z.int().min(1) }),
      answer: OrderSeen,
      handle: ({ actor, scope, params, body }) =>
        acknowledgeDay(tools, actor, scope, { shiftId: params.id, orderVersion: body.orderVersion }),
    }),
  ];
}
