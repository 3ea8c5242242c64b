import { expect } from 'chai';
import fc from 'fast-check';
import { loadHighs } from '../recombination/highs.ts';
import { type AssignmentProblem, costOf, NO_ARC, NOBODY } from './assignment.ts';
import { objectiveByHighs } from './by-highs.fixtures.ts';
import { checkCertificate } from './certificate.ts';
import { ProgrammeFailed } from './programme.ts';
import { NotExact, solveAssignment } from './solve-assignment.ts';

const go = { stopped: () => false };

const problemOf = (cost: number[][], waiting: number[], capacity?: number[]): AssignmentProblem => ({
  jobs: waiting.length,
  crews: cost[0]?.length ?? 0,
  cost: Float64Array.from(cost.flat()),
  waiting: Float64Array.from(waiting),
  capacity: Int32Array.from(capacity ?? (cost[0] ?? []).map(() => 1)),
});

function bruteForce(problem: AssignmentProblem): number {
  const room = [...problem.capacity];
  const best = (i: number): number => {
    if (i === problem.jobs) return 0;
    let least = problem.waiting[i]! + best(i + 1);
    for (let j = 0; j < problem.crews; j++) {
      if (room[j] === 0 || problem.cost[i * problem.crews + j] === NO_ARC) continue;
      room[j]!--;
      least = Math.min(least, problem.cost[i * problem.crews + j]! + best(i + 1));
      room[j]!++;
    }
    return least;
  };
  return best(0);
}

const anyAssignment = (mostJobs: number, mostCrews: number, mostCost: number): fc.Arbitrary<AssignmentProblem> =>
  fc.tuple(fc.nat(mostJobs), fc.nat(mostCrews)).chain(([jobs, crews]) =>
    fc.record({
      jobs: fc.constant(jobs),
      crews: fc.constant(crews),
      cost: fc
        .array(
          fc.oneof(
            { weight: 4, arbitrary: fc.integer({ min: -5, max: mostCost }) },
            { weight: 1, arbitrary: fc.constant(NO_ARC) },
          ),
          {
            minLength: jobs * crews,
            maxLength: jobs * crews,
          },
        )
        .map((cells) => Float64Array.from(cells)),
      waiting: fc.array(fc.nat(mostCost), { minLength: jobs, maxLength: jobs }).map((prices) => Float64Array.from(prices)),
      capacity: fc.array(fc.nat(3), { minLength: crews, maxLength: crews }).map((places) => Int32Array.from(places)),
    }),
  );

