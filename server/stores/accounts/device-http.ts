import { z } from 'zod';
import { inChange } from '../../platform/change.ts';
import { route, type Route } from '../../platform/http-route.ts';
import type { AccountDeps } from './account-deps.ts';
import { Device, Enrol, Enrolled, EnrolmentCode, NewEnrolmentCode } from './contract.ts';
import { enrolDevice, issueEnrolmentCode, listDevices, revokeDevice, scopeOfDevices } from './devices.ts';

/** Phones and trackers: made known by a code, ended by the desk. */
export function deviceRoutes(deps: AccountDeps): Route[] {
  const { tools, wallClock } = deps;
  const { db } = tools;
  return [
    route({
      method: 'get',
      path: '/api/devices',
      action: 'device.manage',
      summary: 'The devices, and which vehicle each is in',
      answer: z.array(Device),
      handle: ({ actor, scope }) => listDevices(db, scopeOfDevices(actor, scope)),
    }),
    route({
      method: 'post',
      path: '/api/devices/codes',
      action: 'device.manage',
      summary: "A code that makes one phone or tracker this vehicle's, once, within 15 minutes",
      body: NewEnrolmentCode,
      answer: EnrolmentCode,
      status: 201,
      handle: ({ actor, scope, body }) =>
        issueEnrolmentCode(db, { ...body, issuedBy: actor.accountId, scope: scopeOfDevices(actor, scope), wallNow: wallClock() }),
    }),
    route({
      method: 'post',
      path: '/api/devices/enrol',
      action: 'device.enrol',
      summary: 'Exchanges a code for the token of a new device',
      body: Enrol,
      answer: Enrolled,
      status: 201,
      async handle({ actor, body }) {
        const enrolled = await inChange(tools, actor, (change) => enrolDevice(change, { ...body, wallNow: wallClock() }));
        deps.bindingsChanged(enrolled.deviceId);
        return enrolled;
      },
    }),
    route({
      method: 'delete',
      path: '/api/devices/:id',
      action: 'device.manage',
      summary: 'Ends a device: its token is refused from now on, its connection is closed',
      params: z.strictObject({ id: z.uuid() }),
      async handle({ actor, scope, params }) {
        await inChange(tools, actor, (change) => revokeDevice(change, params.id, scopeOfDevices(actor, scope)));
        deps.bindingsChanged(params.id);
        deps.rightsChanged({ deviceId: params.id });
      },
    }),
  ];
}
