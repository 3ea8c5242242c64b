import { expect } from 'chai';
import fc from 'fast-check';
import { decodePolyline } from '../../directions/polyline.ts';
import { estimate } from '../../roads/estimate.ts';
import { answered, aVehicle, aVroomJob, anInput, DISTANCES, DURATIONS, refusalOf, someTools } from './fixtures.ts';
import { readVroom } from './input.ts';
import { answerVroom, secondsOf } from './solve-vroom.ts';

const order = (answer: Awaited<ReturnType<typeof answered>>) =>
  answer.routes.map(({ vehicle, steps }) => [
    vehicle,
    ...steps.flatMap(({ id, type }) => (id === undefined ? [] : `${type} ${id}`)),
  ]);

describe('a VROOM input answered', () => {
  it('is answered in the shape of VROOM 1.15, to the key', async () => {
    const start = { location_index: 0, setup: 0, service: 0, waiting_time: 0, violations: [] };
    // As pyvroom 1.15.2 answers the same input.
    const totals = { cost: 200, setup: 0, service: 10, duration: 200, waiting_time: 0, priority: 0, violations: [] };
    expect(await answered(anInput({ jobs: [aVroomJob(1, 1, { time_windows: [[1_000, 2_000]] })] }))).to.deep.equal({
      code: 0,
      summary: { ...totals, routes: 1, unassigned: 0, computing_times: { loading: 0, solving: 0, routing: 0 } },
      unassigned: [],
      routes: [
        {
          ...totals,
          vehicle: 1,
          steps: [
            { ...start, type: 'start', arrival: 900, duration: 0 },
            { ...start, type: 'job', id: 1, job: 1, location_index: 1, service: 10, arrival: 1_000, duration: 100 },
            { ...start, type: 'end', arrival: 1_110, duration: 200 },
          ],
        },
      ],
    });
  });

  it('leaves late, so that nobody stands and waits where it can be helped', async () => {
    const jobs = [aVroomJob(1, 1, { time_windows: [[1_000, 2_000]] }), aVroomJob(2, 2, { time_windows: [[0, 500]] })];
    const { routes } = await answered(anInput({ vehicles: [aVehicle({ time_window: [0, 5_000] })], jobs }));
    expect(routes[0]!.steps.map(({ arrival, waiting_time }) => [arrival, waiting_time])).to.deep.equal([
      [300, 0],
      [500, 0],
      [610, 390],
      [1_110, 0],
    ]);
  });

  it('gives work to those with the skills, and names what nobody can do', async () => {
    const vehicles = [aVehicle({ skills: [1] }), aVehicle({ id: 2, skills: [2] })];
    const jobs = [1, 2, 3].map((skill) => aVroomJob(skill, skill, { skills: [skill], description: `needs ${skill}` }));
    const answer = await answered(anInput({ vehicles, jobs }));
    expect(order(answer)).to.deep.equal([
      [1, 'job 1'],
      [2, 'job 2'],
    ]);
    expect(answer.unassigned).to.deep.equal([{ id: 3, location_index: 3, type: 'job', description: 'needs 3' }]);
  });

  it('leaves out the lower priority, however much nearer it is', async () => {
    const vehicles = [aVehicle({ time_window: [0, 610] })];
    const answer = await answered(
      anInput({ vehicles, jobs: [aVroomJob(1, 1, { service: 200 }), aVroomJob(2, 3, { priority: 1 })] }),
    );
    expect(order(answer)).to.deep.equal([[1, 'job 2']]);
    expect(answer.summary).to.include({ priority: 1, unassigned: 1 });
  });

  it('puts breaks in, also one that is taken at home, and counts them as service', async () => {
    const breaks = [
      { id: 7, service: 60, time_windows: [[150, 400]], description: 'coffee' },
      { id: 8, service: 30, time_windows: [[5_000, 6_000]] },
    ];
    const { routes } = await answered(
      anInput({ vehicles: [aVehicle({ time_window: [0, 9_000], breaks })], jobs: [aVroomJob(1, 3)] }),
    );
    const taken = routes[0]!.steps.filter(({ type }) => type === 'break');
    expect(taken.map(({ id, service, description }) => [id, service, description])).to.deep.equal([
      [7, 60, 'coffee'],
      [8, 30, undefined],
    ]);
    expect(taken[0]!.arrival + taken[0]!.waiting_time).to.be.within(150, 400);
    expect(taken[1]!.arrival + taken[1]!.waiting_time).to.equal(5_000);
    expect(routes[0]).to.include({ service: 100, duration: 600 });
    expect(routes[0]!.steps.at(-1)).to.include({ type: 'end', arrival: 5_030, duration: 600 });
  });

  it('pays for hours, kilometres, use and work', async () => {
    const costs = { fixed: 100, per_hour: 7_200, per_km: 5, per_task_hour: 360 };
    const matrices = { car: { durations: DURATIONS, distances: DISTANCES } };
    const { summary } = await answered(anInput({ vehicles: [aVehicle({ costs })], matrices }));
    expect(summary).to.include({ cost: 100 + 400 + 10 + 1, distance: 2_000 });
  });

  it('carries no more than fits, from the start and to the end', async () => {
    const jobs = [
      aVroomJob(1, 1, { delivery: [1] }),
      aVroomJob(2, 1, { pickup: [1], priority: 5 }),
      aVroomJob(3, 1, { delivery: [2] }),
    ];
    const { summary, routes } = await answered(anInput({ vehicles: [aVehicle({ capacity: [2] })], jobs }));
    expect(summary).to.include({ unassigned: 1, priority: 5 });
    for (const { load } of routes[0]!.steps) expect(load![0]).to.be.within(0, 2);
  });

  it('fetches before it delivers, with one vehicle', async () => {
    const shipment = {
      amount: [1],
      pickup: { id: 1, location_index: 3, service: 5 },
      delivery: { id: 1, location_index: 1, service: 6 },
    };
    const vehicles = [aVehicle({ capacity: [2] }), aVehicle({ id: 2, capacity: [2] })];
    const answer = await answered(anInput({ vehicles, jobs: [aVroomJob(1, 2, { delivery: [2] })], shipments: [shipment] }));
    expect(order(answer)).to.have.length(1);
    expect(order(answer)[0]!.slice(1)).to.deep.equal(['job 1', 'pickup 1', 'delivery 1']);
    expect(answer.routes[0]!.steps.map(({ load }) => load![0])).to.deep.equal([2, 0, 1, 0, 0]);
    expect(answer.summary).to.deep.include({ delivery: [3], pickup: [1], service: 21 });
  });

  it('keeps the number of tasks and the seconds of driving', async () => {
    const jobs = [aVroomJob(1, 1), aVroomJob(2, 2), aVroomJob(3, 3)];
    expect((await answered(anInput({ vehicles: [aVehicle({ max_tasks: 2 })], jobs }))).summary.unassigned).to.equal(1);
    expect((await answered(anInput({ vehicles: [aVehicle({ max_travel_time: 450 })], jobs }))).summary.unassigned).to.equal(1);
  });

  it('begins at the first task and ends at the last where no start or end is given', async () => {
    const { routes } = await answered(anInput({ vehicles: [{ id: 1, end_index: 0 }], jobs: [aVroomJob(1, 3)] }));
    expect(routes[0]!.steps.map(({ location_index, arrival }) => [location_index, arrival])).to.deep.equal([
      [3, 0],
      [3, 0],
      [0, 310],
    ]);
    const open = await answered(anInput({ vehicles: [{ id: 1, start_index: 0 }], jobs: [aVroomJob(1, 3)] }));
    expect(open.routes[0]!.steps.at(-1)).to.include({ location_index: 3, duration: 300 });
  });

  it('speaks the time of the input, relative or Unix', async () => {
    const { routes } = await answered(anInput({ vehicles: [aVehicle({ time_window: [1_700_000_000, 1_700_009_000] })] }));
    expect(routes[0]!.steps.map(({ arrival }) => arrival)).to.deep.equal([1_700_000_000, 1_700_000_100, 1_700_000_210]);
  });

  it('asks roads for coordinates, draws lines when asked to, and says when travel is estimated', async () => {
    const roads = estimate({ factor: 1.2, metresPerSecond: 10, version: 'test' });
    const input = {
      vehicles: [{ id: 1, start: [11.97, 57.7], end: [11.97, 57.7] }],
      jobs: [{ id: 1, location: [11.98, 57.71] }],
      options: { g: true, estimate: true },
    };
    const { travel_times, routes } = await answerVroom(input, someTools({ roads }));
    expect(travel_times).to.equal('estimate');
    expect(routes[0]!.distance).to.be.within(2_900, 3_200);
    expect(decodePolyline(routes[0]!.geometry!, 5)[0]).to.deep.equal({ lon: 11.97, lat: 57.7 });
    expect(routes[0]!.steps[1]).to.deep.include({ location: [11.98, 57.71] });
    expect(routes[0]!.steps[1]).not.to.have.property('location_index');
    // Nobody asked for an estimate.
    expect(await refusalOf({ ...input, options: {} }, someTools({ roads }))).to.include({ code: 3 });
  });

  it('searches as long as it is told', () => {
    const seconds = (options: object, usual: number | null = null) =>
      secondsOf(readVroom(anInput({ options })), { seconds: usual, mostSeconds: 60 });
    expect([seconds({}), seconds({ x: 0 }), seconds({ x: 5 }), seconds({ l: 3, x: 0 }), seconds({ l: 900 })]).to.deep.equal([
      5, 0.5, 5, 3, 60,
    ]);
    expect([seconds({}, 9), seconds({ x: 1 }, 9), seconds({ l: '2' }, 9)]).to.deep.equal([9, 1, 2]);
  });

  it('hands the signal on, and ends with its reason', async () => {
    const controller = new AbortController();
    const tools = someTools({
      solve: (_, { signal }) =>
        new Promise((_resolve, reject) => signal!.addEventListener('abort', () => reject(signal!.reason as Error))),
    });
    const rejected = answerVroom(anInput(), tools, controller.signal).catch((error: Error) => error.message);
    setImmediate(() => controller.abort(new Error('gone')));
    expect(await rejected).to.equal('gone');
  });

  /** Any small input with so many shipments at most: every route holds, every task is in the answer once. */
  async function holdsFor(mostShipments: number): Promise<void> {
    const whole = (max: number) => fc.nat(max);
    const window = fc.tuple(whole(1_500), whole(1_500)).map(([a, b]) => [Math.min(a, b), Math.max(a, b) + 300]);
    const work = { location_index: whole(3), service: whole(200), time_windows: fc.array(window, { maxLength: 1 }) };
    const amount = fc.tuple(whole(2), whole(2));
    const input = fc.record({
      vehicles: fc.array(
        fc.record({
          start_index: whole(3),
          end_index: fc.option(whole(3), { nil: undefined }),
          capacity: fc.tuple(whole(4), whole(4)),
          time_window: window,
          breaks: fc.array(fc.record({ id: fc.constant(1), service: whole(99), time_windows: fc.tuple(window) }), {
            maxLength: 1,
          }),
          skills: fc.subarray([1, 2]),
          max_tasks: fc.option(whole(5), { nil: undefined }),
          max_travel_time: fc.option(whole(900), { nil: undefined }),
          speed_factor: fc.constantFrom(1, 1, 2, 0.8),
        }),
        { minLength: 1, maxLength: 3 },
      ),
      jobs: fc.array(
        fc.record({ ...work, delivery: amount, pickup: amount, skills: fc.subarray([1, 2]), priority: whole(100) }),
        {
          minLength: 1,
          maxLength: 4,
        },
      ),
      shipments: fc.array(fc.record({ amount, pickup: fc.record(work), delivery: fc.record(work) }), {
        maxLength: mostShipments,
      }),
    });
    let served = 0;
    await fc.assert(
      fc.asyncProperty(input, async ({ vehicles, jobs, shipments }) => {
        const json = {
          vehicles: vehicles.map((one, id) => ({ ...one, id })),
          jobs: jobs.map((one, id) => ({ ...one, id })),
          shipments: shipments.map((one, id) => ({ ...one, pickup: { ...one.pickup, id }, delivery: { ...one.delivery, id } })),
          matrices: { car: { durations: DURATIONS } },
        };
        const answer = await answered(JSON.parse(JSON.stringify(json))).catch((error: Error & { code?: number }) => {
          // A break that does not fit its shift is refused; a plan that does not hold would be code 1.
          if (error.code !== 2) throw error;
        });
        if (answer === undefined) return;
        const tasks = jobs.length + 2 * shipments.length;
        const done = answer.routes.reduce((sum, { steps }) => sum + steps.filter(({ job }) => job !== undefined).length, 0);
        expect(done + answer.unassigned.length).to.equal(tasks);
        served += done;
      }),
      // An engine that is wrong is found at once; making the example small is not worth a minute.
      { numRuns: 150, interruptAfterTimeLimit: 20_000, markInterruptAsFailure: false },
    );
    expect(served).to.be.above(50);
  }
  it('never answers with a route that does not hold, whatever jobs are asked', async function () {
    this.timeout(30_000);
    await holdsFor(0);
  });
  // Not run yet: the search does not come back from some of these (linked jobs on several kinds of crew).
  it('never answers with a route that does not hold, whatever shipments are asked', async function () {
    this.timeout(30_000);
    await holdsFor(2);
  });
});
