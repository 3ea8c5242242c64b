import { expect } from 'chai';
import { aShift, aSpot } from '../state/sample-desk.ts';
import { changesBetween, markOf, type FleetAsk, type FleetMark } from './fleet-marks.ts';

const at = aSpot(1).fixAtMs;
const ask = (over: Partial<FleetAsk> = {}): FleetAsk => ({
  crews: new Map([[aShift(1).id as string, { shift: aShift(1), state: 'free' }]]),
  codes: new Map([[aSpot(2).vehicleId, 'van-2']]),
  nowMs: at + 10_000,
  freshSeconds: 300,
  showsCrews: true,
  showsOthers: true,
  ...over,
});
const mark = (n: number, over: Parameters<typeof aSpot>[1] = {}, how: Partial<FleetAsk> = {}): FleetMark | null =>
  markOf(aSpot(n, over), n, aSpot(n, over), ask(how));

describe('marks of a fleet', () => {
  it('are the crew’s where there is one, else the vehicle’s by its code', () => {
    expect(mark(1)).to.include({ look: 'free', label: 'C1', signal: 'fresh', heading: 90, shiftId: aShift(1).id });
    expect(mark(2)).to.include({ look: 'none', label: 'van-2', shiftId: null });
    expect(mark(3)).to.include({ look: 'none', label: '' });
  });

  it('say how far they can be trusted: silent for longer than the policy, its server away', () => {
    expect(mark(1, {}, { nowMs: at + 300_001 })).to.include({ signal: 'stale', label: 'C1 5 min', heading: null });
    expect(mark(2, { cutOff: true })).to.include({ signal: 'cut_off', label: 'van-2 10 s' });
    expect(mark(1, {}, { nowMs: at + 300_000 })).to.include({ signal: 'fresh' });
  });

  it('follow their layers', () => {
    expect(mark(1, {}, { showsCrews: false })).to.equal(null);
    expect(mark(2, {}, { showsOthers: false })).to.equal(null);
    expect(mark(2, {}, { showsCrews: false })).to.not.equal(null);
  });

  it('are told to the map as what changed: moved, made anew, gone', () => {
    const known = [mark(1)!, mark(2)!, mark(3)!];
    const before = new Map(known.map((one) => [one.number, one]));
    const now = new Map(before);
    now.set(1, { ...known[0]!, lon: 11.98 });
    now.set(2, { ...known[1]!, signal: 'stale' });
    now.delete(3);
    const changes = changesBetween(before, now);
    expect(changes.update).to.deep.equal([{ id: 1, newGeometry: { type: 'Point', coordinates: [11.98, 57.7] } }]);
    expect(changes.add.map((feature) => feature.id)).to.deep.equal([2]);
    expect(changes).to.deep.include({ remove: [3], count: 3 });
    expect(changesBetween(now, now).count).to.equal(0);
  });
});
