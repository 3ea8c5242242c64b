import { expect } from 'chai';
import { checkPlan } from './check-plan.ts';
import { aJob, aProblem, aShift, inForce } from './fixtures.ts';
import type { Break, Job, Shift } from './problem.ts';
import type { PlannedShift } from './plan.ts';
import { afterIterations } from './search/stop.ts';
import { solve } from './solve.ts';
import { seconds } from './units.ts';

const lunch = (from: number, until: number, length = 1_000): Break => ({
  id: 'lunch',
  window: { from: seconds(from), until: seconds(until) },
  length: seconds(length),
});

/** The day of one crew that must do the given jobs in their order. */
function day(jobs: readonly Partial<Job>[], shift: Partial<Shift>): PlannedShift {
  const held = jobs.map((job, position) =>
    aJob({ id: `job-${position}`, ...job, inForce: inForce({ lockOrder: true, position, ...job.inForce }) }),
  );
  const made = solve(aProblem({ shifts: [aShift(shift)], jobs: held }), { seed: 1, stop: afterIterations(0) });
  const planned = made.shifts[0];
  if (planned === undefined) throw new Error('no shift');
  return planned;
}

const times = (planned: PlannedShift): number[][] => planned.stops.map((stop) => [stop.arrival, stop.start, stop.end]);

describe('the schedule of one shift', () => {
  it('waits for release and window, and counts way, work, waiting and the way home', () => {
    const planned = day(
      [
        { node: 1, release: seconds(500) },
        { node: 2, windows: [{ from: seconds(2_000), until: seconds(2_100) }] },
      ],
      {},
    );
    expect(times(planned)).to.deep.equal([
      [100, 500, 1_100],
      [1_200, 2_000, 2_600],
    ]);
    expect(planned).to.deep.include({ travel: 400, metres: 4_000, work: 1_200, idle: 1_200, overtime: 0, endsAt: 2_800 });
  });

  it('takes a break before driving on when its window is open', () => {
    const planned = day([{ node: 1 }, { node: 2 }], { breaks: [lunch(600, 3_000)] });
    expect(planned.breaks).to.deep.equal([{ id: 'lunch', start: 700, end: 1_700 }]);
    expect(times(planned)[1]).to.deep.equal([1_800, 1_800, 2_400]);
  });

  it('takes it on arrival when its window opens on the way and the work would last too long', () => {
    const planned = day([{ node: 1 }, { node: 5 }], { breaks: [lunch(800, 1_500)] });
    expect(planned.breaks).to.deep.equal([{ id: 'lunch', start: 1_100, end: 2_100 }]);
    expect(times(planned)[1]).to.deep.equal([1_100, 2_100, 2_700]);
  });

  it('stands and waits for it when the way is too long', () => {
    const planned = day([{ node: 1 }, { node: 9 }], { breaks: [lunch(800, 900)] });
    expect(planned.breaks).to.deep.equal([{ id: 'lunch', start: 800, end: 1_800 }]);
  });

  it('takes it while it has to wait for a window anyway', () => {
    const windows = [{ from: seconds(4_000), until: seconds(5_000) }];
    const planned = day([{ node: 1 }, { node: 2, windows }], { breaks: [lunch(1_000, 6_000)] });
    expect(planned.breaks).to.deep.equal([{ id: 'lunch', start: 1_000, end: 2_000 }]);
    expect(planned.endsAt).to.equal(4_800);
  });

  it('puts it off behind a stop that it would make impossible', () => {
    const held = inForce({ lockTime: true, lockOrder: true, start: seconds(1_200), position: 1 });
    const planned = day([{ node: 1 }, { node: 2, inForce: held }], { breaks: [lunch(600, 3_000)] });
    expect(planned.breaks).to.deep.equal([{ id: 'lunch', start: 2_000, end: 3_000 }]);
    expect(times(planned)[1]).to.deep.equal([800, 1_200, 1_800]);
  });

  it('takes it at home when the crew is back before the window closes, and that costs nothing', () => {
    const planned = day([{ node: 1 }], { breaks: [lunch(2_000, 3_000)] });
    expect(planned.breaks).to.deep.equal([{ id: 'lunch', start: 2_000, end: 3_000 }]);
    expect(planned).to.deep.include({ endsAt: 800, idle: 0 });
  });

  it('does not put a break before a stop that is under way, and reports the one that is lost by it', () => {
    const held = inForce({ fixed: true, started: true });
    const planned = day([{ service: seconds(5_000), inForce: held }], { breaks: [lunch(100, 2_000)] });
    expect(times(planned)).to.deep.equal([[0, 0, 5_000]]);
    expect(planned).to.deep.include({ breaks: [], breaksSkipped: ['lunch'] });
  });

  it('counts overtime from the end of the shift to being home', () => {
    const planned = day([{ node: 5, service: seconds(9_400) }], { overtime: seconds(500) });
    expect(planned).to.deep.include({ endsAt: 10_400, overtime: 400 });
  });

  it('sends an idle crew home from where it is, but not once its shift is over', () => {
    expect(day([], { startNode: 4 })).to.deep.include({ travel: 400, metres: 4_000, endsAt: 400 });
    expect(day([], { startNode: 4, from: seconds(0), until: seconds(0) })).to.deep.include({ travel: 0, overtime: 0, endsAt: 0 });
  });

  it('may end anywhere when no end is given', () => {
    expect(day([{ node: 3 }], { endNode: null })).to.deep.include({ travel: 300, endsAt: 900 });
  });

  it('counts a break in a gap once: the length of the day is that of the checker', () => {
    // Free at 500, in the gap; rests there until 900, waits from 1,000 to 2,000: it could leave 1,000 later.
    const shift = aShift({
      windows: [
        { from: seconds(0), until: seconds(100) },
        { from: seconds(1_000), until: seconds(10_000) },
      ],
      breaks: [lunch(500, 1_500, 400)],
    });
    const ofMost = (maxDuration: number) => {
      const shifts = [{ ...shift, maxDuration: seconds(maxDuration) }];
      const problem = aProblem({ now: seconds(500), shifts, jobs: [aJob({ release: seconds(2_000) })] });
      const plan = solve(problem, { seed: 1, stop: afterIterations(0) });
      expect(checkPlan(problem, plan)).to.deep.equal([]);
      return plan.shifts[0]?.stops.length;
    };
    expect([ofMost(1_100), ofMost(1_099)]).to.deep.equal([1, 0]);
  });

  it('has no more room for a break than is left of its window, whatever gap it is free in', () => {
    const shift = aShift({
      windows: [
        { from: seconds(0), until: seconds(100) },
        { from: seconds(1_000), until: seconds(10_000) },
      ],
      breaks: [lunch(1_200, 1_300, 400)],
    });
    const ofMost = (maxDuration: number) => {
      const shifts = [{ ...shift, maxDuration: seconds(maxDuration) }];
      const problem = aProblem({ now: seconds(500), shifts, jobs: [aJob({ release: seconds(3_000) })] });
      const plan = solve(problem, { seed: 1, stop: afterIterations(0) });
      expect(checkPlan(problem, plan)).to.deep.equal([]);
      return plan.shifts[0]?.stops.length;
    };
    // Waits 200 before the break and could begin it 100 later: 3,600 - 500 - 300.
    expect([ofMost(2_800), ofMost(2_799)]).to.deep.equal([1, 0]);
  });
});
