import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { anonymousActor, systemActor, type Actor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { simulatedClock } from '../../platform/clock.ts';
import { seededIds } from '../../platform/ids.ts';
import { startTestServer, type TestServer } from '../../platform/test-server.ts';
import { ensureShifts } from '../../stages/rostering/ensure-shifts.ts';
import { loadCity } from '../city/load.ts';
import { installCity } from '../city/store.ts';
import type { CrewShift } from './contract.ts';
import { crewRoutes } from './http.ts';
import { listMembers } from './store.ts';

interface Answer {
  readonly status: number;
  readonly repeated: boolean;
  readonly body: Record<string, unknown>;
}

describe('crews over HTTP', () => {
  let fresh: FreshDb;
  let server: TestServer;
  let shifts: CrewShift[];
  let vehicleCode: string;
  const actors = new Map<string, Actor>();

  beforeEach(async () => {
    fresh = await freshDb();
    const clock = simulatedClock(new Date('2026-01-27T13:00:00Z'));
    const tools: ChangeTools = { db: fresh.db, clock, ids: seededIds(1), readers: [], committed: () => undefined };
    const city = await loadCity(path.join(import.meta.dirname, '../../../cities/dc'));
    shifts = await inChange(tools, systemActor, async (change) => {
      await installCity(change, city);
      return ensureShifts(change, city, '2026-01-27', { crews: 2 });
    });
    const vehicle = (await listMembers(fresh.db, [shifts[0]!.id])).find(({ kind }) => kind === 'vehicle')!;
    vehicleCode = vehicle.code;
    const deviceId = tools.ids.next(clock.now());
    await fresh.db('device').insert({ id: deviceId, kind: 'crew_phone', label: 'test', enrolled_at: clock.now() });
    await fresh.db('device_binding').insert({
      id: tools.ids.next(clock.now()),
      device_id: deviceId,
      vehicle_id: vehicle.resourceId,
      during: fresh.db.raw("tstzrange('2026-01-27T00:00:00Z', null)"),
    });
    actors.set('crew', { ...anonymousActor, role: 'crew', deviceId });
    actors.set('dispatcher', { ...anonymousActor, role: 'dispatcher', accountId: randomUUID() });
    actors.set('foreign', { ...anonymousActor, role: 'dispatcher', accountId: randomUUID(), organisationId: randomUUID() });
    server = await startTestServer({
      routes: crewRoutes({ tools }),
      clock,
      identify: ({ token }) => Promise.resolve(actors.get(token.replace('token-of-the-test-', '')) ?? null),
    });
  });
  afterEach(async () => {
    await server.close();
    await fresh.drop();
  });

  async function call(who: string, method: 'GET' | 'POST', at: string, body?: unknown): Promise<Answer> {
    const response = await fetch(server.url + at, {
      method,
      headers: { authorization: `Bearer token-of-the-test-${who}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      repeated: response.headers.get('thuma-repeated') === 'true',
      body: (await response.json()) as Record<string, unknown>,
    };
  }
  const envelope = () => ({ actionId: randomUUID() });

  it('shows crews and the shifts of a day to desks, of their organisation only', async () => {
    expect((await call('dispatcher', 'GET', '/api/crews')).body).to.have.length.greaterThan(2);
    const day = (await call('dispatcher', 'GET', '/api/shifts?day=2026-01-27')).body as unknown as Record<string, unknown>[];
    expect(day.map((shift) => shift['id'])).to.deep.equal(shifts.map(({ id }) => id));
    expect(day[0]).to.include.keys('crewName', 'members');
    expect((await call('foreign', 'GET', '/api/shifts?day=2026-01-27')).body).to.deep.equal([]);
    expect((await call('foreign', 'GET', `/api/shifts/${shifts[0]!.id}`)).status).to.equal(404);
    expect((await call('crew', 'GET', '/api/crews')).status).to.equal(403);
    expect((await call('dispatcher', 'GET', '/api/shifts?day=tomorrow')).status).to.equal(400);
  });

  it('shows a crew its own shift, without who else is in it, and no other', async () => {
    const own = await call('crew', 'GET', `/api/shifts/${shifts[0]!.id}`);
    expect(own.status).to.equal(200);
    expect(own.body).not.to.have.any.keys('members', 'organisationId', 'planningVersion');
    expect((await call('crew', 'GET', `/api/shifts/${shifts[1]!.id}`)).status).to.equal(404);
    expect((await call('crew', 'GET', `/api/shifts/${randomUUID()}`)).status).to.equal(404);
  });

  it('tells a device which shift it is in, and says so when there is none', async () => {
    const mine = await call('crew', 'GET', '/api/shifts/mine');
    expect(mine.body).to.deep.include({ vehicleCode, next: null, now: '2026-01-27T13:00:00.000Z' });
    expect(mine.body['shift']).to.deep.include({ id: shifts[0]!.id, state: 'scheduled' });
    expect(mine.body['shift']).not.to.have.any.keys('members', 'organisationId', 'planningVersion');
    expect((await call('dispatcher', 'GET', '/api/shifts/mine')).body).to.include({ type: '/problems/no-device' });

    // The evening before: no shift is on, and the device is told when the next one begins.
    const tomorrow = fresh.db.raw("tstzrange('2026-01-28T12:00Z', '2026-01-28T20:00Z')");
    await fresh.db('crew_shift').where({ id: shifts[0]!.id }).update({ during: tomorrow });
    await fresh.db('shift_member').where({ shift_id: shifts[0]!.id }).update({ during: tomorrow });
    const before = await call('crew', 'GET', '/api/shifts/mine');
    expect(before.body['shift']).to.equal(null);
    expect(before.body['next']).to.include({ from: '2026-01-28T12:00:00.000Z', until: '2026-01-28T20:00:00.000Z' });
  });

  it('takes a sign-on once, at the time the phone says, and answers the second sending the same', async () => {
    const said = {
      envelope: { ...envelope(), deviceSeq: 1, deviceTime: '2026-01-27T12:50:00Z', sentAt: '2026-01-27T12:59:00Z' },
    };
    const at = `/api/shifts/${shifts[0]!.id}/sign-on`;
    const first = await call('crew', 'POST', at, said);
    // The phone's clock is a minute slow.
    expect(first.body).to.include({ state: 'on_duty', startedAt: '2026-01-27T12:51:00.000Z' });
    const again = await call('crew', 'POST', at, said);
    expect(again.repeated).to.equal(true);
    expect(again.body).to.deep.equal(first.body);
    expect(await fresh.db('event').where({ type: 'shift.state_changed' })).to.have.length(1);
    expect((await call('crew', 'POST', `/api/shifts/${shifts[1]!.id}/sign-on`, { envelope: envelope() })).status).to.equal(404);
  });

  it('changes a shift for a dispatcher, refuses a crew, and keeps the refusal of a stale version', async () => {
    const command = { type: 'shift.change', shiftId: shifts[0]!.id, version: 1, overtimeAllowedSeconds: 0 };
    const changed = await call('dispatcher', 'POST', '/api/shifts/commands', { envelope: envelope(), command });
    expect(changed.body).to.include({ overtimeAllowedSeconds: 0, version: 2, planningVersion: 2 });
    const body = { envelope: envelope(), command };
    const stale = await call('dispatcher', 'POST', '/api/shifts/commands', body);
    expect(stale.body).to.include({ status: 409, type: '/problems/stale-version' });
    expect(stale.body['present']).to.include({ version: 2 });
    expect((await call('dispatcher', 'POST', '/api/shifts/commands', body)).repeated).to.equal(true);
    expect((await call('crew', 'POST', '/api/shifts/commands', { envelope: envelope(), command })).status).to.equal(403);
  });

  it('takes a break of the shift, and refuses one there is not', async () => {
    const at = `/api/shifts/${shifts[0]!.id}/break-taken`;
    const [pause] = shifts[0]!.breaks;
    const taken = await call('crew', 'POST', at, { envelope: envelope(), breakId: pause!.id });
    expect((taken.body['breaks'] as { takenAt?: string }[])[0]!.takenAt).to.equal('2026-01-27T13:00:00.000Z');
    const none = await call('crew', 'POST', at, { envelope: envelope(), breakId: 'supper' });
    expect(none.body).to.include({ status: 409, type: '/problems/shift-refused' });
  });
});
