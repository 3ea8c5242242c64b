import { expect } from 'chai';
import fc from 'fast-check';
import { CrewShift, type ShiftReport } from './contract.ts';
import { changeShift, endShift, reportShift, swapMembers } from './transitions.ts';

const at = (time: string): Date => new Date(`2026-01-27T${time}:00Z`);

const aShift = (over: Partial<CrewShift> = {}): CrewShift =>
  CrewShift.parse({
    id: '018f0000-0000-7000-8000-000000000001',
    crewId: '018f0000-0000-7000-8000-000000000002',
    organisationId: '018f0000-0000-7000-8000-000000000003',
    serviceDay: '2026-01-27',
    from: at('12:00').toISOString(),
    until: at('20:00').toISOString(),
    startPlace: { lon: -77, lat: 38.9 },
    endPlace: null,
    skills: ['snow'],
    plant: ['plow'],
    breaks: [{ id: 'lunch', earliest: at('15:00').toISOString(), latest: at('17:00').toISOString(), lengthSeconds: 1800 }],
    overtimeAllowedSeconds: 3600,
    state: 'scheduled',
    startedAt: null,
    endedAt: null,
    orderVersion: 1,
    orderAcknowledged: 0,
    version: 1,
    planningVersion: 1,
    ...over,
  });
const onDuty = aShift({ state: 'on_duty', startedAt: at('12:05').toISOString() });
const over = aShift({ state: 'ended', endedAt: at('20:00').toISOString() });
const change = (over: object) => ({ type: 'shift.change' as const, shiftId: aShift().id, version: 1, ...over });

describe('reportShift', () => {
  it('goes from scheduled to on duty to ended', () => {
    expect(reportShift(aShift(), { type: 'sign_on' }, at('11:50'))).to.deep.equal({
      ok: true,
      change: { state: 'on_duty', startedAt: at('11:50').toISOString() },
      planning: false,
    });
    expect(reportShift(onDuty, { type: 'sign_off' }, at('19:00'))).to.deep.equal({
      ok: true,
      change: { state: 'ended', endedAt: at('19:00').toISOString() },
      planning: true,
    });
  });

  it('keeps what was said first when it is said again', () => {
    const unchanged = { ok: true, change: {}, planning: false };
    expect(reportShift(onDuty, { type: 'sign_on' }, at('13:00'))).to.deep.equal(unchanged);
    expect(reportShift(over, { type: 'sign_off' }, at('21:00'))).to.deep.equal(unchanged);
  });

  it('refuses to start a shift that has ended, and a break there is not', () => {
    expect(reportShift(over, { type: 'sign_on' }, at('21:00')).ok).to.equal(false);
    expect(reportShift(onDuty, { type: 'break_taken', breakId: 'supper' }, at('15:00')).ok).to.equal(false);
  });

  it('never leaves the table: a shift that has ended stays ended, whatever is said', () => {
    const report = fc.oneof(
      fc.constant<ShiftReport>({ type: 'sign_on' }),
      fc.constant<ShiftReport>({ type: 'sign_off' }),
      fc.constantFrom('lunch', 'supper').map((breakId): ShiftReport => ({ type: 'break_taken', breakId })),
    );
    const order = ['scheduled', 'on_duty', 'ended'];
    fc.assert(
      fc.property(fc.array(report, { maxLength: 12 }), (reports) => {
        let shift = aShift();
        for (const said of reports) {
          const outcome = reportShift(shift, said, at('15:00'));
          if (!outcome.ok) continue;
          const next = CrewShift.parse({ ...shift, ...outcome.change });
          expect(order.indexOf(next.state)).to.be.at.least(order.indexOf(shift.state));
          expect(next.state === 'ended').to.equal(next.endedAt !== null);
          shift = next;
        }
      }),
    );
  });
});

describe('changeShift', () => {
  it('changes what is named and is an input of planning', () => {
    const outcome = changeShift(
      onDuty,
      change({ until: '2026-01-27T22:00:00+01:00', skills: ['snow', 'asphalt', 'snow'] }),
      at('13:00'),
    );
    expect(outcome).to.deep.equal({
      ok: true,
      change: { until: at('21:00').toISOString(), skills: ['asphalt', 'snow'] },
      planning: true,
    });
  });

  it('changes nothing when everything is as it was', () => {
    expect(changeShift(onDuty, change({ until: onDuty.until, plant: ['plow'] }), at('13:00'))).to.deep.equal({
      ok: true,
      change: {},
      planning: false,
    });
  });

  it('refuses an end before the start, in the past, too far off, and any change after the end', () => {
    const because = (shift: CrewShift, until: string): string => {
      const outcome = changeShift(shift, change({ until: at(until).toISOString() }), at('15:00'));
      return outcome.ok ? '' : outcome.because;
    };
    expect(because(onDuty, '11:00')).to.contain('after it starts');
    expect(because(onDuty, '14:00')).to.contain('past');
    expect(because(over, '21:00')).to.contain('has ended');
    expect(changeShift(onDuty, change({ until: '2026-01-29T00:00:00Z' }), at('15:00')).ok).to.equal(false);
  });
});

describe('swapMembers and endShift', () => {
  it('bumps planning only when skills or plant differ', () => {
    expect(swapMembers(onDuty, { skills: null, plant: ['plow'] })).to.deep.equal({ ok: true, change: {}, planning: false });
    expect(swapMembers(onDuty, { skills: null, plant: [] })).to.deep.equal({ ok: true, change: { plant: [] }, planning: true });
    expect(swapMembers(over, { skills: null, plant: [] }).ok).to.equal(false);
  });

  it('ends once', () => {
    expect(endShift(onDuty, at('21:00'))).to.deep.include({ change: { state: 'ended', endedAt: at('21:00').toISOString() } });
    expect(endShift(over, at('21:00'))).to.deep.include({ change: {} });
  });
});
