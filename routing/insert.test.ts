import { expect } from 'chai';
import fc from 'fast-check';
import { anyProblem, anyRichProblem, reordered } from './arbitrary-problem.ts';
import { checkPlan } from './check-plan.ts';
import { compile } from './compile.ts';
import { type Draft, fixedCount } from './draft.ts';
import { aJob, aProblem, aShift, inForce, onALine } from './fixtures.ts';
import { draftFromPlanInForce } from './in-force.ts';
import { insert, type Place } from './insert.ts';
import { insertAt } from './insertion.ts';
import type { Plan } from './plan.ts';
import type { Job, Problem } from './problem.ts';
import { planOf } from './report-plan.ts';
import { seconds } from './units.ts';

const NO_SEARCH = {
  seed: 0,
  iterations: 0,
  rounds: [],
  pace: { rounds: 0, filled: 0, steps: [] },
  maxChanges: null,
  forcedChanges: 0,
} as const;

/** The plan in force as it stands, and with the job at a place; null when it does not fit there. */
function planWith(problem: Problem, job: number, at: Pick<Place, 'shift' | 'position'> | null): Plan | null {
  const instance = compile(problem);
  const draft = draftFromPlanInForce(instance);
  if (at !== null && !insertAt(draft, instance.jobPlace[job]!, instance.shiftPlace[at.shift]!, at.position)) return null;
  return planOf(draft, NO_SEARCH);
}

/** What the plan costs but for the price of leaving the job out, whatever the worst lateness costs (insert looks at one shift). */
const costWithout = (problem: Problem, plan: Plan, job: number): number => {
  const out = plan.unassigned.some((left) => left.job === job);
  return plan.cost.total - (out ? (problem.jobs[job]?.waiting ?? 0) : 0);
};

/** A new job: the last of the list, in no plan, linked to none; and no price of the worst lateness, which is the whole plan's. */
const withNewJob = (problem: Problem): Problem => {
  const { worstLatePerSecond: _, ...weights } = problem.weights;
  const last = problem.jobs.length - 1;
  return {
    ...problem,
    weights,
    jobs: problem.jobs.map((job, j): Job => (j === last ? { ...job, inForce: null } : job)),
    ...(problem.links === undefined
      ? {}
      : { links: problem.links.filter(({ first, second }) => first !== last && second !== last) }),
  };
};
const aNewJobIn = (problems: fc.Arbitrary<Problem>): fc.Arbitrary<Problem> =>
  problems.filter(({ jobs }) => jobs.length > 0).map(withNewJob);

const everyPlace = (draft: Draft): Pick<Place, 'shift' | 'position'>[] =>
  draft.shifts.flatMap(({ sequence }, s) =>
    Array.from({ length: sequence.length + 1 - fixedCount(draft.instance, s) }, (_, k) => ({
      shift: draft.instance.shiftIndex[s]!,
      position: fixedCount(draft.instance, s) + k,
    })),
  );

