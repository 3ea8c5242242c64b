import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem } from '../../../routing/arbitrary-problem.ts';
import { checkPlan } from '../../../routing/check-plan.ts';
import { startPlanner, type Planner } from '../../../routing/worker/start-planner.ts';
import { InvalidProblem } from '../../../routing/validate-problem.ts';
import { joinPlans, problemOfZone, zonesByDepot } from './zones.ts';

describe('a plan by zones', () => {
  let engine: Planner;
  before(() => {
    engine = startPlanner();
  });
  after(() => engine.close());

  it('has every crew and every job in one zone, work that a crew has with that crew, linked work together', () => {
    fc.assert(
      fc.property(anyProblem({ jobs: 8, shifts: 4 }), fc.array(fc.nat(2), { minLength: 4, maxLength: 4 }), (problem, depots) => {
        const zones = zonesByDepot(problem, depots.slice(0, problem.shifts.length));
        if (zones === null) return;
        const all = (of: 'shifts' | 'jobs') => zones.flatMap((zone) => zone[of]).sort((a, b) => a - b);
        expect(all('shifts')).to.deep.equal([...problem.shifts.keys()]);
        expect(all('jobs')).to.deep.equal([...problem.jobs.keys()]);
        const zoneOf = (job: number) => zones.find(({ jobs }) => jobs.includes(job));
        problem.jobs.forEach(({ inForce }, j) => {
          if (inForce !== null) expect(zoneOf(j)?.shifts).to.include(inForce.shift);
        });
        for (const { first, second } of problem.links ?? []) {
          expect(zoneOf(first)).to.equal(zoneOf(second));
        }
      }),
    );
  });

  it('joined, passes the checker of the whole problem, its cost and its changes recomputed', async function () {
    this.timeout(60_000);
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(anyProblem({ jobs: 8, shifts: 4 }), fc.constant([0, 1, 0, 1]), async (problem, depots) => {
        const zones = zonesByDepot(problem, depots.slice(0, problem.shifts.length));
        if (zones === null) return;
        const parts = [];
        for (const zone of zones) {
          const order = { seed: 1, iterations: 30, millis: null };
          const plan = await engine.solveInWorker(problemOfZone(problem, zone), order).catch((error: unknown) => {
            if (error instanceof InvalidProblem) return null;
            throw error;
          });
          if (plan === null) return;
          parts.push({ zone, plan });
        }
        tried++;
        expect(checkPlan(problem, joinPlans(parts))).to.deep.equal([]);
      }),
      { numRuns: 60 },
    );
    expect(tried).to.be.greaterThan(5);
  });
});
