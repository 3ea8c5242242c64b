import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { bruteForce } from '../brute-force.ts';
import { checkPlan } from '../check-plan.ts';
import { isLocked } from '../check/plain-times.ts';
import { aProblem, inForce } from '../fixtures.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { dispatchDay } from '../search/search.fixtures.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { changeCurve, MOVES } from './change-curve.ts';

const BY_ITERATIONS = { seed: 1, millis: null, iterations: 200 };

const rank = (problem: Problem, plan: Plan): number =>
  plan.cost.total + 1e9 * plan.unassigned.filter(({ job }) => isLocked(problem.jobs[job]!)).length;

/** A day planned once, into which other jobs have come: what was planned is in force. */
function dayInForce(): Problem {
  const problem = dispatchDay(3, 40);
  const known = { ...problem, jobs: problem.jobs.slice(0, 30) };
  const plan = solve(known, { seed: 1, stop: afterIterations(200) });
  const jobs = [...problem.jobs];
  for (const { shift, stops } of plan.shifts) {
    for (const [position, { job, start }] of stops.entries())
      jobs[job] = { ...jobs[job]!, inForce: inForce({ shift, position, start }) };
  }
  return { ...problem, jobs };
}

describe('The change curve', () => {
  it('keeps every limit exactly, breaks no rule and never rises', () => {
    let points = 0;
    let optimal = 0;
    fc.assert(
      fc.property(anyRichProblem({ jobs: 5, shifts: 3 }), (problem) => {
        const moves = [0, 1, 2, null];
        const curve = changeCurve(problem, null, { ...BY_ITERATIONS, moves });
        expect(curve.map(({ point }) => point.moves)).to.deep.equal(moves);
        curve.forEach(({ point, plan }, k) => {
          expect(checkPlan(problem, plan, { changesInForce: plan.forcedChanges })).to.deep.equal([]);
          const late = plan.shifts.flatMap(({ stops }) => stops.map((stop) => stop.late)).filter((one) => one > 0);
          expect(point).to.deep.equal({
            moves: plan.maxChanges,
            changes: plan.changes,
            cost: plan.cost.total,
            late: late.length,
            lateSeconds: late.reduce((sum, one) => sum + one, 0),
            unserved: plan.unassigned.length,
          });
          if (k > 0) expect(rank(problem, plan)).to.be.at.most(rank(problem, curve[k - 1]!.plan));
          if ((problem.links ?? []).length > 0) return;
          const best = bruteForce(problem, { mostChanges: plan.changes })!;
          points++;
          expect(rank(problem, plan)).to.be.at.least(best.cost + 1e9 * best.unkeptLocks);
          if (rank(problem, plan) === best.cost + 1e9 * best.unkeptLocks) optimal++;
        });
      }),
      { numRuns: 50, endOnFailure: true },
    );
    expect(points).to.be.greaterThan(100);
    expect(optimal / points).to.be.greaterThan(0.9);
  });

  it('falls where changes help, and is the same for the same seed and iterations', () => {
    const problem = dayInForce();
    const options = { ...BY_ITERATIONS, iterations: 200 };
    const curve = changeCurve(problem, null, options);
    expect(curve.map(({ point }) => point.moves)).to.deep.equal(MOVES);
    expect(curve.at(-1)!.point.cost).to.be.lessThan(curve[0]!.point.cost);
    for (const { point, plan } of curve) expect(plan.changes).to.be.at.most(point.moves ?? Infinity);
    expect(changeCurve(problem, null, options)).to.deep.equal(curve);
  });

  it('is never dearer than a plan in hand where that keeps the limit', () => {
    const problem = dayInForce();
    const plan = solve(problem, { seed: 1, stop: afterIterations(1_000) });
    const curve = changeCurve(problem, plan, { ...BY_ITERATIONS, iterations: 10, moves: [0, plan.changes, null] });
    expect(curve[0]!.point.changes).to.equal(0);
    for (const { point } of curve.slice(1)) expect(point.cost).to.be.at.most(plan.cost.total);
  });

  it('ends with its time, and wants limits that rise', () => {
    const curve = changeCurve(dayInForce(), null, { seed: 1, millis: 100, iterations: null, moves: [0, 3] });
    expect(curve).to.have.length(2);
    for (const moves of [[2, 2], [-1], [null, 3]]) {
      expect(() => changeCurve(aProblem(), null, { ...BY_ITERATIONS, moves })).to.throw(RangeError);
    }
  });
});
