import { expect } from 'chai';
import { checkPlan } from './check-plan.ts';
import { aJob, aProblem, aShift, inForce, onALine, someWeights } from './fixtures.ts';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import { partsOf, tryLink } from './search/search.fixtures.ts';
import { afterIterations } from './search/stop.ts';
import { solve } from './solve.ts';
import { seconds } from './units.ts';

const plan = (problem: Problem, iterations: number): Plan => solve(problem, { seed: 1, stop: afterIterations(iterations) });

/** Each of these has failed once. */
describe('faults of the engine that were mended', () => {
  // "uses" takes two, collects one itself, and has the other from "finds", which may go out again.
  const borrowed: Problem = aProblem({
    travel: {
      ...onALine([0, 132, 87, 87]),
      seconds: Int32Array.from([0, 132, 87, 536, 132, 0, 219, 404, 87, 219, 0, 623, 536, 404, 623, 0]),
    },
    now: seconds(2_802),
    weights: someWeights({ travelPerSecond: 2 }),
    shifts: [aShift({ startNode: 3, endNode: 2, until: seconds(5_371), overtime: seconds(392) })],
    jobs: [
      aJob({ id: 'fetch', service: seconds(71), waiting: 8_070 }),
      aJob({ id: 'finds', node: 1, service: seconds(620), collects: [1], waiting: 1_071 }),
      aJob({ id: 'uses', service: seconds(605), uses: [2], collects: [1], due: seconds(301), latePerSecond: 2, waiting: 6_017 }),
    ],
    links: [{ first: 0, second: 2, leastLag: seconds(0), mostLag: null, sameShift: true }],
  });

  it('plans fetched stock without a fault, when a stop goes out that has put on board what another uses', () => {
    for (let seed = 0; seed < 20; seed++) {
      const made = solve(borrowed, { seed, stop: afterIterations(100) });
      expect(checkPlan(borrowed, made)).to.deep.equal([]);
    }
  });

  it('puts no work within a gap between windows, not even work of no seconds', () => {
    const shift = aShift({
      from: seconds(228),
      endNode: null,
      breaks: [{ id: 'coffee', window: { from: seconds(0), until: seconds(228) }, length: seconds(107) }],
      windows: [
        { from: seconds(228), until: seconds(229) },
        { from: seconds(336), until: seconds(2_000) },
      ],
    });
    const problem = aProblem({ shifts: [shift], jobs: [aJob({ service: seconds(0) })] });
    const made = plan(problem, 20);
    expect(checkPlan(problem, made)).to.deep.equal([]);
    expect(made.shifts[0]?.stops[0]?.start).to.equal(336);
  });

  it('says a true cost of an insertion where the way round is shorter and what follows becomes earlier', () => {
    const promised = { from: seconds(800), until: seconds(2_000) };
    const problem = aProblem({
      travel: { ...onALine([0, 0, 0]), seconds: Int32Array.from([0, 10, 900, 10, 0, 10, 900, 10, 0]) },
      jobs: [
        aJob({ id: 'a', node: 1, service: seconds(0) }),
        aJob({ id: 'b', node: 2, inForce: inForce({ start: seconds(900), promised }) }),
      ],
      weights: someWeights({ moveOfStartPerSecond: 0 }),
    });
    const { routes, insertions, instance } = partsOf(problem);
    tryLink(routes, 1, 0, 0);
    const said = insertions.cost(0, 0, Infinity);
    const before = routes.cost - instance.price[0]!;
    routes.link(0, insertions.after, 0);
    routes.redrive(0);
    expect(said).to.equal(routes.cost - before);
  });

  it('does three jobs in a chain with three crews', () => {
    const jobs = ['a', 'b', 'c'].map((id, node) => aJob({ id, node }));
    const links = [
      { first: 1, second: 0, leastLag: seconds(600), mostLag: seconds(900) },
      { first: 2, second: 1, leastLag: seconds(-100), mostLag: seconds(100) },
    ];
    const shifts = [aShift({ id: 'near' }), aShift({ id: 'far', startNode: 9, endNode: 9 }), aShift({ id: 'third' })];
    // By hand: "near" does b and then a, "third" does c.
    expect(plan(aProblem({ jobs, links, shifts }), 2_000).cost.total).to.be.at.most(600);
  });

  it('says of a linked job which other one is in its way', () => {
    const jobs = [aJob({ id: 'cordon', skills: ['signs'] }), aJob({ id: 'cut' })];
    const links = [{ first: 0, second: 1, leastLag: seconds(600), mostLag: null }];
    expect(plan(aProblem({ jobs, links }), 100).unassigned[1]?.reason).to.deep.equal({ code: 'linked_job_does_not_fit', job: 0 });
  });

  it('counts a day from before a gap that a break later hides from the next stop', () => {
    const shift = aShift({
      windows: [
        { from: seconds(0), until: seconds(100) },
        { from: seconds(101), until: seconds(28_800) },
      ],
      breaks: [{ id: 'lunch', window: { from: seconds(1_000), until: seconds(3_000) }, length: seconds(500) }],
      maxDuration: seconds(2_000),
    });
    const late = aJob({ windows: [{ from: seconds(2_700), until: seconds(8_000) }], service: seconds(426) });
    const problem = aProblem({ shifts: [shift], jobs: [late] });
    const found = plan(problem, 200);
    expect(checkPlan(problem, found)).to.deep.equal([]);
    // It cannot leave later than 100 s after it is free: the gap has no room, and 3,026 s are too many.
    expect(found.unassigned).to.have.length(1);
  });

  it('agrees with a linked job on no other start than a person has locked', () => {
    const problem = aProblem({
      shifts: [aShift({ from: seconds(654) })],
      jobs: [
        aJob({ id: 'first', service: seconds(228) }),
        aJob({ id: 'second', inForce: inForce({ lockTime: true, start: seconds(1_146) }) }),
      ],
      links: [{ first: 0, second: 1, leastLag: seconds(493), mostLag: null, sameShift: true }],
    });
    for (const now of [0, 653]) {
      const made = plan({ ...problem, now: seconds(now), shifts: [aShift({ from: seconds(now) })] }, 50);
      expect(made.unassigned).to.deep.equal([]);
    }
    const made = plan(problem, 50);
    expect(checkPlan(problem, made)).to.deep.equal([]);
    expect(made.unassigned.map(({ job }) => job)).to.deep.equal([0, 1]);
  });
});
