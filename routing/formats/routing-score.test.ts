import { expect } from 'chai';
import { threeCustomers } from './routing-instance.fixtures.ts';
import { scoreRoutes } from './routing-score.ts';

const [depot, one, two, three] = threeCustomers().nodes;
if (one === undefined || two === undefined || three === undefined) throw new Error('three customers are needed');

describe('The score of routes', () => {
  it('adds lengths cut to a tenth, the way home included', () => {
    // 5, then 5 from (3, 4) to (0, 8), then 8; and 10 there and back.
    expect(scoreRoutes(threeCustomers(), [[1, 2], [3]])).to.deep.equal({ wholeCost: 380, cost: 38, faults: [] });
    const odd = threeCustomers({ nodes: [depot, { ...one, x: 1, y: 1 }, two, three] });
    // The square root of 2 counts as 1.4, that of 50 as 7.0.
    expect(scoreRoutes(odd, [[1, 2], [3]]).wholeCost).to.equal(14 + 70 + 80 + 200);
  });

  it('rounds to a thousandth where vehicles differ', () => {
    const odd = threeCustomers({ kind: 'SDVRPTW', nodes: [depot, { ...one, x: 1, y: 1 }, two, three] });
    expect(scoreRoutes(odd, [[1], [2, 3]])).to.deep.include({ cost: 2 * 1414 + 8000 + 6000 + 10_000, faults: [] });
  });

  it('counts the prizes of who is left out where that is allowed, and else names them', () => {
    expect(scoreRoutes(threeCustomers({ kind: 'PCVRPTW' }), [[1]])).to.deep.equal({ wholeCost: 300, cost: 300, faults: [] });
    expect(scoreRoutes(threeCustomers(), [[1], [3]]).faults).to.deep.equal(['customer 2 is not served']);
  });

  it('names each fault', () => {
    const faultsOf = (routes: number[][], over = {}): string => scoreRoutes(threeCustomers(over), routes).faults.join('; ');
    expect(faultsOf([[1, 2, 3]])).to.equal('route 1 carries 12, its vehicle 10');
    expect(
      faultsOf([
        [1, 2],
        [3, 1],
      ]),
    ).to.equal('customer 1 is served 2 times');
    expect(faultsOf([[1, 2], [], [3]])).to.equal('route 3 has no vehicle: there are 2');
    expect(
      faultsOf([
        [1, 2],
        [3, 9],
      ]),
    ).to.contain('route 2 serves 9, which is no customer');
    expect(faultsOf([[2, 1], [3]], { nodes: [depot, { ...one, due: 19 }, two, three] })).to.equal(
      'route 1 is too late at customer 1',
    );
    expect(faultsOf([[1, 2], [3]], { nodes: [{ ...depot, due: 24 }, one, two, three] })).to.equal(
      'route 1 is too late at the depot; route 2 is too late at the depot',
    );
    const vehicles = [
      { capacity: 10, serves: new Set([1]) },
      { capacity: 10, serves: null },
    ];
    expect(faultsOf([[1, 2], [3]], { vehicles })).to.equal('route 1 may not serve customer 2');
  });

  it('measures a duration from the latest possible departure', () => {
    // Straight to 2 (8), work 5, home 8 = 21: it need not leave at 0 and wait there for 10.
    const routes = [[2], [1, 3]];
    expect(scoreRoutes(threeCustomers({ longestDuration: 40 }), routes).faults).to.deep.equal([]);
    const most = threeCustomers({ longestDuration: 20.9, nodes: [depot, one, { ...two, ready: 40, due: 40 }, three] });
    expect(scoreRoutes(most, [[2], []]).faults[0]).to.equal('route 1 lasts 210, at most 209 is allowed');
  });
});
