import { expect } from 'chai';
import { compile } from '../compile.ts';
import { searchFrom } from '../solve.ts';
import { NearPlaces } from './near-places.ts';
import { deliveries } from './search.fixtures.ts';
import { Insertions } from './insertion.ts';
import { random } from './random.ts';
import { makeStart } from './start.ts';

const never = { next: () => 1, below: () => 0 };

describe('places beside the nearest stops', () => {
  const instance = compile(deliveries(90, 14));
  const start = makeStart(instance, {
    pace: null,
    maxChanges: null,
    startFrom: null,
    assigned: () => false,
    filled: () => false,
  });
  const search = searchFrom(instance, start, 1);
  const { routes } = search;
  const places = new NearPlaces(routes);
  const all = new Uint8Array(instance.shiftCount).fill(1);

  it('are the cheapest that there are, where all stops are neighbours', () => {
    const chance = random(7);
    let compared = 0;
    for (let round = 0; round < 300; round++) {
      search.cool(round % 200, search.iterations + 3, () => false);
      const j = chance.below(instance.jobCount);
      const s = routes.route[j]!;
      if (s < 0) continue;
      routes.mark();
      routes.unlink(j, j, s, new Int32Array(1), 0);
      const insertions = new Insertions(routes);
      let least = Infinity;
      for (let k = 0; k < instance.shiftCount; k++) {
        if (routes.count[k] !== 0 && instance.allowed[j * instance.shiftCount + k] === 1) {
          least = Math.min(least, insertions.cost(j, k, Infinity));
        }
      }
      expect(places.find(j, Infinity, all, 0, never)).to.equal(least);
      if (least < Infinity) {
        compared++;
        const cost = routes.cost - instance.price[j]!;
        routes.link(j, places.behind, places.shift);
        expect(routes.cost - cost).to.equal(least);
        // Never at the bound or above it, never on the shift of another search.
        routes.unlink(j, j, places.shift, new Int32Array(1), 0);
        expect(places.find(j, least, all, 0, never)).to.equal(least);
        expect(places.shift).to.equal(-1);
        expect(places.find(j, Infinity, new Uint8Array(instance.shiftCount), 0, never)).to.equal(Infinity);
      }
      routes.undo();
    }
    expect(compared).to.be.above(100);
  });
});
