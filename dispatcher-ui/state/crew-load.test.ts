import { expect } from 'chai';
import { seeCrew, stopsByShift, vehicleOf } from './crew-load.ts';
import { aJob, anAssignment, aSpot, aShift, byId } from './sample-desk.ts';

const NOW = Date.parse('2026-03-02T08:01:00.000Z');
const FRESH = 300;

describe('crew load', () => {
  it('lists what a shift holds or has done, in order, and not what was taken off', () => {
    const shift = aShift(1);
    const jobs = byId(
      aJob(1, { assignments: [anAssignment(20, { position: 2 })] }),
      aJob(2, { assignments: [anAssignment(10, { position: 1, state: 'completed', endedAt: '2026-03-02T07:00:00.000Z' })] }),
      aJob(3, {
        assignments: [anAssignment(30, { state: 'cancelled' }), anAssignment(31, { position: 3, requested: 'recall' })],
      }),
    );
    const stops = stopsByShift(jobs).get(shift.id) ?? [];
    expect(stops.map(({ job }) => job.number)).to.deep.equal([1002, 1001]);
    const seen = seeCrew(shift, stops, aSpot(1), NOW, FRESH);
    expect([seen.open, seen.done, seen.next?.job.number]).to.deep.equal([1, 1, 1001]);
    // Two jobs of half an hour in a shift of eight.
    expect(seen.load).to.equal(0.125);
    expect(seen.ageSeconds).to.equal(60);
  });

  it('says what a crew does by what it has said itself', () => {
    const state = (over: Parameters<typeof anAssignment>[1]) => {
      const stops = stopsByShift(byId(aJob(1, { assignments: [anAssignment(1, over)] }))).get(aShift(1).id) ?? [];
      return seeCrew(aShift(1), stops, aSpot(1), NOW, FRESH).state;
    };
    expect(state({ state: 'planned' })).to.equal('free');
    expect(state({ state: 'travelling' })).to.equal('on_the_way');
    expect(state({ state: 'working' })).to.equal('on_site');
    expect(seeCrew(aShift(1, { state: 'scheduled' }), [], undefined, NOW, FRESH).state).to.equal('not_on');
    expect(seeCrew(aShift(1, { state: 'ended' }), [], undefined, NOW, FRESH).state).to.equal('ended');
  });

  it('has lost the signal of a crew on duty only, beyond what the policy calls fresh', () => {
    const old = aSpot(1, { fixAtMs: Date.parse('2026-03-02T07:55:00.000Z') });
    expect(seeCrew(aShift(1), [], old, NOW, FRESH).signal).to.equal('lost');
    expect(seeCrew(aShift(1), [], old, NOW, 400).signal).to.equal('fresh');
    expect(seeCrew(aShift(1), [], undefined, NOW, FRESH).signal).to.equal('lost');
    expect(seeCrew(aShift(1, { state: 'scheduled' }), [], undefined, NOW, FRESH).signal).to.equal('not_due');
  });

  it('names the vehicle that is in the shift now, after a swap too', () => {
    const shift = aShift(1);
    const [first] = shift.members;
    const swapped = {
      ...shift,
      members: [
        { ...first!, until: '2026-03-02T08:00:00.000Z' },
        { ...first!, id: 'other', code: 'van-9', from: '2026-03-02T08:00:00.000Z' },
      ],
    };
    expect(vehicleOf(swapped, NOW)?.code).to.equal('van-9');
    expect(vehicleOf(swapped, NOW - 120_000)?.code).to.equal('van-1');
    expect(vehicleOf({ ...shift, members: [] }, NOW)).to.equal(null);
  });
});
