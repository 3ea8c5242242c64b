import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem, anyRichProblem } from '../arbitrary-problem.ts';
import { checkPlan } from '../check-plan.ts';
import { changesNoPlanAvoids } from '../check/check-changes.ts';
import { plainPlan } from '../check/plain-plan.ts';
import { isFixed } from '../check/plain-times.ts';
import { compile } from '../compile.ts';
import { emptyDraft, tryChanges } from '../draft.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { seconds } from '../units.ts';
import { planOf } from '../report-plan.ts';
import { dispatchDay } from '../search/search.fixtures.ts';
import { afterIterations } from '../search/stop.ts';
import { solve } from '../solve.ts';
import { applyChange } from './apply-change.ts';
import { explainerOf } from './explainer.ts';
import type { Change, FittingChange, WhyNot } from './explanation.ts';
import { whyNot } from './why-not.ts';

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
  const faults = checkPlan(changed, then, { changesInForce: mostChanges(problem, plan) + more });
  return faults.length === 0 ? then : null;
}

/** Changes that the plan may have, whatever a change to the problem would let it keep. */
const mostChanges = (problem: Problem, plan: Plan): number =>
  Math.max(plan.changes, plan.forcedChanges, (plan.maxChanges ?? 0) + changesNoPlanAvoids(problem));

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
            expectReason(problem, plan, job, said);
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
        { numRuns: 200 },
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
            if (said.changes.length === 0) {
              never++;
              if (!isFixed(problem.jobs[job]!)) expectNever(problem, plan, job);
            }
            for (const told of said.changes) {
              for (const { kind } of told.changes) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
              expectTrue(problem, plan, job, told);
              expectSmallest(problem, plan, job, told);
            }
          }
        }),
        { numRuns: 200 },
      );
      expect(never).to.be.greaterThan(0);
      expect(kinds.size).to.be.greaterThan(8);
    });
  }

  it('with links: the same by the whole problem driven anew, linked stops of the plan at their starts', () => {
    let possible = 0;
    let blocked = 0;
    const kinds = new Set<string>();
    let tried = 0;
    let exact = 0;
    fc.assert(
      fc.property(anyRichProblem({ jobs: 6, shifts: 3 }).filter(hasLinks), fc.option(fc.nat(3)), (problem, maxChanges) => {
        const plan = planOfSome(problem, maxChanges);
        const explainer = explainerOf(problem, plan);
        for (const { job } of plan.unassigned) {
          if (isFixed(problem.jobs[job]!)) continue;
          const said = whyNot(explainer, job);
          for (const { shift, price } of said.shifts) {
            // Held back for a stop under way, it starts when only the answer's changes say: see below.
            if (heldStarts(problem, plan, job).has(job)) continue;
            const first = fixedBefore(problem, plan, shift);
            const places = movableOf(problem, plan)[shift]!.length + 1;
            const prices = Array.from({ length: places }, (_, k) => drivenPrice(problem, plan, job, shift, first + k, []));
            expect(price ?? Infinity, `job ${job}, shift ${shift}`).to.equal(Math.min(...prices));
            if (price === null) blocked++;
            else possible++;
          }
          for (const told of said.changes) {
            for (const { kind } of told.changes) kinds.add(kind);
            const price = drivenPrice(problem, plan, job, told.shift, told.position, told.changes, told.start);
            // Driven anew, a linked stop may start earlier than it does in the plan, and pay for having moved; what was told
            // keeps its start, and has passed the checker.
            expect(told.price, JSON.stringify(told)).to.be.at.most(price);
            if (told.price === price) exact++;
            tried++;
          }
        }
      }),
      { numRuns: 200 },
    );
    expect(possible).to.be.greaterThan(10);
    expect(blocked).to.be.greaterThan(50);
    expect(exact).to.be.greaterThan(tried * 0.98);
    expect([...kinds]).to.include.members(['unlink', 'overtime', 'skills']);
  });

  it('on a full dispatcher’s day: every job has a change with which it fits', () => {
    const full = dispatchDay(12, 200);
    const problem = {
      ...full,
      shifts: full.shifts.map((shift) => ({ ...shift, until: seconds(9_000), overtime: seconds(900), breaks: [] })),
      jobs: full.jobs.map((job, j) =>
        j % 20 === 0 ? { ...job, skills: ['asphalt'], plant: j % 40 === 0 ? ['digger'] : [] } : job,
      ),
    };
    const plan = solve(problem, { seed: 1, stop: afterIterations(2_000) });
    const explainer = explainerOf(problem, plan);
    expect(plan.unassigned.length).to.be.greaterThan(50);
    for (const { job } of plan.unassigned) {
      const said = whyNot(explainer, job);
      expect(said.changes, problem.jobs[job]!.id).not.to.deep.equal([]);
      for (const told of said.changes) expectTrue(problem, plan, job, told);
    }
  });
});

