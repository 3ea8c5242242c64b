import path from 'node:path';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { systemActor } from '../../platform/actor.ts';
import { inChange, type ChangeTools } from '../../platform/change.ts';
import { simulatedClock } from '../../platform/clock.ts';
import { seededIds } from '../../platform/ids.ts';
import { hashOf, loadCity, type LoadedCity } from '../../stores/city/load.ts';
import { installCity } from '../../stores/city/store.ts';
import { listMembers } from '../../stores/crews/store.ts';
import { ensureShifts, ensureShiftsAhead, serviceDayAt } from './ensure-shifts.ts';

describe('ensureShifts', () => {
  let fresh: FreshDb;
  let tools: ChangeTools;
  let city: LoadedCity;

  beforeEach(async () => {
    fresh = await freshDb();
    tools = {
      db: fresh.db,
      clock: simulatedClock(new Date('2026-01-27T10:00:00Z')),
      ids: seededIds(1),
      readers: [],
      committed: () => undefined,
    };
    city = await loadCity(path.join(import.meta.dirname, '../../../cities/dc'));
    await inChange(tools, systemActor, (change) => installCity(change, city));
  });
  afterEach(() => fresh.drop());

  const ensure = (day: string, crews?: number) =>
    inChange(tools, systemActor, (change) => ensureShifts(change, city, day, crews === undefined ? {} : { crews }));

  it('makes one shift a crew with vehicle, plant, people and an end timer, and the second time nothing', async () => {
    const shifts = await ensure('2026-01-27', 6);
    expect(shifts.map(({ crewId }) => crewId)).to.have.length(6);
    const first = city.config.crews[0]!;
    const members = await listMembers(fresh.db, [shifts[0]!.id]);
    expect(members.map(({ kind, code }) => `${kind} ${code}`)).to.include(`vehicle ${first.vehicle}`);
    expect(members.filter(({ kind }) => kind === 'person')).to.have.length(first.people);
    const timers = await fresh.db('timer').where({ kind: 'shift_end' });
    expect(timers).to.have.length(6);
    const end = Date.parse(shifts[0]!.until) + shifts[0]!.overtimeAllowedSeconds * 1000;
    expect(timers.find((timer: { subject_id: string }) => timer.subject_id === shifts[0]!.id)).to.deep.include({
      due_at: new Date(end),
    });
    expect(await ensure('2026-01-27', 6)).to.deep.equal(shifts);
    // More crews later: those that were there stay.
    const more = await ensure('2026-01-27', 8);
    expect(more.map(({ id }) => id)).to.include.members(shifts.map(({ id }) => id));
    expect(more).to.have.length(8);
  });

  it('works for every crew of the folder, and for two days in a row', async () => {
    await inChange(tools, systemActor, (change) => ensureShiftsAhead(change, city));
    const days = await fresh.db('crew_shift').distinct('service_day').orderBy('service_day').pluck('service_day');
    expect(days).to.deep.equal(['2026-01-27', '2026-01-28']);
    expect((await ensure('2026-01-27')).length).to.equal(
      (await fresh.db('crew_shift').where({ service_day: '2026-01-27' })).length,
    );
  });

  for (const [day, what] of [
    ['2026-03-08', 'loses an hour'],
    ['2026-11-01', 'gains an hour'],
  ]) {
    it(`keeps local times on ${day}, the night of which ${what}`, async () => {
      const night = {
        ...city.config.shifts[0]!,
        code: 'night',
        from: '22:00',
        until: '06:00',
        weekdays: [1, 2, 3, 4, 5, 6, 7],
        breaks: [],
      };
      const config = {
        ...city.config,
        shifts: [...city.config.shifts, night],
        crews: city.config.crews.slice(0, 1).map((crew) => ({ ...crew, shift: 'night' })),
      };
      city = { config, hash: hashOf(config) };
      await inChange(tools, systemActor, (change) => installCity(change, city));
      const before = new Date(Date.parse(`${day!}T12:00:00Z`) - 24 * 3600_000).toISOString().slice(0, 10);
      const shift = (await ensure(before))[0]!;
      const local = (at: string) =>
        new Date(at).toLocaleTimeString('en-GB', { timeZone: city.config.zone, hour: '2-digit', minute: '2-digit' });
      expect([local(shift.from), local(shift.until)]).to.deep.equal(['22:00', '06:00']);
      const hours = (Date.parse(shift.until) - Date.parse(shift.from)) / 3600_000;
      expect(hours).to.equal(what === 'loses an hour' ? 7 : 9);
    });
  }

  it('refuses one vehicle in two shifts at once, and writes nothing then', async () => {
    const [a, b] = city.config.crews;
    const config = { ...city.config, crews: [a!, { ...b!, vehicle: a!.vehicle, shift: a!.shift }] };
    city = { config, hash: hashOf(config) };
    const error: unknown = await ensure('2026-01-27').catch((thrown: unknown) => thrown);
    expect(error).to.include({ type: 'resource-in-two-shifts', status: 409 });
    expect(await fresh.db('crew_shift')).to.deep.equal([]);
  });

  it('says in which service day an instant lies', () => {
    expect(serviceDayAt({ zone: 'America/New_York' }, new Date('2026-01-28T04:59:00Z'))).to.equal('2026-01-27');
    expect(serviceDayAt({ zone: 'America/New_York' }, new Date('2026-01-28T05:00:00Z'))).to.equal('2026-01-28');
  });
});
