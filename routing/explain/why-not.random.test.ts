import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem, anyRichProblem } from '../arbitrary-problem.ts';
import { checkPlan } from '../check-plan.ts';
import { plainPlan } from '../check/plain-plan.ts';
import { isFixed } from '../check/plain-times.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { applyChange } from './apply-change.ts';
import { explainerOf } from './explainer.ts';
import type { Change, FittingChange } from './explanation.ts';
import { whyNot } from './why-not.ts';

const RUNS = Number(process.env['RUNS'] ?? 300);

/** Movable stops by shift, in the order of the problem. */
const movableOf = (problem: Problem, plan: Plan): number[][] =>
  problem.shifts.map((_, s) => {
    const stops = plan.shifts.find(({ shift }) => shift === s)?.stops ?? [];
    return stops.map(({ job }) => job).filter((job) => !isFixed(problem.jobs[job]!));
  });

const fixedBefore = (problem: Problem, plan: Plan, shift: number): number =>
  (plan.shifts.find((day) => day.shift === shift)?.stops ?? []).filter(({ job }) => isFixed(problem.jobs[job]!)).length;

/** The plan with the job put in, made and checked without the engine; null when it breaks a rule. */
function planWith(
  problem: Problem,
  plan: Plan,
  job: number,
  shift: number,
  position: number,
  changes: readonly Change[] = [],
): Plan | null {
  const changed = changes.reduce((before, change) => applyChange(before, job, change), problem);
  const out = changes.flatMap((change) => (change.kind === 'instead_of' ? [change.job] : []));
  const more = changes.reduce((sum, change) => sum + (change.kind === 'more_changes' ? change.more : 0), 0);
  const movable = movableOf(problem, plan).map((list) => list.filter((other) => !out.includes(other)));
  movable[shift]!.splice(position - fixedBefore(problem, plan, shift), 0, job);
  const made = plainPlan(changed, movable);
  if (made === null) return null;
  const then = { ...made, maxChanges: plan.maxChanges === null ? null : plan.maxChanges + more };
  const faults = checkPlan(changed, then, { changesInForce: Math.max(plan.changes, plan.forcedChanges) + more });
  return faults.length === 0 ? then : null;
}

const planOfSome = (problem: Problem, maxChanges: number | null): Plan =>
  solve(problem, { seed: 1, stop: afterIterations(20), maxChanges });

const withoutLinks = ({ links: _, ...problem }: Problem): Problem => problem;

describe('why a job is left out, on random problems', function () {
  this.timeout(120_000);
  for (const [kind, problems] of [
    ['the rules of every city', anyProblem({ jobs: 6, shifts: 3 })],
    ['all rules but links', anyRichProblem({ jobs: 5, shifts: 3 }).map(withoutLinks)],
  ] as const) {
    it(`calls possible what is possible, at its price, and nothing else: ${kind}`, () => {
      let possible = 0;
      let blocked = 0;
      fc.assert(
        fc.property(problems, fc.option(fc.nat(3)), (problem, maxChanges) => {
          const plan = planOfSome(problem, maxChanges);
          const explainer = explainerOf(problem, plan);
          for (const { job } of plan.unassigned) {
            if (isFixed(problem.jobs[job]!)) continue;
            const said = whyNot(explainer, job);
            for (const { shift, blockedBy, price } of said.shifts) {
              const first = fixedBefore(problem, plan, shift);
              const places = movableOf(problem, plan)[shift]!.length + 1;
              const prices = Array.from({ length: places }, (_, k) => {
                const then = planWith(problem, plan, job, shift, first + k);
                return then === null ? Infinity : then.cost.total - plan.cost.total;
              });
              const least = Math.min(...prices);
              expect(price ?? Infinity, `job ${job}, shift ${shift}`).to.equal(least);
              expect(blockedBy === null).to.equal(least < Infinity);
              if (least < Infinity) possible++;
              else blocked++;
            }
          }
        }),
        { numRuns: RUNS },
      );
      expect(possible).to.be.greaterThan(20);
      expect(blocked).to.be.greaterThan(50);
    });

    it(`tells only changes with which the job fits, at their price, none of which can be left out: ${kind}`, () => {
      const kinds = new Map<string, number>();
      let never = 0;
      fc.assert(
        fc.property(problems, fc.option(fc.nat(3)), (problem, maxChanges) => {
          const plan = planOfSome(problem, maxChanges);
          const explainer = explainerOf(problem, plan);
          for (const { job } of plan.unassigned) {
            const said = whyNot(explainer, job);
            if (said.changes.length === 0) never++;
            for (const told of said.changes) {
              for (const { kind } of told.changes) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
              expectTrue(problem, plan, job, told);
            }
          }
        }),
        { numRuns: RUNS },
      );
      if (process.env['KINDS']) console.log(kinds, never);
      expect(never).to.be.greaterThan(0);
      expect(kinds.size).to.be.greaterThan(8);
    });
  }
});

function expectTrue(problem: Problem, plan: Plan, job: number, told: FittingChange): void {
  const then = planWith(problem, plan, job, told.shift, told.position, told.changes);
  expect(then, JSON.stringify(told)).not.to.equal(null);
  expect(then!.cost.total - plan.cost.total, JSON.stringify(told)).to.equal(told.price);
  const stop = then!.shifts.find(({ shift }) => shift === told.shift)!.stops[told.position];
  expect(stop).to.include({ job, start: told.start });
  if (told.changes.length === 1) return;
  // Without any one of several it fits at no place of that shift.
  for (const i of told.changes.keys()) {
    const fewer = told.changes.toSpliced(i, 1);
    const first = fixedBefore(problem, plan, told.shift);
    for (let k = first; k <= first + movableOf(problem, plan)[told.shift]!.length; k++) {
      expect(planWith(problem, plan, job, told.shift, k, fewer), JSON.stringify([told, i])).to.equal(null);
    }
  }
}