const hasLinks = ({ links = [] }: Problem): boolean => links.length > 0;

/** What the plan costs more with the job there, the whole problem driven anew; Infinity when a rule is broken. */
function drivenPrice(
  problem: Problem,
  plan: Plan,
  job: number,
  shift: number,
  position: number,
  changes: readonly Change[],
  startsAt: number | null = null,
): number {
  const changed = changes.reduce((before, change) => applyChange(before, job, change), problem);
  const out = changes.flatMap((change) => (change.kind === 'instead_of' ? [change.job] : []));
  const more = changes.reduce((sum, change) => sum + (change.kind === 'more_changes' ? change.more : 0), 0);
  const instance = compile(changed);
  for (const [other, start] of heldStarts(changed, plan, job)) {
    instance.lockedStart[instance.jobPlace[other]!] = other === job ? (startsAt ?? start) : start;
  }
  const draft = emptyDraft(instance);
  const sequences = plan.shifts.map((day) => {
    const kept = day.stops.map((stop) => stop.job).filter((other) => !out.includes(other));
    const all = day.shift === shift ? kept.toSpliced(position, 0, job) : kept;
    return { shift: instance.shiftPlace[day.shift]!, sequence: all.map((other) => instance.jobPlace[other]!) };
  });
  if (!instance.allowed[instance.jobPlace[job]! * instance.shiftCount + instance.shiftPlace[shift]!]) return Infinity;
  if (!tryChanges(draft, sequences, Infinity)) return Infinity;
  const made = planOf(draft, {
    seed: 0,
    iterations: 0,
    rounds: [],
    pace: { rounds: 0, filled: 0, steps: [] },
    maxChanges: plan.maxChanges === null ? null : plan.maxChanges + more,
    forcedChanges: 0,
  });
  const faults = checkPlan(changed, made, { changesInForce: mostChanges(problem, plan) + more });
  return faults.length === 0 ? made.cost.total - plan.cost.total : Infinity;
}

/** Starts that links ask for: those of movable stops, and any of the job where what it is linked to is in the plan. */
function heldStarts(problem: Problem, plan: Plan, job: number): Map<number, number> {
  const starts = new Map(plan.shifts.flatMap(({ stops }) => stops.map((stop) => [stop.job, stop.start])));
  // A linked stop of the plan in force may keep its start there, though nothing but that asks for it.
  const waits = new Set(
    plan.shifts.flatMap(({ stops }) =>
      stops.flatMap((stop) =>
        stop.start > stop.arrival && problem.jobs[stop.job]?.inForce?.start === stop.start ? [stop.job] : [],
      ),
    ),
  );
  const held = new Map<number, number>();
  for (const { first, second, sameShift, leastLag, mostLag } of problem.links ?? []) {
    const onlyOrder = sameShift === true && leastLag <= 0 && mostLag === null;
    for (const one of [first, second]) {
      if (onlyOrder && !waits.has(one)) continue;
      const start = starts.get(one === job ? first + second - job : one);
      if (start !== undefined && !isFixed(problem.jobs[one]!)) held.set(one, start);
    }
  }
  return held;
}

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

