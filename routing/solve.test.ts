import { expect } from 'chai';
import { checkPlan } from './check-plan.ts';
import { aJob, aProblem, aShift, inForce, onALine, someWeights } from './fixtures.ts';
import type { Plan } from './plan.ts';
import type { Problem } from './problem.ts';
import { random } from './search/random.ts';
import { afterIterations } from './search/stop.ts';
import { solve } from './solve.ts';
import { seconds } from './units.ts';

const plan = (problem: Problem, iterations = 60, seed = 1): Plan => solve(problem, { seed, stop: afterIterations(iterations) });
const stopsOf = (made: Plan, shift = 0): number[] => made.shifts[shift]?.stops.map((stop) => stop.job) ?? [];

describe('solve', () => {
  it('has a plan for no crew and for no job', () => {
    expect(plan(aProblem({ shifts: [], jobs: [] }))).to.deep.include({ shifts: [], unassigned: [] });
    expect(plan(aProblem({ shifts: [], jobs: [aJob()] })).unassigned).to.deep.equal([
      { job: 0, reason: { code: 'no_crew_on_shift' } },
    ]);
    const idle = plan(aProblem({ jobs: [] }));
    expect(idle.shifts).to.have.length(1);
    expect(idle.cost.total).to.equal(0);
  });

  it('brings jobs into the order that drives least', () => {
    const jobs = [5, 1, 3, 2, 4].map((node) => aJob({ id: `at-${node}`, node, service: seconds(60) }));
    const made = plan(aProblem({ jobs }), 200);
    expect(made.shifts[0]?.travel).to.equal(1_000);
    expect(made.unassigned).to.deep.equal([]);
  });

  it('says why a job is left out', () => {
    const reasonOf = (problem: Problem): unknown => plan(problem).unassigned[0]?.reason;
    const skilled = aJob({ skills: ['water', 'signs'] });
    expect(reasonOf(aProblem({ shifts: [aShift({ skills: ['signs'] })], jobs: [skilled] }))).to.deep.equal({
      code: 'no_crew_with_skills',
      missing: ['water'],
    });
    expect(reasonOf(aProblem({ jobs: [aJob({ plant: ['digger'] })] }))).to.deep.equal({
      code: 'no_crew_with_plant',
      missing: ['digger'],
    });
    const island = { ...onALine([0, 100]), seconds: Int32Array.from([0, -1, -1, 0]) };
    expect(reasonOf(aProblem({ travel: island, jobs: [aJob({ node: 1 })] }))).to.deep.equal({ code: 'unreachable' });
    const past = aJob({ windows: [{ from: seconds(0), until: seconds(50) }], node: 1 });
    expect(reasonOf(aProblem({ jobs: [past] }))).to.deep.equal({ code: 'windows_do_not_fit' });
    expect(reasonOf(aProblem({ jobs: [aJob({ service: seconds(20_000) })] }))).to.deep.equal({
      code: 'longer_than_any_shift',
      neededSeconds: 20_000,
      mostSeconds: 10_000,
    });
    expect(reasonOf(aProblem({ now: seconds(10_000), jobs: [aJob()] }))).to.deep.equal({ code: 'no_crew_on_shift' });
    const noon = { id: 'lunch', window: { from: seconds(4_000), until: seconds(4_500) }, length: seconds(1_800) };
    expect(reasonOf(aProblem({ shifts: [aShift({ breaks: [noon] })], jobs: [aJob({ service: seconds(8_000) })] }))).to.deep.equal(
      {
        code: 'breaks_do_not_fit',
        shift: 0,
      },
    );
  });

  it('says what a job that has to wait would cost today', () => {
    const far = aJob({ node: 9, waiting: 1_500 });
    expect(plan(aProblem({ jobs: [far] })).unassigned).to.deep.equal([
      { job: 0, reason: { code: 'not_today', cheapestShift: 0, extraCost: 300 } },
    ]);
  });

  it('names what would have to be pushed out when the day is full', () => {
    const jobs = [
      aJob({ id: 'a', service: seconds(9_000), waiting: 5_000 }),
      aJob({ id: 'b', service: seconds(9_000), waiting: 4_200 }),
    ];
    const made = plan(aProblem({ jobs }));
    expect(stopsOf(made)).to.deep.equal([0]);
    expect(made.unassigned).to.deep.equal([{ job: 1, reason: { code: 'not_today', cheapestShift: 0, extraCost: 800 } }]);
  });

  it('leaves fixed stops where they are, in their order, before all others', () => {
    const jobs = [
      aJob({ id: 'far', node: 9, skills: ['none has it'], inForce: inForce({ fixed: true, position: 0 }) }),
      aJob({ id: 'near', node: 1, inForce: inForce({ fixed: true, position: 1 }) }),
      aJob({ id: 'new', node: 9 }),
    ];
    expect(stopsOf(plan(aProblem({ jobs }), 200))).to.deep.equal([0, 1, 2]);
  });

  it('lets a stop that is under way go on, whatever its window, its lock and the hour', () => {
    const windows = [{ from: seconds(0), until: seconds(100) }];
    const held = inForce({ fixed: true, started: true, lockTime: true, start: seconds(50) });
    const made = plan(aProblem({ now: seconds(9_900), jobs: [aJob({ windows, inForce: held, service: seconds(900) })] }));
    expect(made.shifts[0]?.stops[0]).to.deep.include({ start: 9_900, end: 10_800 });
    expect(made.shifts[0]?.overtime).to.equal(800);
  });

  it('keeps the crew, the time and the order that somebody has locked', () => {
    const shifts = [aShift({ id: 'west' }), aShift({ id: 'east', startNode: 9, endNode: 9 })];
    const jobs = [
      aJob({ id: 'crew', node: 9, waiting: 0, inForce: inForce({ lockCrew: true }) }),
      aJob({ id: 'time', node: 2, inForce: inForce({ lockTime: true, start: seconds(5_000), position: 1 }) }),
      aJob({ id: 'first', node: 7, inForce: inForce({ shift: 1, lockOrder: true, position: 0 }) }),
      aJob({ id: 'second', node: 8, inForce: inForce({ shift: 1, lockOrder: true, position: 1 }) }),
    ];
    const made = plan(aProblem({ shifts, jobs }), 300);
    expect(stopsOf(made, 0)).to.include(0);
    expect(stopsOf(made, 1).filter((j) => j >= 2)).to.deep.equal([2, 3]);
    expect(made.shifts.flatMap((s) => s.stops).find((stop) => stop.job === 1)?.start).to.equal(5_000);
  });

  it('reports locks that cannot be kept', () => {
    const jobs = [
      aJob({ id: 'a', inForce: inForce({ lockTime: true, start: seconds(100), position: 0 }) }),
      aJob({ id: 'b', inForce: inForce({ lockTime: true, lockCrew: true, start: seconds(200), position: 1 }) }),
      aJob({ id: 'skill', skills: ['water'], inForce: inForce({ lockCrew: true, position: 2 }) }),
    ];
    const made = plan(aProblem({ jobs }));
    expect(stopsOf(made)).to.deep.equal([0]);
    expect(made.unassigned.map(({ reason }) => reason)).to.deep.equal([
      { code: 'locks_do_not_fit', shift: 0 },
      { code: 'locks_do_not_fit', shift: 0 },
    ]);
  });

  it('reports a fixed stop to which no road leads as a lock that does not fit, and plans the rest', () => {
    const island = { ...onALine([0, 100]), seconds: Int32Array.from([0, -1, -1, 0]) };
    const jobs = [aJob({ id: 'a', node: 1, inForce: inForce({ fixed: true }) }), aJob({ id: 'b' })];
    const made = plan(aProblem({ travel: island, jobs }));
    expect(stopsOf(made)).to.deep.equal([1]);
    expect(made.unassigned).to.deep.equal([{ job: 0, reason: { code: 'locks_do_not_fit', shift: 0 } }]);
  });

  it('leaves a promised stop with its crew unless moving pays', () => {
    const shifts = [aShift({ id: 'west' }), aShift({ id: 'east', startNode: 9, endNode: 9 })];
    const held = inForce({ start: seconds(400), promised: { from: seconds(0), until: seconds(900) } });
    const jobs = [aJob({ node: 4, inForce: held })];
    const made = plan(aProblem({ shifts, jobs, weights: someWeights({ changeOfCrew: 500 }) }), 100);
    expect(stopsOf(made, 0)).to.deep.equal([0]);
    const cheap = aProblem({ shifts, jobs: [aJob({ node: 9, inForce: held })], weights: someWeights({ changeOfCrew: 10 }) });
    expect(stopsOf(plan(cheap, 100), 1)).to.deep.equal([0]);
  });

  it('uses overtime only where it is cheaper than waiting', () => {
    const shifts = [aShift({ overtime: seconds(600) })];
    const jobs = [aJob({ id: 'a', service: seconds(9_700) }), aJob({ id: 'b', service: seconds(700) })];
    expect(plan(aProblem({ shifts, jobs })).cost).to.deep.include({ overtime: 1_200, waiting: 0 });
    expect(plan(aProblem({ shifts, jobs: jobs.map((job) => ({ ...job, waiting: 1_100 })) })).unassigned).to.have.length(1);
  });

  it('skips and reports a break whose time has passed, and plans without it', () => {
    const lunch = { id: 'lunch', window: { from: seconds(3_000), until: seconds(4_000) }, length: seconds(1_800) };
    const made = plan(aProblem({ now: seconds(5_000), shifts: [aShift({ breaks: [lunch] })], jobs: [aJob()] }));
    expect(made.shifts[0]).to.deep.include({ breaks: [], breaksSkipped: ['lunch'] });
    expect(stopsOf(made)).to.deep.equal([0]);
  });

  it('refuses a malformed problem by the path of the field', () => {
    expect(() => plan(aProblem({ jobs: [aJob({ node: 10 })] }))).to.throw('jobs[0].node');
    expect(() => plan(aProblem({ shifts: [aShift({ until: seconds(-1) })] }))).to.throw('shifts[0]');
    expect(() => plan(aProblem({ jobs: [aJob({ waiting: NaN })] }))).to.throw('jobs[0].waiting');
    expect(() => plan(aProblem({ travel: { ...onALine([0]), size: 2 } }))).to.throw('travel.seconds');
  });

  it('stops when asked: by its limit, and by its signal with the reason', () => {
    const problem = aProblem({ jobs: [aJob()] });
    expect(plan(problem, 7).iterations).to.equal(7);
    expect(plan(problem, 0).iterations).to.equal(0);
    const signal = AbortSignal.abort(new Error('enough'));
    expect(() => solve(problem, { seed: 1, stop: afterIterations(10), signal })).to.throw('enough');
  });

  it('tells of better plans on the way, each of which may be published', () => {
    const problem = bigProblem(5, 60);
    const told: Plan[] = [];
    const made = solve(problem, { seed: 1, stop: afterIterations(2_500), onImprovement: (better) => told.push(better) });
    expect(told.length).to.be.above(1);
    for (const better of told) expect(checkPlan(problem, better)).to.deep.equal([]);
    const costs = [...told.map((better) => better.cost.total), made.cost.total];
    expect(costs).to.deep.equal(costs.toSorted((a, b) => b - a));
  });

  it('plans a snow day: 40 crews and 900 jobs, every round certified over all arcs', () => {
    const problem = bigProblem(40, 900);
    const made = plan(problem, 400);
    expect(checkPlan(problem, made)).to.deep.equal([]);
    expect(made.lp.rounds.length).to.be.above(10);
    for (const round of made.lp.rounds) expect(round).to.deep.include({ status: 'optimal', certified: true });
    const methods = made.lp.rounds.map(({ method, allArcs }) => [method, allArcs <= 2_500]);
    expect(methods).to.deep.include(['simplex', true]);
    expect(methods).to.deep.include(['shortest_paths', false]);
    expect(methods).not.to.deep.include(['simplex', false]);
  });
});

