import { expect } from 'chai';
import fc from 'fast-check';
import { anyRichProblem } from './arbitrary-problem.ts';
import { bruteForce } from './brute-force.ts';
import type { Cost, Plan } from './plan.ts';
import type { Job, Problem, Shift } from './problem.ts';

const RUNS = 300;

describe('random problems with every rule', () => {
  const seen = new Map<string, number>();
  const count = (name: string, is: boolean): void => void seen.set(name, (seen.get(name) ?? 0) + (is ? 1 : 0));

  before(() => {
    fc.assert(
      fc.property(anyRichProblem({ jobs: 4, shifts: 3 }), (problem) => {
        const { plan } = bruteForce(problem)!;
        countRules(problem, plan);
      }),
      { numRuns: RUNS, seed: 11 },
    );
  });

  /** A rule counts where a crew with a stop, or a job that is done, has it. */
  function countRules(problem: Problem, plan: Plan): void {
    const crews = plan.shifts.filter(({ stops }) => stops.length > 0).map(({ shift }) => problem.shifts[shift]!);
    const jobs = plan.shifts.flatMap(({ stops }) => stops.map(({ job }) => problem.jobs[job]!));
    const crew = (name: keyof Shift): void =>
      count(
        name,
        crews.some((shift) => shift[name] !== undefined),
      );
    const job = (name: keyof Job): void =>
      count(
        name,
        jobs.some((it) => it[name] !== undefined),
      );
    (['windows', 'skillLevels', 'capacity', 'travelPercent', 'servicePercent', 'areas', 'rates'] as const).forEach(crew);
    (['maxJobs', 'maxTravel', 'maxDuration', 'fairWork'] as const).forEach(crew);
    (['severeAfter', 'skillLevels', 'preferredLevels', 'area', 'uses', 'collects'] as const).forEach(job);
    count('speedByTime', crews.length > 0 && problem.travel.speedByTime !== undefined);
    const done = new Set(jobs);
    const links = (problem.links ?? []).filter(
      ({ first, second }) => done.has(problem.jobs[first]!) && done.has(problem.jobs[second]!),
    );
    count('links', links.length > 0);
    count(
      'sameShift',
      links.some(({ sameShift }) => sameShift === true),
    );
    count('two jobs done', jobs.length >= 2);
    for (const name of Object.keys(plan.cost) as (keyof Cost)[]) count(`cost ${name}`, plan.cost[name] > 0);
  }

  it('have each rule, and each term of the cost, in a fair share of the best plans', () => {
    const rare = [...seen].filter(([, times]) => times < RUNS / 100);
    expect(rare).to.deep.equal([]);
    expect(seen.get('two jobs done')).to.be.above(RUNS / 2);
  });
});
