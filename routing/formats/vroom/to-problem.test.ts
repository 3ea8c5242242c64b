import { expect } from 'chai';
import fc from 'fast-check';
import { validateProblem } from '../../validate-problem.ts';
import { aVehicle, aVroomJob, anInput, DISTANCES, DURATIONS, translated } from './fixtures.ts';
import { VroomRefusal } from './refusal.ts';

const shiftOf = async (over: Record<string, unknown>) =>
  (await translated(anInput({ vehicles: [aVehicle({ capacity: [9], ...over })] }))).problem.shifts[0]!;
const jobOf = async (over: Record<string, unknown>) =>
  (await translated(anInput({ vehicles: [aVehicle({ capacity: [9, 9] })], jobs: [aVroomJob(1, 1, over)] }))).problem.jobs[0]!;

describe('a VROOM input as a problem', () => {
  it('keeps the work of a job: setup and service, windows, skills', async () => {
    const windows = [
      [10, 20],
      [40, 60],
    ];
    const job = await jobOf({ setup: 5, service: 7, time_windows: windows, skills: [3, 14] });
    expect(job).to.deep.include({ id: 'job 1', service: 12, due: null, latePerSecond: 0, skills: ['3', '14'], inForce: null });
    expect(job.windows).to.deep.equal([
      { from: 10, until: 20 },
      { from: 40, until: 60 },
    ]);
  });

  it('takes deliveries on board at the start and leaves pickups there; an old amount is a delivery', async () => {
    expect(await jobOf({ delivery: [1, 2], pickup: [0, 3] })).to.deep.include({ uses: [1, 2], collects: [0, 3] });
    expect(await jobOf({ amount: [1, 2] })).to.deep.include({ uses: [1, 2] });
    expect(await jobOf({ delivery: [0, 0] })).not.to.have.any.keys('uses', 'collects');
  });

  it('makes two linked jobs of a shipment', async () => {
    const pickup = { id: 4, location_index: 1, service: 5, time_windows: [[0, 50]] };
    const shipment = { amount: [2], skills: [1], priority: 3, pickup, delivery: { id: 4, location_index: 3 } };
    const { problem } = await translated(anInput({ vehicles: [aVehicle({ capacity: [2] })], shipments: [shipment] }));
    expect(problem.jobs.map(({ id }) => id)).to.deep.equal(['job 1', 'pickup 4', 'delivery 4']);
    expect(problem.links).to.deep.equal([{ first: 1, second: 2, leastLag: 0, mostLag: null, sameShift: true }]);
    expect(problem.jobs[1]).to.deep.include({ collects: [2], skills: ['1'], service: 5 });
    expect(problem.jobs[2]).to.deep.include({ uses: [2], skills: ['1'] });
    expect(problem.jobs[1]!.waiting).to.equal(problem.jobs[2]!.waiting).and.above(problem.jobs[0]!.waiting);
  });

  it('keeps what a vehicle may', async () => {
    const time_window = [100, 9_000];
    expect(await shiftOf({ time_window, capacity: [5], skills: [2], max_tasks: 3, max_travel_time: 700 })).to.deep.include({
      id: 'vehicle 1',
      from: 100,
      until: 9_000,
      overtime: 0,
      capacity: [5],
      skills: ['2'],
      maxJobs: 3,
      maxTravel: 700,
    });
  });

  it('opens a break where both its window and its vehicle let it begin', async () => {
    const breaks = [
      { id: 1, service: 60, time_windows: [[50, 950]] },
      { id: 2, service: 30 },
    ];
    const shift = await shiftOf({ time_window: [100, 900], breaks });
    expect(shift.breaks).to.deep.equal([
      { id: 'break 1', window: { from: 100, until: 840 }, length: 60 },
      { id: 'break 2', window: { from: 100, until: 870 }, length: 30 },
    ]);
  });

  it('ignores the windows of a break that lie outside the shift', async () => {
    const windows = [
      [100, 200],
      [5_000, 6_000],
    ];
    const shift = await shiftOf({ time_window: [0, 900], breaks: [{ id: 1, time_windows: windows }] });
    expect(shift.breaks[0]!.window).to.deep.equal({ from: 100, until: 200 });
  });

  it('begins a vehicle without a start where nothing costs a way, and ends one without an end anywhere', async () => {
    const { problem } = await translated(
      anInput({
        vehicles: [
          { id: 1, end_index: 3 },
          { id: 2, start_index: 3 },
        ],
      }),
    );
    const { travel, shifts } = problem;
    expect(travel.size).to.equal(3);
    expect([...travel.seconds.subarray(6)]).to.deep.equal([0, 0, 0]);
    expect(shifts.map(({ startNode, endNode }) => [startNode, endNode])).to.deep.equal([
      [2, 0],
      [0, null],
    ]);
  });

  it('scales the matrix to a speed that all share, and takes whole percentages of it where they differ', async () => {
    const all = await translated(anInput({ vehicles: [aVehicle({ speed_factor: 1.3 })] }));
    expect([...all.problem.travel.seconds]).to.deep.equal([0, 77, 77, 0]);
    const vehicles = [aVehicle(), aVehicle({ id: 2, speed_factor: 0.8 })];
    const two = await translated(anInput({ vehicles }));
    expect(two.problem.shifts.map(({ travelPercent }) => travelPercent)).to.deep.equal([undefined, 125]);
  });

  it('takes the matrix of older inputs', async () => {
    const { problem } = await translated(anInput({ matrices: undefined, matrix: DURATIONS }));
    expect([...problem.travel.seconds]).to.deep.equal([0, 100, 100, 0]);
  });

  it('reads a very long way as none', async () => {
    const durations = [
      [0, 2 ** 32 - 1],
      [7, 0],
    ];
    const { problem } = await translated(anInput({ matrices: { car: { durations } } }));
    expect([...problem.travel.seconds]).to.deep.equal([0, -1, 7, 0]);
  });

  it('shifts Unix times into reach and says by how much', async () => {
    const time_windows = [[1_700_001_000, 1_700_002_000]];
    const { problem, offset } = await translated(anInput({ jobs: [aVroomJob(1, 1, { time_windows })] }));
    expect(problem.jobs[0]!.windows[0]!.from + offset).to.equal(1_700_001_000);
    expect(problem.shifts[0]!.from + offset).to.be.below(1_700_001_000 - 100);
    expect(() => validateProblem(problem)).not.to.throw();
  });

  it('begins the search with the steps, and holds none of them', async () => {
    const steps = [{ type: 'start' }, { type: 'job', id: 2 }, { type: 'job', id: 1 }, { type: 'end' }];
    const { problem } = await translated(
      anInput({ vehicles: [aVehicle({ steps })], jobs: [aVroomJob(1, 1), aVroomJob(2, 2), aVroomJob(3, 3)] }),
    );
    expect(problem.jobs.map(({ inForce }) => inForce?.position)).to.deep.equal([2, 1, undefined]);
    expect(problem.jobs[0]!.inForce).to.include({ shift: 0, fixed: false, lockCrew: false, lockOrder: false, lockTime: false });
    expect(problem.weights).to.include({ changeOfCrew: 0, moveOfStartPerSecond: 0, brokenPromise: 0 });
  });

  describe('prices', () => {
    it('pays one for a second, as VROOM does, and nothing else', async () => {
      const { problem } = await translated(anInput());
      expect(problem.shifts[0]!.rates).to.deep.equal({ travelPerSecond: 1, use: 0 });
      expect(problem.weights).to.include({ travelPerSecond: 1, overtimePerSecond: 0, useOfShift: 0 });
    });

    it('keeps the proportions of all costs in whole numbers', async () => {
      const { problem } = await translated(
        anInput({
          vehicles: [
            aVehicle({ costs: { fixed: 100, per_hour: 7_200, per_km: 5 } }),
            aVehicle({ id: 2, costs: { fixed: 0, per_hour: 3_600 } }),
          ],
          matrices: { car: { durations: DURATIONS, distances: DISTANCES } },
        }),
      );
      expect(problem.shifts.map(({ rates }) => rates)).to.deep.equal([
        { travelPerSecond: 2, use: 100, perKilometre: 5 },
        { travelPerSecond: 1, use: 0 },
      ]);
    });

    it('makes leaving a task out dearer than any driving, and a point of priority dearer than all other tasks', async () => {
      const jobs = [aVroomJob(1, 1), aVroomJob(2, 2), aVroomJob(3, 3, { priority: 1 }), aVroomJob(4, 3, { priority: 2 })];
      const { problem } = await translated(anInput({ jobs }));
      const [none, , one, two] = problem.jobs.map(({ waiting }) => waiting);
      expect(none).to.be.above(4 * 300);
      expect(one).to.be.above(4 * none!);
      expect(two! - one!).to.be.above(4 * none!);
    });

    it('takes the price of the work off the price of leaving it out', async () => {
      const plain = await translated(anInput({ jobs: [aVroomJob(1, 1), aVroomJob(2, 2, { service: 3_610 })] }));
      expect(plain.problem.jobs[0]!.waiting).to.equal(plain.problem.jobs[1]!.waiting);
      const paid = await translated(
        anInput({
          vehicles: [aVehicle({ costs: { per_task_hour: 3_600 } })],
          jobs: [aVroomJob(1, 1), aVroomJob(2, 2, { service: 3_610 })],
        }),
      );
      expect(paid.problem.jobs[0]!.waiting - paid.problem.jobs[1]!.waiting).to.equal(3_600);
    });

    it('stays within what the engine takes', async () => {
      const costs = { fixed: 4_000_000_000, per_hour: 4_000_000_000, per_km: 4_000_000_000 };
      const jobs = Array.from({ length: 90 }, (_, i) => aVroomJob(i, i % 4, { priority: i }));
      const durations = DURATIONS.map((row) => row.map((seconds) => seconds * 1_000));
      const { problem } = await translated(
        anInput({ vehicles: [aVehicle({ costs })], jobs, matrices: { car: { durations, distances: durations } } }),
      );
      expect(() => validateProblem(problem)).not.to.throw();
      const waiting = problem.jobs.map((job) => job.waiting);
      expect([...waiting].sort((a, b) => a - b)).to.deep.equal(waiting);
      expect(new Set(waiting).size).to.equal(90);
    });
  });

  it('is a problem that the engine can compute with, whatever small input is accepted', async () => {
    const whole = (max: number) => fc.nat(max);
    const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
    const window = fc.tuple(whole(5_000), whole(5_000)).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
    const place = whole(3);
    const some = fc.array(whole(3), { minLength: 1, maxLength: 1 });
    const work = { service: whole(900), time_windows: optional(window.map((w) => [w])) };
    const job = fc.record({
      location_index: place,
      ...work,
      delivery: optional(some),
      pickup: optional(some),
      skills: fc.subarray([1, 2]),
      priority: whole(100),
    });
    const end = fc.record({ location_index: place, ...work });
    const vehicle = fc.record({
      start_index: optional(place),
      end_index: optional(place),
      capacity: some,
      skills: fc.subarray([1, 2]),
      time_window: optional(window),
      breaks: fc.array(fc.record({ id: fc.constant(1), service: whole(60), time_windows: fc.tuple(window) }), { maxLength: 1 }),
      speed_factor: fc.constantFrom(1, 1, 0.5, 1.3),
      max_tasks: optional(whole(4)),
      max_travel_time: optional(whole(2_000)),
      costs: fc.record({ fixed: whole(500), per_hour: whole(9_000), per_km: whole(50) }),
    });
    const numbered = <T extends object>(list: readonly T[]) => list.map((one, id) => ({ id, ...one }));
    const input = fc
      .record({
        vehicles: fc.array(vehicle, { minLength: 1, maxLength: 3 }).map(numbered),
        jobs: fc.array(job, { maxLength: 4 }).map(numbered),
        shipments: fc
          .array(fc.record({ pickup: end, delivery: end, amount: some }), { maxLength: 2 })
          .map((all) => all.map((one, id) => ({ ...one, pickup: { id, ...one.pickup }, delivery: { id, ...one.delivery } }))),
      })
      .map((lists) => ({ ...lists, matrices: { car: { durations: DURATIONS, distances: DISTANCES } } }));
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(input, async (json) => {
        const result = await translated(JSON.parse(JSON.stringify(json))).catch((error: unknown) => {
          if (!(error instanceof VroomRefusal)) throw error;
        });
        if (result === undefined) return;
        accepted++;
        validateProblem(result.problem);
      }),
      { numRuns: 400 },
    );
    expect(accepted).to.be.above(50);
  });
});
