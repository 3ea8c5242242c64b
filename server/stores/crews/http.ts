import { z } from 'zod';
import { answerOnce, correctedTime, Envelope } from '../../platform/action.ts';
import type { Actor } from '../../platform/actor.ts';
import type { ChangeTools } from '../../platform/change.ts';
import { route, type Call, type Route } from '../../platform/http-route.ts';
import { Problem } from '../../platform/problem.ts';
import { applyShiftReport, applyToShift, requireInScope } from './commands.ts';
import { Crew, CrewsOwnShift, DeviceShift, DispatcherShift, ShiftCommand, type CrewShift, type ShiftReport } from './contract.ts';
import {
  findCurrentShiftOfDevice,
  findNextShiftOfDevice,
  findVehicleCodeOfDevice,
  getShift,
  listCrews,
  listShifts,
  viewShifts,
} from './store.ts';

const Id = z.strictObject({ id: z.uuid() });
const ShiftView = z.union([DispatcherShift, CrewsOwnShift]);

/** Crews and their days. */
export function crewRoutes(deps: { readonly tools: ChangeTools }): Route[] {
  const { tools } = deps;

  /** A crew's word about its own shift: once per action id. */
  const report = async (call: Call<{ id: string }, unknown, { envelope: Envelope }>, kind: string, said: ShiftReport) => {
    const { actor, scope, params, body, receivedAt, res } = call;
    const answer = await answerOnce(tools, actor, body.envelope, kind, { id: params.id, ...said }, (change) =>
      applyShiftReport(change, scope, params.id, said, correctedTime(body.envelope, receivedAt)).then(
        async ({ status, body }) => ({
          status,
          body: await viewFor(change.tx, body, scope),
        }),
      ),
    );
    if (answer.repeated) res.set('Thuma-Repeated', 'true');
    res.status(answer.status);
    return answer.body;
  };

  return [
    route({
      method: 'get',
      path: '/api/crews',
      action: 'crew.read',
      summary: 'The standing crews',
      answer: z.array(Crew),
      handle: ({ actor, scope }) => listCrews(tools.db, scope === 'all' ? null : actor.organisationId),
    }),
    route({
      method: 'get',
      path: '/api/shifts',
      action: 'crew.read',
      summary: 'The shifts that start on a day, with their members',
      query: z.strictObject({ day: z.iso.date() }),
      answer: z.array(DispatcherShift),
      async handle({ actor, scope, query }) {
        return viewShifts(tools.db, await listShifts(tools.db, query.day, scope === 'all' ? null : actor.organisationId));
      },
    }),
    route({
      method: 'get',
      path: '/api/shifts/mine',
      action: 'shift.read',
      summary: 'The shift the asking device is in, and the one that begins next',
      answer: DeviceShift,
      handle: ({ actor }) => readDeviceShift(tools, actor),
    }),
    route({
      method: 'get',
      path: '/api/shifts/:id',
      action: 'shift.read',
      summary: 'One shift; a crew sees its own',
      params: Id,
      answer: ShiftView,
      async handle({ actor, scope, params }) {
        const shift = await getShift(tools.db, params.id);
        await requireInScope(tools.db, shift, actor, scope);
        return viewFor(tools.db, shift, scope);
      },
    }),
    route({
      method: 'post',
      path: '/api/shifts/commands',
      action: 'shift.change',
      summary: 'Change a shift: its end, skills, plant or members',
      body: z.strictObject({ envelope: Envelope, command: ShiftCommand }),
      async handle({ actor, scope, body, res }) {
        const answer = await answerOnce(tools, actor, body.envelope, 'shift.command', body.command, (change) =>
          applyToShift(change, scope, body.command),
        );
        if (answer.repeated) res.set('Thuma-Repeated', 'true');
        res.status(answer.status);
        return answer.body;
      },
    }),
    route({
      method: 'post',
      path: '/api/shifts/:id/sign-on',
      action: 'shift.report',
      summary: 'The crew is on duty',
      params: Id,
      body: z.strictObject({ envelope: Envelope }),
      handle: (call) => report(call, 'shift.sign_on', { type: 'sign_on' }),
    }),
    route({
      method: 'post',
      path: '/api/shifts/:id/sign-off',
      action: 'shift.report',
      summary: 'The crew has gone home; what it has not done goes back to the desk',
      params: Id,
      body: z.strictObject({ envelope: Envelope }),
      handle: (call) => report(call, 'shift.sign_off', { type: 'sign_off' }),
    }),
    route({
      method: 'post',
      path: '/api/shifts/:id/break-taken',
      action: 'shift.report',
      summary: 'The crew takes a break now',
      params: Id,
      body: z.strictObject({ envelope: Envelope, breakId: z.string().min(1).max(60) }),
      handle: (call) => report(call, 'shift.break_taken', { type: 'break_taken', breakId: call.body.breakId }),
    }),
  ];
}

/** @throws Problem 403 `no-device` for whoever is not one. */
async function readDeviceShift({ db, clock }: ChangeTools, { deviceId }: Actor): Promise<DeviceShift> {
  if (deviceId === null) throw new Problem(403, 'no-device', 'Only an enrolled device is in a shift; desks ask for a day.');
  const now = clock.now();
  const shift = await findCurrentShiftOfDevice(db, deviceId, now);
  const next = await findNextShiftOfDevice(db, deviceId, now);
  const following = next === undefined || next.id === shift?.id ? undefined : (await viewShifts(db, [next]))[0]!;
  return {
    now: now.toISOString(),
    vehicleCode: await findVehicleCodeOfDevice(db, deviceId, now),
    shift: shift === undefined ? null : asOwnShift((await viewShifts(db, [shift]))[0]!),
    next: following === undefined ? null : { crewName: following.crewName, from: following.from, until: following.until },
  };
}

function asOwnShift(full: DispatcherShift): CrewsOwnShift {
  const { planningVersion: _planning, organisationId: _organisation, members: _members, crewCode: _code, ...own } = full;
  return own;
}

/** A desk sees who and what is in the shift; the crew sees its own day. */
async function viewFor(tx: ChangeTools['db'], shift: CrewShift, scope: string): Promise<DispatcherShift | CrewsOwnShift> {
  const full = (await viewShifts(tx, [shift]))[0]!;
  return scope === 'own' ? asOwnShift(full) : full;
}