describe('who could do one more job', () => {
  for (const [kind, problems] of [
    ['the rules of every city', anyProblem({ jobs: 7, shifts: 3 })],
    ['all rules', anyRichProblem({ jobs: 6, shifts: 3 })],
  ] as const) {
    it(`costs what the plan with it costs more, and no place is cheaper: ${kind}`, () => {
      let places = 0;
      fc.assert(
        fc.property(aNewJobIn(problems), (problem) => {
          const job = problem.jobs.length - 1;
          const now = planWith(problem, job, null)!;
          const before = costWithout(problem, now, job);
          const answer = insert(problem, job);
          const cheapest = new Map<number, number>();
          const draft = draftFromPlanInForce(compile(problem));
          for (const at of everyPlace(draft)) {
            if (!mayTakeInPlainWords(problem, job, at)) continue;
            const plan = planWith(problem, job, at);
            if (plan === null) continue;
            const extra = costWithout(problem, plan, job) - before;
            cheapest.set(at.shift, Math.min(extra, cheapest.get(at.shift) ?? Infinity));
          }
          expect(new Map(answer.map(({ shift, extraCost }) => [shift, extraCost]))).to.deep.equal(cheapest);
          expect(answer.map(({ extraCost }) => extraCost)).to.deep.equal([...cheapest.values()].sort((a, b) => a - b));
          for (const place of answer) {
            places++;
            expectSaid(problem, job, now, place);
          }
        }),
        { numRuns: 300 },
      );
      expect(places).to.be.greaterThan(100);
    });
  }

  it('is the same answer for whatever order the lists are in', () => {
    fc.assert(
      fc.property(
        aNewJobIn(anyProblem({ jobs: 6, shifts: 3 })).chain((problem) =>
          fc.record({
            problem: fc.constant(problem),
            shifts: fc.shuffledSubarray([...problem.shifts.keys()], { minLength: problem.shifts.length }),
            jobs: fc.shuffledSubarray([...problem.jobs.keys()], { minLength: problem.jobs.length }),
          }),
        ),
        ({ problem, shifts, jobs }) => {
          const job = problem.jobs.length - 1;
          const said = insert(problem, job).map((place) => inIds(problem, place));
          const other = reordered(problem, shifts, jobs);
          expect(insert(other, jobs.indexOf(job)).map((place) => inIds(other, place))).to.deep.equal(said);
          expect(insert(problem, job).map((place) => inIds(problem, place))).to.deep.equal(said);
        },
      ),
    );
  });

  it('says what slips, and by how much it is late then', () => {
    const travel = onALine([0, 100, 200]);
    const jobs = [
      aJob({ id: 'a', node: 2, due: seconds(300), inForce: inForce({ start: seconds(200) }) }),
      aJob({ id: 'new', node: 1, windows: [{ from: seconds(0), until: seconds(150) }] }),
    ];
    const [place] = insert(aProblem({ jobs, travel }), 1);
    expect(place).to.deep.include({ shift: 0, position: 0, start: 100, late: 0, extraTravel: 0 });
    expect(place?.slips).to.deep.equal([{ job: 0, seconds: 600, lateBefore: 0, lateAfter: 500 }]);
  });

  it('never goes before what is fixed, nor where a lock would break, nor to a crew that has declined', () => {
    const held = { start: seconds(0), position: 0 };
    const shifts = [aShift({ id: 'fixed' }), aShift({ id: 'locked' }), aShift({ id: 'declined' })];
    const jobs = [
      aJob({ id: 'a', inForce: inForce({ ...held, shift: 0, fixed: true }) }),
      aJob({ id: 'b', inForce: inForce({ ...held, shift: 1, lockTime: true }) }),
      aJob({ id: 'new', declinedBy: [2], windows: [{ from: seconds(0), until: seconds(599) }] }),
    ];
    expect(insert(aProblem({ shifts, jobs }), 2)).to.deep.equal([]);
    const later = jobs.with(2, { ...jobs[2]!, windows: [{ from: seconds(0), until: seconds(600) }] });
    expect(insert(aProblem({ shifts, jobs: later }), 2).map(({ shift, position }) => [shift, position])).to.deep.equal([
      [0, 1],
      [1, 1],
    ]);
  });

  it('answers nothing for a linked job, and refuses one that is not there', () => {
    const jobs = [aJob({ id: 'a' }), aJob({ id: 'b' })];
    const links = [{ first: 0, second: 1, leastLag: seconds(0), mostLag: seconds(0) }];
    expect(insert(aProblem({ jobs, links }), 0)).to.deep.equal([]);
    expect(insert(aProblem({ jobs }), 0)).to.have.length(1);
    expect(() => insert(aProblem({ jobs }), 2)).to.throw(RangeError);
  });
});

const inIds = (problem: Problem, { shift, slips, ...place }: Place) => ({
  ...place,
  shift: problem.shifts[shift]?.id,
  slips: slips.map((slip) => ({ ...slip, job: problem.jobs[slip.job]?.id })),
});

/** Whether the checker has nothing against the crew doing the job there, the plan in force taken as it is. */
function mayTakeInPlainWords(problem: Problem, job: number, at: Pick<Place, 'shift' | 'position'>): boolean {
  const plan = planWith(problem, job, at);
  return plan !== null && violationsOf(problem, plan).length === 0;
}

const violationsOf = (problem: Problem, plan: Plan) => checkPlan(problem, plan, { changesInForce: plan.changes });

/** The answer's figures are those of the plan that has the job there, which breaks no rule. */
function expectSaid(problem: Problem, job: number, now: Plan, place: Place): void {
  const then = planWith(problem, job, place)!;
  expect(violationsOf(problem, then)).to.deep.equal([]);
  const [before, after] = [now, then].map((plan) => plan.shifts.find(({ shift }) => shift === place.shift)!);
  const stop = after!.stops[place.position];
  expect(stop).to.include({ job, start: place.start, late: place.late });
  expect(place.extraTravel).to.equal(after!.travel - before!.travel);
  expect(place.extraMetres).to.equal(after!.metres - before!.metres);
  expect(place.extraOvertime).to.equal(after!.overtime - before!.overtime);
  const slips = before!.stops.flatMap((old) => {
    const moved = after!.stops.find((other) => other.job === old.job)!;
    if (moved.start <= old.start) return [];
    return [{ job: old.job, seconds: moved.start - old.start, lateBefore: old.late, lateAfter: moved.late }];
  });
  expect(place.slips).to.deep.equal(slips);
}
