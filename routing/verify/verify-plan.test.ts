import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from '../arbitrary-problem.ts';
import { bruteForce } from '../brute-force.ts';
import type { Certificate } from '../certificate.ts';
import { plainPlan } from '../check/plain-plan.ts';
import { type PlanDocument, readPlanDocument, UnreadableDocument, writePlanDocument } from '../documents/plan-document.ts';
import { aJob, aProblem, aShift, inForce, onALine, someWeights } from '../fixtures.ts';
import type { Plan } from '../plan.ts';
import type { Problem } from '../problem.ts';
import { seconds } from '../units.ts';
import { anyDearWish, anyFullDay, anyWish, certificateOf, tightest } from './certificates.fixtures.ts';
import { outcomeOf, type Refusal, sayRefusal } from './verdict.ts';
import { verifyPlan } from './verify-plan.ts';

/** One crew at 0, three jobs 100, 200 and 300 s down the road, each worth 5,000: all done, and home again, for 600. */
const problem = aProblem({ jobs: [1, 2, 3].map((node) => aJob({ id: `job-${node}`, node })) });
const plan = plainPlan(problem, [[0, 1, 2]])!;
/** Each job pays its share of the way: the whole route costs nothing after prices, and no other one costs less. */
const certificate: Certificate = {
  version: 1,
  kind: 'routes',
  bound: 600,
  jobPrices: [200, 200, 200],
  cuts: [],
  shiftLeast: [0],
  relaxed: ['repeated_visits'],
};

const codesOf = (problemOf: Problem, planOf: Plan, one: Certificate | null): string[] => {
  const { accepted, refusals, bound } = verifyPlan(problemOf, planOf, one);
  expect(accepted).to.equal(refusals.length === 0);
  if (!accepted) expect(bound).to.equal(null);
  for (const refusal of refusals) expect(sayRefusal(refusal)).to.match(/^[a-z].+/);
  return refusals.map(({ code }) => code);
};
const codes = (over: object): string[] => codesOf(problem, plan, { ...certificate, ...over });

