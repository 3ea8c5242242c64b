import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem, anyRichProblem, reordered } from '../arbitrary-problem.ts';
import { bruteForce } from '../brute-force.ts';
import { checkPlan } from '../check-plan.ts';
import { isLocked } from '../check/plain-times.ts';
import { mayTake, shiftState } from '../draft.ts';
import { aJob, aProblem, aShift, inForce } from '../fixtures.ts';
import { NONE } from '../instance.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { planOf } from '../report-plan.ts';
import { dispatchDay } from '../search/search.fixtures.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { seconds } from '../units.ts';
import { alternativesOf, forcedPlans } from './alternatives.ts';
import { type Explainer, explainerOf } from './explainer.ts';
import type { Alternative } from './explanation.ts';
import { Forcing } from './forcing.ts';
import { NO_SEARCH, figuresBetween } from './forced-plans.fixtures.ts';

/** The plan that an alternative tells of. */
function planOfAlternative(explainer: Explainer, job: number, { shift }: Alternative): Plan {
  const { instance } = explainer;
  const forcing = new Forcing(explainer);
  const j = instance.jobPlace[job]!;
  const plans = forcedPlans(explainer, forcing, forcing.taken(j)!, j);
  return planOf(plans.find((one) => one.shift === instance.shiftPlace[shift])!.draft, NO_SEARCH);
}

/** Locks that a plan does not keep go before any cost. */
const rank = (problem: Problem, plan: Plan): number =>
  plan.cost.total + 1e9 * plan.unassigned.filter(({ job }) => isLocked(problem.jobs[job]!)).length;

/** The best plan with the job on that shift, null when there is none. */
function bestForced(problem: Problem, job: number, shift: number): number | null {
  const others = [...problem.shifts.keys()].filter((s) => s !== shift);
  const jobs = problem.jobs.with(job, { ...problem.jobs[job]!, declinedBy: others, waiting: 1e7 });
  const best = bruteForce({ ...problem, jobs });
  if (best === null || best.plan.unassigned.some((left) => left.job === job)) return null;
  return best.cost + 1e9 * best.unkeptLocks;
}

const hasLinks = ({ links }: Problem): boolean => (links ?? []).length > 0;