/** Many crews and jobs on a grid with one-way detours; more work than fits. */
function bigProblem(crews: number, jobs: number): Problem {
  const chance = random(1);
  const places = Array.from({ length: crews + jobs }, () => ({ x: chance.below(15_000), y: chance.below(15_000) }));
  const cells = places.flatMap((a) =>
    places.map((b) => (a === b ? 0 : Math.round((Math.abs(a.x - b.x) + Math.abs(a.y - b.y)) / 9) + chance.below(30))),
  );
  const lunch = { id: 'lunch', window: { from: seconds(14_400), until: seconds(18_000) }, length: seconds(1_800) };
  return aProblem({
    travel: {
      size: places.length,
      seconds: Int32Array.from(cells),
      metres: Int32Array.from(cells, (s) => s * 9),
      source: 'estimate',
    },
    shifts: Array.from({ length: crews }, (_, s) =>
      aShift({
        id: `crew-${s}`,
        startNode: s,
        endNode: s,
        until: seconds(36_000),
        overtime: seconds(3_600),
        breaks: [lunch],
        skills: s % 2 === 0 ? ['signs'] : ['signs', 'water'],
      }),
    ),
    jobs: Array.from({ length: jobs }, (_, j) =>
      aJob({
        id: `job-${j}`,
        node: crews + j,
        service: seconds(900 + chance.below(900)),
        due: seconds(chance.below(60_000)),
        waiting: 2_000 + chance.below(8_000),
        skills: chance.below(4) === 0 ? ['water'] : ['signs'],
      }),
    ),
  });
}