describe('verifyPlan', function () {
  this.timeout(60_000);

  it('accepts a plan that is proven to be the best', () => {
    const { seconds: took, ...verdict } = verifyPlan(problem, plan, certificate);
    expect(verdict).to.deep.equal({
      accepted: true,
      cost: 600,
      bound: 600,
      gapPercent: 0,
      kind: 'routes',
      relaxed: ['repeated_visits'],
      checked: { shifts: 1, jobs: 3, stops: 3, routeClasses: 1, labels: verdict.checked.labels },
      refusals: [],
    });
    expect(took).to.be.at.least(0);
  });

  it('says the gap in percent of the cost', () => {
    const worse = plainPlan(problem, [[1, 0, 2]])!;
    expect(worse.cost.total).to.equal(800);
    expect(verifyPlan(problem, worse, certificate)).to.include({ accepted: true, gapPercent: 25 });
  });

  it('judges a plan without a certificate by its rules alone', () => {
    expect(verifyPlan(problem, plan, null)).to.deep.include({ accepted: true, bound: null, gapPercent: null, kind: null });
    expect(codesOf(problem, { ...plan, bound: 600 }, null)).to.deep.equal(['bound_without_certificate']);
    expect(codesOf(problem, { ...plan, bound: 599 }, certificate)).to.deep.equal(['bound_of_plan_differs']);
    expect(codesOf(problem, { ...plan, bound: 600 }, certificate)).to.deep.equal([]);
  });

  it('refuses a plan that breaks a rule or says a wrong cost, with the violation', () => {
    const cheaper = { ...plan, cost: { ...plan.cost, travel: 500, total: 500 } };
    expect(codesOf(problem, cheaper, certificate)).to.deep.equal(['plan_wrong', 'plan_wrong']);
    const [first] = verifyPlan(problem, cheaper, null).refusals;
    expect(sayRefusal(first!)).to.equal('the plan is wrong: cost_wrong: travel is 500, recomputed 600');
    const [day] = plan.shifts;
    const twice = { ...plan, shifts: [{ ...day!, stops: [...day!.stops, day!.stops[0]!] }] };
    expect(codesOf(problem, twice, certificate)).to.include('plan_wrong');
  });

  it('refuses what is wrong in a certificate, each with its name', () => {
    expect(codes({ version: 2 })).to.deep.equal(['version_unknown']);
    expect(codes({ kind: 'guess' })).to.deep.equal(['kind_unknown']);
    expect(codes({ relaxed: ['lunch'] })).to.deep.equal(['relaxed_rule_wrong']);
    expect(codes({ relaxed: ['breaks', 'breaks'] })).to.deep.equal(['relaxed_rule_wrong']);
    expect(codes({ relaxed: ['breaks', 'repeated_visits'] })).to.deep.equal(['relaxed_rule_wrong']);
    expect(codes({ jobPrices: [200, 200] })).to.deep.equal(['length_wrong']);
    expect(codes({ shiftLeast: [] })).to.deep.equal(['length_wrong']);
    expect(codes({ jobPrices: [200, 200.5, 200] })).to.deep.equal(['not_a_whole_number']);
    expect(codes({ bound: NaN })).to.deep.equal(['not_a_whole_number']);
    expect(codes({ shiftLeast: [2 ** 60] })).to.deep.equal(['not_a_whole_number']);
    expect(codes({ jobPrices: [5_001, 200, 200], bound: 5_401 })).to.deep.equal(['price_above_leaving_out']);
    expect(codes({ bound: 601 })).to.deep.equal(['bound_not_the_sum']);
    expect(codes({ bound: 601, shiftLeast: [1] })).to.deep.equal(['bound_above_cost', 'cheaper_route']);
  });

  it('refuses cuts of equal, unsorted or unknown jobs, and those that would pay', () => {
    const cut = (jobs: unknown, price: unknown): string[] => codes({ cuts: [{ jobs, price }], bound: 600 - Number(price) });
    expect(cut([0, 1, 2], 0)).to.deep.equal([]);
    expect(cut([0, 1, 2], 5)).to.deep.equal([]);
    for (const jobs of [[0, 1, 1], [1, 0, 2], [0, 1, 3], [0, 1], [-1, 0, 1], [0, 0.5, 1], null]) {
      expect(cut(jobs, 0)).to.deep.equal(['cut_jobs_wrong']);
    }
    expect(cut([0, 1, 2], -5)).to.deep.equal(['cut_price_negative']);
    expect(cut([0, 1, 2], 0.5)).to.deep.equal(['not_a_whole_number', 'not_a_whole_number']);
  });

  it('names a route that is cheaper than claimed, and what it costs', () => {
    const dear = { ...certificate, jobPrices: [200, 250, 200], bound: 650, shiftLeast: [0] };
    const found = verifyPlan(problem, plan, dear).refusals.find(({ code }) => code === 'cheaper_route') as Refusal & {
      cost: number;
    };
    expect(found).to.include({ shift: 0, least: 0 });
    expect(found.cost).to.be.lessThan(0);
    const proven = { ...dear, bound: 600, shiftLeast: [-50] };
    expect(verifyPlan(problem, plan, proven)).to.include({ accepted: true, bound: 600 });
  });

  it('lets a fixed job have no price, and counts what no road reaches', () => {
    const travel = onALine([0, 100]);
    travel.seconds[1] = -1;
    const far = aProblem({ travel, jobs: [aJob({ node: 1, inForce: inForce({ fixed: true }) })] });
    const none = bruteForce(far)!.plan;
    const empty = { ...certificate, jobPrices: [0], shiftLeast: [0], bound: 5_000 };
    expect(none.cost.total).to.equal(5_000);
    expect(codesOf(far, none, empty)).to.deep.equal([]);
    expect(codesOf(far, none, { ...empty, jobPrices: [1], bound: 5_001 })).to.deep.equal(['price_of_fixed_job']);
  });

  it('gives up, and does not accept, when there are too many partial routes or figures too large to add', () => {
    const { refusals } = verifyPlan(
      problem,
      plan,
      { ...certificate, jobPrices: [5_000, 5_000, 5_000], shiftLeast: [-14_400] },
      { mostLabels: 0 },
    );
    expect(refusals.map(({ code }) => code)).to.deep.equal(['not_proven']);
    const huge = aProblem({
      jobs: [aJob({ node: 1, due: seconds(0), latePerSecond: 1_000_000, severeAfter: seconds(0), severePerSecond: 1_000_000 })],
      shifts: [aShift({ from: seconds(0), until: seconds(1_000_000_000), overtime: seconds(1_000_000_000) })],
      weights: someWeights({ overtimePerSecond: 1_000_000 }),
    });
    const zero = { ...certificate, jobPrices: [0], shiftLeast: [0], bound: 0 };
    expect(codesOf(huge, plainPlan(huge, [[]])!, zero)).to.deep.equal(['not_proven']);
  });

  it('proves with steps that take no time, and circles of them', () => {
    const here = aProblem({
      jobs: Array.from({ length: 6 }, (_, j) => aJob({ id: `job-${j}`, service: seconds(0) })),
      shifts: [aShift({ endNode: null })],
    });
    const all = plainPlan(here, [[0, 1, 2, 3, 4, 5]])!;
    const paid = { ...certificate, jobPrices: Array(6).fill(1_000), shiftLeast: [-6_000], bound: 0 };
    expect(codesOf(here, all, paid)).to.deep.equal([]);
    expect(codesOf(here, all, { ...paid, shiftLeast: [-5_999], bound: 1 })).to.include('cheaper_route');
  });

  it('proves shifts that are alike once, at the most that any of them claims', () => {
    const two = { ...problem, shifts: ['a', 'b', 'c'].map((id) => aShift({ id })) };
    const one = plainPlan(two, [[0, 1, 2], [], []])!;
    const three = { ...certificate, shiftLeast: [0, 0, 0] };
    expect(verifyPlan(two, one, three).checked.routeClasses).to.equal(1);
    expect(codesOf(two, one, { ...three, shiftLeast: [-1, 0, -1], bound: 598 })).to.deep.equal([]);
    expect(codesOf(two, one, { ...three, shiftLeast: [-1, 1, 0] })).to.deep.equal(['cheaper_route']);
  });

  it('proves arrivals by the cheapest way to each job, and nothing that takes whole routes', () => {
    const byArrivals: Certificate = { ...certificate, kind: 'arrivals', jobPrices: [100, 100, 100], bound: 300 };
    expect(verifyPlan(problem, plan, byArrivals)).to.include({ accepted: true, kind: 'arrivals', bound: 300 });
    expect(codes({ kind: 'arrivals' })).to.deep.equal(['not_proven']);
    expect(outcomeOf(verifyPlan(problem, plan, byArrivals))).to.equal('accepted');
    // True, but more than arrivals can show; then with a number that is wrong besides.
    expect(outcomeOf(verifyPlan(problem, plan, { ...certificate, kind: 'arrivals' }))).to.equal('unproven');
    expect(
      outcomeOf(verifyPlan(problem, { ...plan, bound: certificate.bound - 1 }, { ...certificate, kind: 'arrivals' })),
    ).to.equal('refused');
  });

  it('refuses a certificate in which any one number is changed', () => {
    let changes = 0;
    fc.assert(
      fc.property(anyFullDay, anyDearWish, fc.nat(), fc.constantFrom(-1_000, -7, -1, 1, 7, 1_000), (day, wish, pick, by) => {
        const best = bruteForce(day)!.plan;
        const { certificate: sound, verdict } = tightest(day, best, wish);
        if (!verdict.accepted) return;
        const text = JSON.stringify(sound);
        const numbers = [...text.matchAll(/-?\d+/g)];
        const { index, 0: was } = numbers[pick % numbers.length]!;
        const changed = `${text.slice(0, index)}${Number(was) + by}${text.slice(index + was.length)}`;
        const inCut = text.slice(0, index).lastIndexOf('"jobs":') > text.slice(0, index).lastIndexOf('"price":');
        const again = verifyPlan(day, best, JSON.parse(changed) as Certificate);
        if (text.slice(0, index).includes('"cuts":') && !text.slice(0, index).includes('"shiftLeast":') && inCut) {
          // Another job in a cut may be as true: what is accepted then is what was accepted before.
          if (again.accepted) expect(again.bound).to.equal(sound.bound);
        } else expect(again.accepted, changed).to.equal(false);
        changes++;
      }),
      { numRuns: 200 },
    );
    expect(changes).to.be.greaterThan(100);
  });

  it('judges whatever can be read, and never fails at it', () => {
    let judged = 0;
    fc.assert(
      fc.property(
        anyRichProblem({ shifts: 2, jobs: 4 }),
        anyWish,
        fc.nat(),
        fc.constantFrom(-1, 1, 5, 1e9, -1e9),
        (rich, wish, pick, to) => {
          const best = bruteForce(rich)?.plan;
          fc.pre(best !== undefined);
          const sound = tightest(rich, best, wish).certificate;
          const text = writePlanDocument({
            problem: rich,
            plan: best,
            certificate: sound,
            madeBy: { engine: '', planId: null, madeAt: null },
          });
          const numbers = [...text.matchAll(/(?<=[:[,])-?\d+(?=[,\]}])/g)];
          const { index, 0: was } = numbers[pick % numbers.length]!;
          let changed: PlanDocument;
          try {
            changed = readPlanDocument(JSON.parse(`${text.slice(0, index)}${to}${text.slice(index + was.length)}`));
          } catch (error) {
            if (error instanceof UnreadableDocument) return;
            throw error;
          }
          judged++;
          const { accepted, refusals } = verifyPlan(changed.problem, changed.plan, changed.certificate, { mostLabels: 10_000 });
          expect(accepted).to.equal(refusals.length === 0);
          refusals.forEach(sayRefusal);
        },
      ),
      { numRuns: 300 },
    );
    expect(judged).to.be.greaterThan(150);
  });

  it('accepts no certificate of another problem', () => {
    const nearer = { ...problem, travel: onALine([0, 90, 190, 290, 390, 490, 590, 690, 790, 890]) };
    const { verdict } = tightest(nearer, plainPlan(nearer, [[0, 1, 2]])!, { shares: [40, 40, 40], cuts: [] });
    expect(verdict.accepted).to.equal(true);
    expect(codesOf(nearer, plainPlan(nearer, [[0, 1, 2]])!, certificate)).to.include('cheaper_route');
    expect(certificateOf(problem, { shares: [40, 40, 40], cuts: [] }, [0])).to.deep.equal(certificate);
  });
});
