import { z } from 'zod';
import { inChange } from '../../platform/change.ts';
import { route, type Route } from '../../platform/http-route.ts';
import type { AccountDeps } from './account-deps.ts';
import { BindableVehicle, DismissTracker, EnrolledTracker, NewTracker, SeenTracker } from './contract.ts';
import { scopeOfDevices } from './devices.ts';
import { forgetSeenTracker, listSeenTrackers } from './seen-trackers.ts';
import { enrolTracker, listBindableVehicles } from './trackers.ts';

/** Trackers of other makers: who has knocked, and who is let in. */
export function trackerRoutes(deps: AccountDeps): Route[] {
  const { tools } = deps;
  const { db } = tools;
  const action = 'device.manage';
  return [
    route({
      method: 'get',
      path: '/api/trackers/seen',
      action,
      summary: 'Trackers that came and were not let in, the last first',
      answer: z.array(SeenTracker),
      handle: ({ actor, scope }) => listSeenTrackers(db, scopeOfDevices(actor, scope)),
    }),
    route({
      method: 'post',
      path: '/api/trackers/dismiss',
      action,
      summary: 'Takes a tracker off that list until it comes again',
      body: DismissTracker,
      handle: ({ actor, scope, body }) => forgetSeenTracker(db, body, scopeOfDevices(actor, scope)),
    }),
    route({
      method: 'post',
      path: '/api/trackers',
      action,
      summary: "Makes a tracker this vehicle's, with a new key, shown this once; the same id enrolled before ends",
      body: NewTracker,
      answer: EnrolledTracker,
      status: 201,
      async handle({ actor, scope, body }) {
        const enrolled = await inChange(tools, actor, (change) => enrolTracker(change, body, scopeOfDevices(actor, scope)));
        deps.bindingsChanged(enrolled.deviceId);
        return enrolled;
      },
    }),
    route({
      method: 'get',
      path: '/api/vehicles',
      action,
      summary: 'The vehicles a device can be bound to',
      answer: z.array(BindableVehicle),
      handle: ({ actor, scope }) => listBindableVehicles(db, scopeOfDevices(actor, scope)),
    }),
  ];
}