describe('Who else could do a job', () => {
  for (const [kind, problems] of [
    ['the rules of every city', anyProblem({ jobs: 5, shifts: 3 })],
    ['all rules', anyRichProblem({ jobs: 4, shifts: 3 })],
  ] as const) {
    it(`is told by plans that break no rule, at their price, none below the best: ${kind}`, () => {
      let told = 0;
      let best = 0;
      fc.assert(
        fc.property(problems, (problem) => {
          const optimum = bruteForce(problem);
          if (optimum === null) return;
          const explainer = explainerOf(problem, optimum.plan);
          for (const job of problem.jobs.keys()) {
            for (const alternative of alternativesOf(explainer, job).others) {
              const plan = planOfAlternative(explainer, job, alternative);
              expect(checkPlan(problem, plan, { changesInForce: plan.changes })).to.deep.equal([]);
              expect(alternative).to.deep.include(figuresBetween(optimum.plan, plan, job));
              // Linked jobs keep starts that are agreed: brute force takes the earliest ones, which may cost more.
              if (hasLinks(problem)) continue;
              expect(rank(problem, plan)).to.be.at.least(rank(problem, optimum.plan));
              told++;
              const forced = bestForced(problem, job, alternative.shift)!;
              expect(rank(problem, plan)).to.be.at.least(forced);
              best += rank(problem, plan) === forced ? 1 : 0;
            }
          }
        }),
        { numRuns: 150, endOnFailure: true },
      );
      expect(told).to.be.greaterThan(50);
      // Not a promise of the method, which looks at a few shifts only: of tiny plans it finds the best mostly.
      expect(best / told).to.be.greaterThan(0.7);
    });

    it(`is nobody only where no place works with everything else kept: ${kind}`, () => {
      let blockedByStops = 0;
      fc.assert(
        fc.property(problems, (problem) => {
          const explainer = explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(20) }));
          const { instance, draft } = explainer;
          for (const [job, { inForce: held }] of problem.jobs.entries()) {
            const j = instance.jobPlace[job]!;
            const linkedAndLeftOut = instance.groupOf[j] !== NONE && draft.shiftOf[j] === NONE;
            const { others, blocked, shift } = alternativesOf(explainer, job);
            const named = [
              ...others.map((one) => one.shift),
              ...blocked.map((one) => one.shift),
              ...(shift === null ? [] : [shift]),
            ];
            expect(named.sort((a, b) => a - b)).to.deep.equal([...problem.shifts.keys()]);
            for (const { shift: no } of blocked) {
              const s = instance.shiftPlace[no]!;
              if (!mayTake(instance, s, j) || held?.fixed === true || linkedAndLeftOut || isTied(problem, job)) continue;
              // Its own crew must then be able to do without it.
              if (shift !== null && explainer.places.without(j) === null) continue;
              blockedByStops++;
              const { sequence } = draft.shifts[s]!;
              for (let k = instance.fixedStops[s]!.length; k <= sequence.length; k++) {
                expect(shiftState(instance, s, sequence.toSpliced(k, 0, j))).to.equal(null);
              }
            }
          }
        }),
        { numRuns: 150, endOnFailure: true },
      );
      expect(blockedByStops).to.be.greaterThan(20);
    });
  }

  const isTied = (problem: Problem, job: number): boolean =>
    (problem.links ?? []).some(({ first, second, sameShift }) => sameShift === true && (first === job || second === job));

  it('makes room where there is none: a stop goes to another crew, or stays undone when that is cheaper', () => {
    const short = { from: seconds(0), until: seconds(1_000) };
    const shifts = [
      aShift({ id: 'a', ...short }),
      aShift({ id: 'b', ...short }),
      aShift({ id: 'c', ...short, skills: ['signs'] }),
    ];
    const jobs = [
      aJob({ id: 'mine', service: seconds(900) }),
      aJob({ id: 'theirs', service: seconds(900) }),
      aJob({ id: 'signs', service: seconds(900), skills: ['signs'], waiting: 700 }),
    ];
    const problem = aProblem({ shifts, jobs });
    const plan = solve(problem, { seed: 1, stop: afterIterations(200) });
    expect(plan.cost.total).to.equal(0);
    const at = (job: number): number => plan.shifts.find(({ stops }) => stops.some((stop) => stop.job === job))!.shift;
    const { others, shift } = alternativesOf(explainerOf(problem, plan), 0);
    expect(shift).to.equal(at(0));
    expect(others.map((one) => [one.shift, one.price, one.moved, one.leftOut])).to.deep.equal([
      [at(1), 0, [{ job: 1, shift: at(0) }], []],
      [2, 700, [], [2]],
    ]);
  });

  it('says which rule forbids it', () => {
    const shifts = [
      aShift({ id: 'a', skills: ['signs'] }),
      aShift({ id: 'b' }),
      aShift({ id: 'c', skills: ['signs'], until: seconds(500) }),
      aShift({ id: 'd', skills: ['signs'] }),
    ];
    const jobs = [
      aJob({ id: 'job', skills: ['signs'], inForce: inForce({ shift: 0 }), declinedBy: [3] }),
      aJob({ id: 'dispatched', inForce: inForce({ shift: 0, fixed: true }) }),
    ];
    const problem = aProblem({ shifts, jobs });
    const explainer = explainerOf(problem, solve(problem, { seed: 1, stop: afterIterations(50) }));
    const { others, blocked } = alternativesOf(explainer, 0);
    expect(others).to.deep.equal([]);
    expect(blocked.map(({ shift, reason }) => [shift, reason.code])).to.deep.equal([
      [1, 'no_crew_with_skills'],
      [2, 'longer_than_any_shift'],
      [3, 'declined'],
    ]);
    const fixed = alternativesOf(explainer, 1);
    expect([fixed.others, fixed.blocked.map(({ reason }) => reason.code)]).to.deep.equal([[], Array(3).fill('locks_do_not_fit')]);
    expect(() => alternativesOf(explainer, 2)).to.throw(RangeError);
  });

  it('names a crew for a job that is left out, at what that costs more than leaving it out', () => {
    const problem = aProblem({ jobs: [aJob({ id: 'far', node: 9, waiting: 1_000 })] });
    const plan = solve(problem, { seed: 1, stop: afterIterations(50) });
    expect(plan.unassigned).to.have.length(1);
    const { shift, saved, others } = alternativesOf(explainerOf(problem, plan), 0);
    expect([shift, saved, others.map(({ price }) => price)]).to.deep.equal([null, 0, [800]]);
  });

  it('is the same answer whatever was asked before, and in whatever order the lists are', () => {
    const problem = dispatchDay(5, 36);
    const plan = solve(problem, { seed: 1, stop: afterIterations(500) });
    const explainer = explainerOf(problem, plan);
    const first = alternativesOf(explainer, 7);
    for (const job of [8, 9, 10]) alternativesOf(explainer, job);
    expect(alternativesOf(explainer, 7)).to.deep.equal(first);
    const shiftOrder = [...problem.shifts.keys()].reverse();
    const jobOrder = [...problem.jobs.keys()].reverse();
    const other = reordered(problem, shiftOrder, jobOrder);
    const otherPlan = solve(other, { seed: 1, stop: afterIterations(500) });
    const again = alternativesOf(explainerOf(other, otherPlan), jobOrder.indexOf(7));
    const said = (of: Problem, { shift, price, start }: Alternative) => [of.shifts[shift]!.id, price, start];
    expect(again.others.map((one) => said(other, one))).to.deep.equal(first.others.map((one) => said(problem, one)));
  });
});
