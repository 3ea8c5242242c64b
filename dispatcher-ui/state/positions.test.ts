import { expect } from 'chai';
import { openPositions } from './positions.ts';
import { aPosition } from './sample-desk.ts';

describe('positions', () => {
  it('are told once a frame, the newest of each vehicle, and never move back', () => {
    const frames: (() => void)[] = [];
    const positions = openPositions((frame) => frames.push(frame));
    let told = 0;
    positions.listen(() => told++);
    const at = (second: number, lon: number) =>
      aPosition(1, { fixTime: `2026-03-02T08:00:${String(second).padStart(2, '0')}.000Z`, lon });

    positions.take([at(1, 11.1), aPosition(2)]);
    positions.take([at(2, 11.2)]);
    expect([frames.length, told, positions.latest.size]).to.deep.equal([1, 0, 0]);
    frames.shift()!();
    expect([told, positions.latest.size, positions.latest.get(aPosition(1).vehicleId)?.lon]).to.deep.equal([1, 2, 11.2]);

    positions.take([at(1, 11.9)]);
    frames.shift()!();
    expect(positions.latest.get(aPosition(1).vehicleId)?.lon).to.equal(11.2);
  });

  it('takes 5,000 vehicles a second without being felt: one telling', () => {
    const frames: (() => void)[] = [];
    const positions = openPositions((frame) => frames.push(frame));
    let told = 0;
    positions.listen(() => told++);
    positions.take(Array.from({ length: 5_000 }, (_, n) => aPosition(n)));
    frames.shift()!();
    expect([told, frames.length, positions.latest.size]).to.deep.equal([1, 0, 5_000]);
  });
});
