import { expect } from 'chai';
import fc from 'fast-check';
import { newAgenda } from './agenda.ts';
import { chanceOf } from './chance.ts';
import { positionOn, wayAlong, withNoise } from './way.ts';

describe('agenda', () => {
  it('runs by time, and in the order of booking within one instant', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), (times) => {
        const agenda = newAgenda();
        const booked = times.map((atMs, order) => ({ atMs, order }));
        const taken: typeof booked = [];
        for (const entry of booked) agenda.book(entry.atMs, async () => void taken.push(entry));
        for (let e = agenda.take(); e !== null; e = agenda.take()) void e.run();
        expect(taken).to.deep.equal([...booked].sort((a, b) => a.atMs - b.atMs || a.order - b.order));
        expect(agenda.nextAt()).to.equal(null);
      }),
    );
  });
});

describe('chance', () => {
  it('repeats itself for a seed and a name, and differs for another name', () => {
    const draw = (seed: number, name: string): number[] => {
      const chance = chanceOf(seed, name);
      return [chance.next(), chance.below(10), chance.normal()];
    };
    expect(draw(1, 'crew 1')).to.deep.equal(draw(1, 'crew 1'));
    expect(draw(1, 'crew 1')).to.not.deep.equal(draw(1, 'crew 2'));
    expect(draw(1, 'crew 1')).to.not.deep.equal(draw(2, 'crew 1'));
  });
});

describe('way', () => {
  const way = wayAlong(
    [
      { lon: 0, lat: 0 },
      { lon: 0, lat: 0.01 },
      { lon: 0.01, lat: 0.01 },
    ],
    200,
  );

  it('starts at its first point, ends at its last, and is half way at half time', () => {
    expect(positionOn(way, 0).point).to.deep.equal({ lon: 0, lat: 0 });
    expect(positionOn(way, 200).point).to.deep.equal({ lon: 0.01, lat: 0.01 });
    expect(positionOn(way, 999)).to.include({ speedMps: 0 });
    const half = positionOn(way, 100);
    expect(half.point.lat).to.be.closeTo(0.01, 1e-5);
    expect(half.speedMps).to.be.closeTo(11.1, 0.1);
  });

  it('faces north on its first stretch and east on its second', () => {
    expect(positionOn(way, 50).headingDegrees).to.be.closeTo(0, 0.01);
    expect(positionOn(way, 150).headingDegrees).to.be.closeTo(90, 0.01);
  });

  it('noise is metres, not degrees', () => {
    const chance = chanceOf(7, 'noise');
    const offsets = Array.from({ length: 500 }, () => withNoise({ lon: 12, lat: 57.7 }, 5, chance.normal));
    const far = offsets.filter((p) => Math.abs(p.lat - 57.7) * 111_195 > 25);
    expect(far).to.deep.equal([]);
  });
});
