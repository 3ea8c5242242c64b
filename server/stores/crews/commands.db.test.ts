import path from 'node:path';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { systemActor, type Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { simulatedClock, type SimulatedClock } from '../../platform/clock.ts';
import { seededIds } from '../../platform/ids.ts';
import { ensureShifts } from '../../stages/rostering/ensure-shifts.ts';
import { loadCity } from '../city/load.ts';
import { installCity } from '../city/store.ts';
import { applyShiftReport, applyToShift } from './commands.ts';
import type { CrewShift, ShiftCommand, ShiftReport } from './contract.ts';
import { findCurrentShiftOfDevice, getShift, listMembers, listShiftsForPlanning, viewShifts } from './store.ts';

describe('shift commands', () => {
  let fresh: FreshDb;
  let tools: ChangeTools;
  let clock: SimulatedClock;
  let shifts: CrewShift[];
  const dispatcher: Actor = { ...systemActor, role: 'dispatcher', accountId: '018f0000-0000-7000-8000-00000000000a' };

  beforeEach(async () => {
    fresh = await freshDb();
    clock = simulatedClock(new Date('2026-01-27T13:00:00Z'));
    tools = { db: fresh.db, clock, ids: seededIds(1), readers: [], committed: () => undefined };
    const city = await loadCity(path.join(import.meta.dirname, '../../../cities/dc'));
    shifts = await inChange(tools, systemActor, async (change) => {
      await installCity(change, city);
      return ensureShifts(change, city, '2026-01-27', { crews: 4 });
    });
  });
  afterEach(() => fresh.drop());

  const command = (said: ShiftCommand, actor = dispatcher) =>
    inChange(tools, actor, (change) => applyToShift(change, 'area', said));
  const report = (shiftId: string, said: ShiftReport, actor = dispatcher, at = clock.now()) =>
    inChange(tools, actor, (change) => applyShiftReport(change, actor.role === 'crew' ? 'own' : 'area', shiftId, said, at));
  const refusal = async (doing: Promise<unknown>): Promise<unknown> =>
    doing.then(
      () => null,
      (thrown: unknown) => thrown,
    );
  /** A phone bound to the shift's vehicle. */
  const phone = async (shift: CrewShift): Promise<Actor> => {
    const vehicle = (await listMembers(fresh.db, [shift.id])).find(({ kind }) => kind === 'vehicle')!;
    const deviceId = tools.ids.next(clock.now());
    await fresh.db('device').insert({ id: deviceId, kind: 'crew_phone', label: 'test', enrolled_at: clock.now() });
    await fresh.db('device_binding').insert({
      id: tools.ids.next(clock.now()),
      device_id: deviceId,
      vehicle_id: vehicle.resourceId,
      during: fresh.db.raw("tstzrange('2026-01-27T00:00:00Z', null)"),
    });
    return { ...systemActor, role: 'crew', deviceId };
  };
  const vehiclesOf = async (shift: CrewShift) =>
    (await listMembers(fresh.db, [shift.id])).filter(({ kind }) => kind === 'vehicle');

  it('answers a stale version with the shift as it is', async () => {
    const shift = shifts[0]!;
    await command({ type: 'shift.change', shiftId: shift.id, version: 1, skills: [] });
    const stale = await refusal(command({ type: 'shift.change', shiftId: shift.id, version: 1, skills: ['snow'] }));
    expect(stale).to.include({ status: 409, type: 'stale-version' });
    expect((stale as { present: { version: number; skills: string[] } }).present).to.include({ version: 2 });
  });

  it('moves the end: members, end timer, versions and one event', async () => {
    const shift = shifts[0]!;
    const until = new Date(Date.parse(shift.until) + 3600_000).toISOString();
    const { body } = await command({ type: 'shift.change', shiftId: shift.id, version: 1, until });
    expect(body).to.include({ until, version: 2, planningVersion: 2 });
    expect(body.members.every((member) => member.until === until)).to.equal(true);
    const timer = await fresh.db('timer').where({ kind: 'shift_end', subject_id: shift.id }).first<{ due_at: Date }>();
    expect(timer.due_at.getTime()).to.equal(Date.parse(until) + shift.overtimeAllowedSeconds * 1000);
    const events = await fresh.db('event').where({ shift_id: shift.id, type: 'shift.changed' });
    expect(events).to.have.length(1);
    // And shorter than it was first.
    const sooner = new Date(Date.parse(shift.until) - 3600_000).toISOString();
    expect(
      (await command({ type: 'shift.change', shiftId: shift.id, version: 2, until: sooner })).body.members.every(
        (m) => m.until === sooner,
      ),
    ).to.equal(true);
  });

  it('swaps a vehicle at noon: two rows, what it carries, planning version', async () => {
    const [shift, other] = shifts;
    const [vehicle] = await vehiclesOf(shift!);
    const spare = await fresh
      .db('vehicle')
      .where({ kind: 'car' })
      .whereNotIn('id', fresh.db('shift_member').select('resource_id'))
      .first<{ id: string; plant: string[] }>();
    const at = new Date('2026-01-27T17:00:00Z');
    const swap = {
      type: 'shift.swap_member',
      shiftId: shift!.id,
      kind: 'vehicle',
      leaves: vehicle!.resourceId,
      at: at.toISOString(),
    } as const;
    const { body } = await command({ ...swap, version: 1, enters: spare.id });
    const members = body.members.filter(({ kind }) => kind === 'vehicle');
    expect(members.map((m) => [m.resourceId, m.from, m.until])).to.deep.equal([
      [vehicle!.resourceId, shift!.from, at.toISOString()],
      [spare.id, at.toISOString(), shift!.until],
    ]);
    expect(body.plant).not.to.deep.equal(shift!.plant);
    expect(body).to.include({ version: 2, planningVersion: 2 });
    // The vehicle that left is free, one in another shift is not.
    const [taken] = await vehiclesOf(other!);
    const refused = await refusal(command({ ...swap, version: 2, leaves: spare.id, enters: taken!.resourceId }));
    expect(refused).to.include({ type: 'resource-in-two-shifts' });
    expect((await viewShifts(fresh.db, [await getShift(fresh.db, shift!.id)]))[0]).to.deep.equal(body);
    expect(await refusal(command({ ...swap, version: 2 }))).to.include({ type: 'not-in-shift' });
  });

  it('refuses a second of two swaps at once', async () => {
    const [a, b] = shifts;
    const spare = await fresh
      .db('vehicle')
      .whereNotIn('id', fresh.db('shift_member').select('resource_id'))
      .first<{ id: string }>();
    const swap = (shift: CrewShift) =>
      command({ type: 'shift.swap_member', shiftId: shift.id, version: 1, kind: 'vehicle', enters: spare.id });
    const results = await Promise.allSettled([swap(a!), swap(b!)]);
    expect(results.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    const members = await fresh.db('shift_member').where({ resource_id: spare.id });
    expect(members).to.have.length(1);
  });

  it('lets the crew sign on and off for its own shift only', async () => {
    const [mine, other] = shifts;
    const crew = await phone(mine!);
    expect(await refusal(report(other!.id, { type: 'sign_on' }, crew))).to.include({ status: 404 });
    const started = new Date('2026-01-27T12:58:00Z');
    expect((await report(mine!.id, { type: 'sign_on' }, crew, started)).body).to.include({
      state: 'on_duty',
      startedAt: started.toISOString(),
    });
    expect((await report(mine!.id, { type: 'sign_on' }, crew)).body).to.include({ startedAt: started.toISOString(), version: 2 });
    await report(mine!.id, { type: 'sign_off' }, crew);
    const timer = await fresh.db('timer').where({ kind: 'shift_end', subject_id: mine!.id }).first<{ due_at: Date }>();
    expect(timer.due_at).to.deep.equal(clock.now());
    expect((await listShiftsForPlanning(fresh.db, '2026-01-27', clock.now())).map(({ id }) => id)).not.to.include(mine!.id);
  });

  it('keeps another organisation out', async () => {
    const foreign = { ...dispatcher, organisationId: '018f0000-0000-7000-8000-00000000000b' };
    const said: ShiftCommand = { type: 'shift.change', shiftId: shifts[0]!.id, version: 1, skills: [] };
    expect(await refusal(command(said, foreign))).to.include({ status: 404, type: 'no-such-shift' });
  });

  it('finds the shift a device is in: during, early, in overtime, and not a day later', async () => {
    const shift = shifts[0]!;
    const { deviceId } = await phone(shift);
    const found = async (time: string) => (await findCurrentShiftOfDevice(fresh.db, deviceId!, new Date(time)))?.id;
    const plus = (time: string, seconds: number) => new Date(Date.parse(time) + seconds * 1000).toISOString();
    expect(await found(shift.from)).to.equal(shift.id);
    expect(await found(plus(shift.from, -3000))).to.equal(shift.id);
    expect(await found(plus(shift.until, shift.overtimeAllowedSeconds))).to.equal(shift.id);
    expect(await found(plus(shift.from, -4 * 3600))).to.equal(undefined);
    expect(await found(plus(shift.until, 36 * 3600))).to.equal(undefined);
  });
});
