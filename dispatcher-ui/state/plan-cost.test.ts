import { expect } from 'chai';
import fc from 'fast-check';
import { PlanCost } from '../../server/stores/plans/contract.ts';
import { costRows, dearestTerms, differenceText, drivingMinutes } from './plan-cost.ts';

const TERMS = (Object.keys(PlanCost.shape) as (keyof PlanCost)[]).filter((term) => term !== 'total');

const costOf = (terms: Partial<PlanCost>): PlanCost => {
  const cost = Object.fromEntries(TERMS.map((term) => [term, terms[term] ?? 0])) as Omit<PlanCost, 'total'>;
  return { ...cost, total: TERMS.reduce((sum, term) => sum + (terms[term] ?? 0), 0) };
};

const costs = fc
  .record(Object.fromEntries(TERMS.map((term) => [term, fc.oneof(fc.constant(0), fc.nat(1_000_000))])))
  .map((terms) => costOf(terms));

describe('what a plan costs, on the screen', () => {
  it('names the terms that are not 0 in both, and the total last', () => {
    expect(costRows(costOf({ travel: 500, change: 40 }), costOf({ travel: 620, unserved: 900 }))).to.deep.equal([
      { term: 'unserved', now: 900, draft: 0, difference: -900 },
      { term: 'travel', now: 620, draft: 500, difference: -120 },
      { term: 'change', now: 0, draft: 40, difference: 40 },
      { term: 'total', now: 1_520, draft: 540, difference: -980 },
    ]);
  });

  it('says of an older plan what it costs, and nothing of what was in force', () => {
    expect(costRows(costOf({ late: 7 }), null)).to.deep.equal([
      { term: 'late', now: null, draft: 7, difference: null },
      { term: 'total', now: null, draft: 7, difference: null },
    ]);
  });

  it('adds up in every column', () => {
    fc.assert(
      fc.property(costs, costs, (draft, now) => {
        const rows = costRows(draft, now);
        for (const column of ['now', 'draft', 'difference'] as const) {
          const sum = rows.slice(0, -1).reduce((all, row) => all + row[column]!, 0);
          expect(rows.at(-1)![column]).to.equal(sum);
        }
      }),
    );
  });

  it('names the dearest terms first', () => {
    expect(dearestTerms(costOf({ late: 5, travel: 50, unserved: 9 }), 2)).to.deep.equal(['travel', 'unserved']);
    expect(dearestTerms(costOf({}), 4)).to.deep.equal([]);
  });

  it('writes a difference with its sign, and knows what it is in driving', () => {
    expect([-1_234, 0, 12_345].map(differenceText)).to.deep.equal(['−1,234', '0', '+12,345']);
    expect(drivingMinutes(-1_800, 600)).to.equal(3);
    expect(drivingMinutes(1_800, 0)).to.equal(null);
  });
});