/** The places of the shift at which the job can be with these changes, and what it then costs more there. */
function pricesOn(problem: Problem, plan: Plan, job: number, shift: number, changes: readonly Change[]): number[] {
  const first = fixedBefore(problem, plan, shift);
  return Array.from({ length: movableOf(problem, plan)[shift]!.length + 1 }, (_, k) => {
    const then = planWith(problem, plan, job, shift, first + k, changes);
    return then === null ? Infinity : then.cost.total - plan.cost.total;
  });
}

/** Not today where it can be put in, or in place of one other stop; any other reason where no shift can. */
function expectReason(problem: Problem, plan: Plan, job: number, { reason, shifts, changes }: WhyNot): void {
  const possible = shifts.some(({ blockedBy }) => blockedBy === null);
  if (reason.code !== 'not_today') expect(possible, JSON.stringify(reason)).to.equal(false);
  if (reason.code !== 'not_today' || reason.cheapestShift === null) return;
  const shift = reason.cheapestShift;
  const others = movableOf(problem, plan)[shift]!.map((other): Change => ({ kind: 'instead_of', job: other }));
  const room = shifts[shift]!.blockedBy === null;
  const swapped = others.some((change) => pricesOn(problem, { ...plan, maxChanges: null }, job, shift, [change]).some(isFinite));
  expect(room || swapped, JSON.stringify(reason)).to.equal(true);
  const price = shifts.reduce((least, verdict) => Math.min(least, verdict.price ?? Infinity), Infinity);
  const accepted = changes.find((fitting) => fitting.changes[0]?.kind === 'accept_price');
  expect(accepted?.price ?? Infinity).to.equal(price);
}

/** One size smaller is not enough on that shift. */
function expectSmallest(problem: Problem, plan: Plan, job: number, { changes, shift }: FittingChange): void {
  const [change] = changes;
  if (changes.length > 1 || change === undefined) return;
  const smaller = oneSmaller(problem, job, change);
  if (smaller === null) return;
  const least = Math.min(...pricesOn(problem, plan, job, shift, [smaller]));
  if (smaller.kind === 'due') expect(least, JSON.stringify(change)).to.be.greaterThan(0);
  else expect(least, JSON.stringify(change)).to.equal(Infinity);
}

function oneSmaller(problem: Problem, job: number, change: Change): Change | null {
  switch (change.kind) {
    case 'overtime':
    case 'most_travel':
    case 'most_duration':
      return change.seconds > 60 ? { ...change, seconds: seconds(change.seconds - 60) } : null;
    case 'stock':
    case 'most_jobs':
    case 'more_changes':
      return { ...change, more: change.more - 1 };
    case 'window_until':
      return { ...change, until: seconds(change.until - 60) };
    case 'due':
      return change.due - 60 > (problem.jobs[job]?.due ?? 0) ? { ...change, due: seconds(change.due - 60) } : null;
    default:
      return null;
  }
}

/** It fits nowhere, though the crew has and may do everything, and the job asks for nothing; others kept, or all left out that may be. */
function expectNever(problem: Problem, plan: Plan, job: number): void {
  const { area: _, skillLevels: __, ...asked } = problem.jobs[job]!;
  const free: Problem['jobs'][number] = {
    ...asked,
    skills: [],
    plant: [],
    declinedBy: [],
    windows: [],
    release: problem.now,
    inForce: null,
  };
  const out = problem.jobs.flatMap(({ inForce: held }, other): Change[] => {
    const locked = held !== null && (held.fixed || held.lockCrew || held.lockTime || held.lockOrder);
    return locked || other === job ? [] : [{ kind: 'instead_of', job: other }];
  });
  const any = { ...plan, maxChanges: null };
  problem.shifts.forEach((shift, s) => {
    const { capacity: _, maxJobs: __, maxTravel: ___, maxDuration: ____, ...crew } = shift;
    const able = {
      ...crew,
      from: seconds(Math.min(crew.from, problem.now)),
      overtime: seconds(crew.overtime + 500_000),
      breaks: [],
    };
    const easy = { ...problem, shifts: problem.shifts.with(s, able), jobs: problem.jobs.with(job, free) };
    for (const changes of [[], out]) {
      expect(Math.min(...pricesOn(easy, any, job, s, changes)), `shift ${s}`).to.equal(Infinity);
    }
  });
}
