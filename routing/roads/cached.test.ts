import { expect } from 'chai';
import * as fc from 'fast-check';
import type { LonLat } from '../units.ts';
import { cachedRoads } from './cached.ts';
import { UNREACHABLE, type RoadNetwork } from './road-network.ts';

/** Distances that are asymmetric and known in advance, so that a cell in the wrong place shows. */
const cost = (from: LonLat, to: LonLat): number =>
  from.lon === to.lon ? 0 : from.lon > 90 ? UNREACHABLE : from.lon * 1000 + to.lon;
const at = (n: number): LonLat => ({ lon: n, lat: 1 });

function roadsThat() {
  const self = {
    version: 'v1',
    source: 'osrm' as 'osrm' | 'estimate',
    asked: [] as [number, number][],
    during: null as (() => void) | null,
    table(sources: readonly LonLat[], destinations: readonly LonLat[]) {
      self.asked.push([sources.length, destinations.length]);
      self.during?.();
      const cells = Int32Array.from(sources.flatMap((from) => destinations.map((to) => cost(from, to))));
      return Promise.resolve({
        rows: sources.length,
        columns: destinations.length,
        seconds: cells,
        metres: cells.slice(),
        source: self.source,
      });
    },
    path: (): Promise<never> => Promise.reject(new Error('not asked')),
  };
  return self satisfies RoadNetwork & Record<string, unknown>;
}

const expected = (points: readonly LonLat[]) => points.flatMap((from) => points.map((to) => cost(from, to)));

describe('cachedRoads', () => {
  it('asks for one row and one column when one point is new', async () => {
    const roads = roadsThat();
    const cached = cachedRoads(roads, { maxPoints: 100 });
    const points = Array.from({ length: 20 }, (_, i) => at(i));
    expect([...(await cached.matrix(points)).seconds]).to.deep.equal(expected(points));
    expect(roads.asked).to.deep.equal([[20, 20]]);
    const more = [...points.slice(5), at(50), ...points.slice(0, 5)];
    const matrix = await cached.matrix(more);
    expect([...matrix.seconds]).to.deep.equal(expected(more));
    expect(matrix.askedPairs).to.equal(40);
    expect(roads.asked.slice(1).toSorted()).to.deep.equal([
      [1, 20],
      [20, 1],
    ]);
    expect((await cached.matrix(points.toReversed())).askedPairs).to.equal(0);
  });

  it('keeps pairs apart that were never asked together', async () => {
    const roads = roadsThat();
    const cached = cachedRoads(roads, { maxPoints: 100 });
    await cached.matrix([at(1), at(2)]);
    await cached.matrix([at(3), at(4)]);
    const all = [at(1), at(2), at(3), at(4)];
    const matrix = await cached.matrix(all);
    expect([...matrix.metres]).to.deep.equal(expected(all));
    expect(matrix.askedPairs).to.equal(8);
  });

  it('never keeps an estimate, and uses what it knows beside it', async () => {
    const roads = roadsThat();
    const cached = cachedRoads(roads, { maxPoints: 100 });
    await cached.matrix([at(1), at(2)]);
    roads.source = 'estimate';
    const matrix = await cached.matrix([at(1), at(2), at(3)]);
    expect(matrix.source).to.equal('estimate');
    expect(matrix.estimatedPairs).to.equal(4);
    roads.source = 'osrm';
    const healed = await cached.matrix([at(1), at(2), at(3)]);
    expect(healed).to.deep.include({ source: 'osrm', estimatedPairs: 0 });
    expect(healed.askedPairs).to.be.greaterThan(0);
  });

  it('forgets everything when the roads change, also in the middle of a question', async () => {
    const roads = roadsThat();
    const cached = cachedRoads(roads, { maxPoints: 100 });
    await cached.matrix([at(1), at(2)]);
    roads.version = 'v2';
    expect((await cached.matrix([at(1), at(2)])).askedPairs).to.be.greaterThan(0);
    roads.during = () => {
      roads.during = null;
      roads.version = 'v3';
    };
    const matrix = await cached.matrix([at(1), at(2), at(3)]);
    expect(matrix.version).to.equal('v3');
    expect(matrix.estimatedPairs).to.equal(0);
  });

  it('goes past the memory when a question is larger than it', async () => {
    const roads = roadsThat();
    const cached = cachedRoads(roads, { maxPoints: 5 });
    const points = Array.from({ length: 9 }, (_, i) => at(i));
    expect([...(await cached.matrix(points)).seconds]).to.deep.equal(expected(points));
    expect(cached.size()).to.equal(0);
  });

  it('repeats rows for points that are there twice and needs no road to the same place', async () => {
    const roads = roadsThat();
    const cached = cachedRoads(roads, { maxPoints: 5 });
    expect([...(await cached.matrix([at(7), at(7)])).seconds]).to.deep.equal([0, 0, 0, 0]);
    expect(roads.asked).to.deep.equal([]);
  });

  it('says the truth after any series of questions, at once or one after the other, and never holds more than allowed', async () => {
    const question = fc.record({
      points: fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 14 }),
      together: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(question, { maxLength: 12 }), async (questions) => {
        const cached = cachedRoads(roadsThat(), { maxPoints: 16 });
        let waiting: Promise<void>[] = [];
        for (const { points, together } of questions) {
          const places = points.map(at);
          waiting.push(
            cached
              .matrix(places)
              .then((matrix) => expect([...matrix.seconds]).to.deep.equal(expected(places)))
              .then(() => undefined),
          );
          if (!together) {
            await Promise.all(waiting);
            waiting = [];
          }
          expect(cached.size()).to.be.at.most(16);
        }
        await Promise.all(waiting);
      }),
      { numRuns: 200 },
    );
  });
});
