import { expect } from 'chai';
import { openPositions, type Positions } from './positions.ts';
import { aSpot } from './sample-desk.ts';

describe('positions', () => {
  it('are told once a frame, the newest of each vehicle, and never move back', () => {
    const frames: (() => void)[] = [];
    const positions = openPositions((frame) => frames.push(frame));
    let told = 0;
    positions.listen(() => told++);
    const at = (second: number, lon: number) =>
      aSpot(1, { fixAtMs: Date.parse('2026-03-02T08:00:00.000Z') + second * 1000, lon });

    positions.take({ full: false, spots: [at(1, 11.1), aSpot(2)] });
    positions.take({ full: false, spots: [at(2, 11.2)] });
    expect([frames.length, told, positions.latest.size]).to.deep.equal([1, 0, 0]);
    frames.shift()!();
    expect([told, positions.latest.size, positions.latest.get(aSpot(1).vehicleId)?.lon]).to.deep.equal([1, 2, 11.2]);

    positions.take({ full: false, spots: [at(1, 11.9)] });
    frames.shift()!();
    expect(positions.latest.get(aSpot(1).vehicleId)?.lon).to.equal(11.2);
  });

  it('takes 10,000 vehicles a second without being felt: one telling', () => {
    const frames: (() => void)[] = [];
    const positions = openPositions((frame) => frames.push(frame));
    let told = 0;
    positions.listen(() => told++);
    positions.take({ full: false, spots: Array.from({ length: 10_000 }, (_, n) => aSpot(n)) });
    frames.shift()!();
    expect([told, frames.length, positions.latest.size]).to.deep.equal([1, 0, 10_000]);
  });

  /** A store whose frames are painted by hand. */
  const store = () => {
    const frames: (() => void)[] = [];
    const positions = openPositions((frame) => frames.push(frame));
    return { positions, paint: () => frames.splice(0).forEach((frame) => frame()) };
  };
  const held = (positions: Positions): string[] => [...positions.latest.keys()].sort();

  it('news of everything take away what is not among them, also when nothing is', () => {
    const { positions, paint } = store();
    positions.take({ full: false, spots: [aSpot(1), aSpot(2)] });
    paint();
    positions.take({ full: true, spots: [aSpot(2)] });
    paint();
    expect(held(positions)).to.deep.equal([aSpot(2).vehicleId]);
    positions.take({ full: true, spots: [] });
    paint();
    expect(held(positions)).to.deep.equal([]);
  });

  it('within one painted frame: what came before everything goes, what came after it stays', () => {
    const { positions, paint } = store();
    positions.take({ full: false, spots: [aSpot(1)] });
    positions.take({ full: true, spots: [aSpot(2)] });
    positions.take({ full: false, spots: [aSpot(3)] });
    paint();
    expect(held(positions)).to.deep.equal([aSpot(2).vehicleId, aSpot(3).vehicleId].sort());
  });

  it('remember the fix before, from which a map slides; the same fix again only says that it is cut off', () => {
    const { positions, paint } = store();
    const at = aSpot(1).fixAtMs;
    positions.take({ full: false, spots: [aSpot(1, { lon: 11.1 })] });
    paint();
    positions.take({ full: false, spots: [aSpot(1, { lon: 11.2, fixAtMs: at + 1000 })] });
    paint();
    positions.take({ full: false, spots: [aSpot(1, { lon: 11.2, fixAtMs: at + 1000, cutOff: true })] });
    paint();
    const spot = positions.latest.get(aSpot(1).vehicleId)!;
    expect(spot).to.include({ lon: 11.2, cutOff: true });
    expect(spot.before).to.deep.equal({ lon: 11.1, lat: 57.7, fixAtMs: at });
  });
});