describe('solveAssignment', () => {
  it('gives each crew its job at the least sum, not greedily', () => {
    const problem = problemOf(
      [
        [1, 2],
        [2, 9],
      ],
      [50, 50],
    );
    const answer = solveAssignment(problem, go);
    expect([...answer.crewOf]).to.deep.equal([1, 0]);
    expect(answer).to.deep.include({ status: 'optimal', objective: 4, certified: true, arcs: 4, allArcs: 4 });
  });

  it('leaves a job with nobody when waiting is cheaper, and says what one more place would save', () => {
    const problem = problemOf([[10], [20], [95]], [100, 90, 90]);
    const answer = solveAssignment(problem, go);
    expect([...answer.crewOf]).to.deep.equal([0, NOBODY, NOBODY]);
    expect([...answer.prices.crew]).to.deep.equal([70]);
  });

  it('answers for no job, no crew, no arc and no place', () => {
    expect(solveAssignment(problemOf([], []), go)).to.deep.include({ objective: 0, certified: true, allArcs: 0 });
    expect(solveAssignment(problemOf([[], []], [3, 4]), go)).to.deep.include({ objective: 7, certified: true });
    expect(solveAssignment(problemOf([[NO_ARC]], [5]), go)).to.deep.include({ objective: 5, certified: true });
    expect(solveAssignment(problemOf([[1]], [5], [0]), go)).to.deep.include({ objective: 5, certified: true });
  });

  it('costs what brute force finds, by either method, certified, with arcs left out or all in (ties included)', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyAssignment(5, 4, 40), anyAssignment(5, 4, 3)),
        fc.constantFrom(1, 2, Infinity),
        fc.constantFrom(-1, 2_500),
        (problem, firstArcsPerPlace, mostArcsBySimplex) => {
          const answer = solveAssignment(problem, { ...go, firstArcsPerPlace, fewArcs: 0, mostArcsBySimplex });
          expect(answer.objective).to.equal(bruteForce(problem));
          expect(costOf(problem, answer.crewOf)).to.equal(answer.objective);
          expect(answer.certified).to.equal(true);
          expect(checkCertificate(problem, answer.crewOf, answer.prices).faults).to.deep.equal([]);
        },
      ),
      { numRuns: 800 },
    );
  });

  it('prices a crew at exactly what one more place on it saves', () => {
    fc.assert(
      fc.property(anyAssignment(5, 3, 20), fc.constantFrom(-1, 2_500), (problem, mostArcsBySimplex) => {
        const { objective, prices } = solveAssignment(problem, { ...go, mostArcsBySimplex });
        for (let crew = 0; crew < problem.crews; crew++) {
          const capacity = problem.capacity.map((places, j) => (j === crew ? places + 1 : places));
          expect(prices.crew[crew]).to.equal(objective - bruteForce({ ...problem, capacity }));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('costs and prices the same by both methods, and however jobs and crews are ordered', () => {
    const anyOrder = fc.oneof(anyAssignment(40, 12, 300), anyAssignment(30, 8, 2)).chain((problem) =>
      fc.record({
        problem: fc.constant(problem),
        jobs: fc.shuffledSubarray([...problem.waiting.keys()], { minLength: problem.jobs }),
        crews: fc.shuffledSubarray([...problem.capacity.keys()], { minLength: problem.crews }),
      }),
    );
    fc.assert(
      fc.property(anyOrder, ({ problem, jobs, crews }) => {
        const paths = solveAssignment(problem, { ...go, mostArcsBySimplex: -1 });
        expect(paths).to.deep.include({ method: 'shortest_paths', certified: true });
        const simplex = solveAssignment(problem, go);
        const shuffled: AssignmentProblem = {
          jobs: problem.jobs,
          crews: problem.crews,
          cost: Float64Array.from(jobs.flatMap((i) => crews.map((j) => problem.cost[i * problem.crews + j]!))),
          waiting: Float64Array.from(jobs, (i) => problem.waiting[i]!),
          capacity: Int32Array.from(crews, (j) => problem.capacity[j]!),
        };
        const other = solveAssignment(shuffled, { ...go, mostArcsBySimplex: -1 });
        expect([simplex.objective, other.objective]).to.deep.equal([paths.objective, paths.objective]);
        expect([...simplex.prices.crew]).to.deep.equal([...paths.prices.crew]);
        expect([...other.prices.crew]).to.deep.equal(crews.map((j) => paths.prices.crew[j]));
      }),
      { numRuns: 150 },
    );
  });

  it('costs what HiGHS finds, by either method', async () => {
    const highs = await loadHighs();
    fc.assert(
      fc.property(anyAssignment(60, 15, 500), fc.constantFrom(-1, 2_500), (problem, mostArcsBySimplex) => {
        const { objective } = solveAssignment(problem, { ...go, mostArcsBySimplex });
        expect(objectiveByHighs(highs, problem)).to.be.closeTo(objective, 1e-6 * (1 + Math.abs(objective)));
      }),
      { numRuns: 60 },
    );
  });

  it('costs the same with few arcs as with all of them, on larger problems', () => {
    fc.assert(
      fc.property(anyAssignment(40, 12, 300), (problem) => {
        const few = solveAssignment(problem, { ...go, firstArcsPerPlace: 2, fewArcs: 0 });
        const all = solveAssignment(problem, { ...go, firstArcsPerPlace: Infinity });
        expect(few.objective).to.equal(all.objective);
        expect(few.certified && all.certified).to.equal(true);
        expect(all.pricingRounds).to.equal(0);
        expect(few.arcs).to.be.at.most(few.allArcs);
      }),
      { numRuns: 60 },
    );
  });

  it('uses shortest paths beyond 2,500 arcs, and gives the same answer each time when all cost the same', () => {
    const cost = Array.from({ length: 90 }, () => new Array<number>(30).fill(7));
    const problem = problemOf(cost, new Array<number>(90).fill(9), new Array<number>(30).fill(2));
    const answer = solveAssignment(problem, go);
    expect(answer).to.deep.include({ method: 'shortest_paths', status: 'optimal', certified: true, allArcs: 2_700 });
    expect(answer.objective).to.equal(60 * 7 + 30 * 9);
    expect(solveAssignment(problem, go)).to.deep.equal(answer);
  });

  it('stays exact with huge costs, and refuses those with which it would not', () => {
    const huge = 1e13;
    const problem = problemOf(
      [
        [huge - 1, huge],
        [huge - 3, huge - 1],
        [NO_ARC, 1 - huge],
      ],
      [huge, huge, huge],
    );
    for (const mostArcsBySimplex of [-1, 2_500]) {
      const answer = solveAssignment(problem, { ...go, mostArcsBySimplex });
      expect(answer).to.deep.include({ objective: huge - 2, certified: true });
    }
    expect(() => solveAssignment(problemOf([[1e16]], [5]), go)).to.throw(NotExact);
    expect(() => solveAssignment(problemOf([[1.5]], [5]), go)).to.throw(NotExact);
    expect(() => solveAssignment(problemOf([[1]], [NaN]), go)).to.throw(NotExact);
  });

  it('turns to shortest paths when the programme fails or is not optimal', () => {
    const problem = problemOf(
      [
        [1, 2],
        [2, 9],
      ],
      [50, 50],
    );
    const failing = (): never => {
      throw new ProgrammeFailed('cycled');
    };
    const wrong = (): Int32Array => Int32Array.from([0, 1]);
    for (const programme of [failing, wrong]) {
      const answer = solveAssignment(problem, { ...go, programme });
      expect(answer).to.deep.include({ method: 'shortest_paths', status: 'optimal', objective: 4, certified: true });
    }
  });

  it('gives the best it has when it is stopped, and claims nothing', () => {
    const answer = solveAssignment(problemOf([[1]], [5]), { stopped: () => true });
    expect(answer).to.deep.include({ status: 'stopped', objective: 5, certified: false });
    const cost = Array.from({ length: 100 }, (_, i) => Array.from({ length: 30 }, (__, j) => ((i * 37 + j * 91) % 211) + 1));
    const problem = problemOf(cost, new Array<number>(100).fill(300));
    let asked = 0;
    const halfway = solveAssignment(problem, { stopped: () => ++asked > 2 });
    expect(halfway).to.deep.include({ method: 'shortest_paths', status: 'stopped', certified: false });
    expect(halfway.crewOf.filter((crew) => crew !== NOBODY).length).to.be.within(1, 30);
    expect(costOf(problem, halfway.crewOf)).to.equal(halfway.objective);
  });
});

describe('checkCertificate', () => {
  const problem = problemOf(
    [
      [1, 2],
      [2, 9],
    ],
    [50, 50],
  );
  const { crewOf, prices } = solveAssignment(problem, go);

  it('accepts prices that prove the assignment', () => {
    expect(checkCertificate(problem, crewOf, prices)).to.deep.include({ valid: true, primal: 4, dual: 4 });
  });

  it('refuses a dearer assignment, too many jobs on a crew, an arc that does not exist and a crew that does not', () => {
    expect(checkCertificate(problem, Int32Array.from([0, 1]), prices).valid).to.equal(false);
    expect(checkCertificate(problem, Int32Array.from([0, 0]), prices).faults[0]).to.equal('crew 0 takes 2 of 1');
    expect(checkCertificate(problem, Int32Array.from([0, 7]), prices).faults[0]).to.equal('job 1 has crew 7');
    const closed = problemOf(
      [
        [NO_ARC, 2],
        [2, NO_ARC],
      ],
      [50, 50],
    );
    expect(checkCertificate(closed, Int32Array.from([0, NOBODY]), prices).valid).to.equal(false);
  });

  it('refuses prices that are too high anywhere, negative, missing or not numbers', () => {
    const job = (by: number): Float64Array => prices.job.map((price, i) => (i === 0 ? price + by : price));
    expect(checkCertificate(problem, crewOf, { ...prices, job: job(1) }).valid).to.equal(false);
    expect(checkCertificate(problem, crewOf, { ...prices, job: job(-1) }).valid).to.equal(false);
    expect(checkCertificate(problem, crewOf, { ...prices, job: job(NaN) }).valid).to.equal(false);
    expect(checkCertificate(problem, crewOf, { ...prices, crew: Float64Array.from([-1, 0]) }).valid).to.equal(false);
    expect(checkCertificate(problem, crewOf, { job: new Float64Array(0), crew: new Float64Array(0) }).valid).to.equal(false);
  });
});
