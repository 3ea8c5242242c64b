import { expect } from 'chai';
import fc from 'fast-check';
import { answered, aVehicle, aVroomJob, anInput } from './fixtures.ts';

const job = (id: number, over: Record<string, unknown> = {}) => ({ type: 'job', id, ...over });
/** The one route of an input in plan mode: by step what it is, when it begins, and what it breaks. */
async function planned(vehicle: Record<string, unknown>, rest: Record<string, unknown> = {}) {
  const jobs = [aVroomJob(1, 1), aVroomJob(2, 2), aVroomJob(3, 3)];
  const { routes, summary, unassigned } = await answered(
    anInput({ vehicles: [aVehicle(vehicle)], jobs, options: { c: true }, ...rest }),
  );
  const steps = routes[0]!.steps.map((step) => ({
    what: step.id === undefined ? step.type : `${step.type} ${step.id}`,
    begins: step.arrival + step.waiting_time,
    broken: step.violations,
  }));
  return { steps, summary, route: routes[0]!, unassigned: unassigned.map(({ id }) => id) };
}
const brokenAt = ({ steps }: Awaited<ReturnType<typeof planned>>) =>
  Object.fromEntries(steps.filter(({ broken }) => broken.length > 0).map(({ what, broken }) => [what, broken]));

describe("VROOM's plan mode", () => {
  it('times the steps in their order and leaves out what is in none', async () => {
    const plan = await planned({ steps: [{ type: 'start' }, job(3), job(1), { type: 'end' }] });
    expect(plan.steps.map(({ what, begins }) => [what, begins])).to.deep.equal([
      ['start', 0],
      ['job 3', 300],
      ['job 1', 510],
      ['end', 620],
    ]);
    expect(plan.unassigned).to.deep.equal([2]);
    expect(plan.summary).to.deep.include({ cost: 600, duration: 600, unassigned: 1, violations: [] });
  });

  it('reports delays with their seconds, at tasks and at the end', async () => {
    const jobs = [aVroomJob(1, 1), aVroomJob(2, 2, { time_windows: [[0, 150]] })];
    const plan = await planned({ time_window: [0, 400], steps: [job(1), job(2)] }, { jobs });
    expect(brokenAt(plan)).to.deep.equal({
      'job 2': [{ cause: 'delay', duration: 60 }],
      end: [{ cause: 'delay', duration: 20 }],
    });
    expect(plan.summary.violations).to.deep.equal([{ cause: 'delay', duration: 80 }]);
  });

  it('reports a step that is forced before its window', async () => {
    const jobs = [aVroomJob(1, 1, { time_windows: [[500, 600]] })];
    const plan = await planned({ steps: [job(1, { service_at: 450 })] }, { jobs });
    expect(brokenAt(plan)).to.deep.equal({ 'job 1': [{ cause: 'lead_time', duration: 50 }] });
  });

  it('keeps what is forced', async () => {
    const plan = await planned({ steps: [job(1, { service_after: 700 }), job(2, { service_at: 1_000 })] });
    expect(plan.steps.map(({ begins }) => begins).slice(1, 3)).to.deep.equal([890, 1_000]);
    expect(plan.summary.violations).to.deep.equal([]);
  });

  it('reports load, skills, the number of tasks, the seconds driven and the break that is missing', async () => {
    const jobs = [aVroomJob(1, 1, { delivery: [2], skills: [5] }), aVroomJob(2, 2, { delivery: [2] })];
    const vehicle = { capacity: [3], max_tasks: 1, max_travel_time: 250, breaks: [{ id: 9 }], steps: [job(1), job(2)] };
    expect(brokenAt(await planned(vehicle, { jobs }))).to.deep.equal({
      start: [{ cause: 'load' }],
      'job 1': [{ cause: 'skills' }],
      'job 2': [{ cause: 'max_tasks' }],
      end: [{ cause: 'max_travel_time' }],
    });
    expect((await planned(vehicle, { jobs })).route.violations).to.deep.include({ cause: 'missing_break' });
  });

  it('reports a delivery before its pickup, and a pickup that is never delivered', async () => {
    const shipments = [
      { amount: [1], pickup: { id: 1, location_index: 1 }, delivery: { id: 1, location_index: 2 } },
      { amount: [1], pickup: { id: 2, location_index: 1 }, delivery: { id: 2, location_index: 3 } },
    ];
    const steps = [
      { type: 'delivery', id: 1 },
      { type: 'pickup', id: 1 },
      { type: 'pickup', id: 2 },
    ];
    const plan = await planned({ capacity: [9], steps }, { jobs: [], shipments });
    expect(plan.summary.violations).to.deep.equal([{ cause: 'precedence' }]);
    expect(Object.keys(brokenAt(plan))).to.deep.equal(['delivery 1', 'pickup 1', 'pickup 2']);
    expect(plan.unassigned).to.deep.equal([2]);
  });

  it('takes a break where the steps say, and lets it wait for its window', async () => {
    const breaks = [{ id: 9, service: 60, time_windows: [[500, 600]] }];
    const plan = await planned({ breaks, steps: [job(1), { type: 'break', id: 9 }, job(2)] });
    expect(plan.steps.map(({ what, begins }) => [what, begins])).to.deep.equal([
      ['start', 290],
      ['job 1', 390],
      ['break 9', 500],
      ['job 2', 560],
      ['end', 770],
    ]);
    // On the road: what there is to drive is driven before it.
    expect(plan.route.steps.map(({ duration }) => duration)).to.deep.equal([0, 100, 200, 200, 400]);
    expect(plan.route).to.include({ service: 80, duration: 400, waiting_time: 0 });
  });

  it('begins a step before its window where that saves more delay later on', async () => {
    const windows = [
      [500, 600],
      [0, 550],
      [0, 650],
    ];
    const jobs = windows.map((window, i) => aVroomJob(i + 1, i + 1, { time_windows: [window] }));
    const plan = await planned({ steps: [job(1), job(2), job(3)] }, { jobs });
    expect(brokenAt(plan)).to.deep.equal({ 'job 1': [{ cause: 'lead_time', duration: 70 }] });
    expect(plan.steps.map(({ begins }) => begins)).to.deep.equal([330, 430, 540, 650, 960]);
  });

  it('keeps what is forced at the price of a window', async () => {
    const jobs = [aVroomJob(1, 1, { time_windows: [[500, 600]] }), aVroomJob(2, 2)];
    const plan = await planned({ steps: [job(1), job(2, { service_at: 400 })] }, { jobs });
    expect(plan.steps.map(({ begins }) => begins)).to.deep.equal([190, 290, 400, 610]);
    expect(plan.summary.violations).to.deep.equal([{ cause: 'lead_time', duration: 210 }]);
  });

  it('answers with a route for each vehicle that has steps, also when it only starts and ends', async () => {
    const plan = await planned({ steps: [{ type: 'start' }, { type: 'end' }] });
    expect(plan.steps.map(({ what }) => what)).to.deep.equal(['start', 'end']);
    expect(plan.summary).to.include({ routes: 1, unassigned: 3, cost: 0 });
  });

  it('breaks windows by the fewest seconds that any times could, on small random routes', async () => {
    const window = fc.tuple(fc.nat(8), fc.nat(4)).map(([from, length]) => [from, from + length] as const);
    const route = fc.record({
      open: window,
      windows: fc.tuple(window, window),
      service: fc.tuple(fc.nat(2), fc.nat(2)),
      ways: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
    });
    const outside = ([from, until]: readonly [number, number], time: number) => Math.max(from - time, time - until, 0);
    await fc.assert(
      fc.asyncProperty(route, async ({ open, windows, service, ways: [out, on, home] }) => {
        const jobs = [0, 1].map((j) => ({ id: j, location_index: j + 1, service: service[j], time_windows: [windows[j]] }));
        const steps = [job(0), job(1)];
        const durations = [
          [0, out, 9],
          [9, 0, on],
          [home, 9, 0],
        ];
        const { summary } = await planned({ time_window: open, steps }, { jobs, matrices: { car: { durations } } });
        let fewest = Infinity;
        for (let start = 0; start < 14; start++) {
          for (let first = start + out; first < 18; first++) {
            for (let second = first + service[0] + on; second < 26; second++) {
              const end = second + service[1] + home;
              const times = outside(open, start) + outside(windows[0], first) + outside(windows[1], second);
              fewest = Math.min(fewest, times + Math.max(end - open[1], 0));
            }
          }
        }
        const seconds = summary.violations.reduce((sum, { duration = 0 }) => sum + duration, 0);
        expect(seconds).to.equal(fewest);
      }),
      { numRuns: 300 },
    );
  });
});
