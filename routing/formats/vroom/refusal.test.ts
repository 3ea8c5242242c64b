import { expect } from 'chai';
import { aVehicle, aVroomJob, anInput, DURATIONS, DISTANCES, refusalOf, someTools } from './fixtures.ts';
import { failureOf } from './solve-vroom.ts';

const vehicle = (over: Record<string, unknown>) => anInput({ vehicles: [aVehicle(over)] });
const job = (over: Record<string, unknown>) => anInput({ jobs: [aVroomJob(1, 1, over)] });
const shipment = (over: Record<string, unknown>) =>
  anInput({
    jobs: [],
    shipments: [{ pickup: { id: 1, location_index: 1 }, delivery: { id: 1, location_index: 2 }, ...over }],
  });
const coordinates = { vehicles: [{ id: 1, start: [11, 57] }], jobs: [{ id: 1, location: [11.1, 57] }] };

/** Input, and the path that must be named. */
const REFUSED: Record<string, [unknown, string]> = {
  'no object': [[], ''],
  'no vehicle': [anInput({ vehicles: [] }), 'vehicles'],
  'no work': [anInput({ jobs: [] }), 'jobs'],
  'an unknown key at the top': [anInput({ foo: 1 }), 'foo'],
  'an unknown key of a job': [job({ skils: [1] }), 'jobs[0].skils'],
  'an unknown key of a vehicle': [vehicle({ max_load: 1 }), 'vehicles[0].max_load'],
  'an unknown option': [anInput({ options: { q: 1 } }), 'options.q'],
  'a text for an id': [job({ id: 'a' }), 'jobs[0].id'],
  'half a second': [job({ service: 1.5 }), 'jobs[0].service'],
  'a priority of 101': [job({ priority: 101 }), 'jobs[0].priority'],
  'a window that ends before it starts': [job({ time_windows: [[5, 1]] }), 'jobs[0].time_windows[0]'],
  'windows that overlap': [
    job({
      time_windows: [
        [1, 5],
        [3, 8],
      ],
    }),
    'jobs[0].time_windows',
  ],
  'a job twice': [anInput({ jobs: [aVroomJob(1, 1), aVroomJob(1, 2)] }), 'jobs[1].id'],
  'a vehicle twice': [anInput({ vehicles: [aVehicle(), aVehicle()] }), 'vehicles[1].id'],
  'a break twice': [vehicle({ breaks: [{ id: 1 }, { id: 1 }] }), 'vehicles[0].breaks[1].id'],
  'a job without a place': [anInput({ jobs: [{ id: 1 }] }), 'jobs[0].location_index'],
  'a job without coordinates': [{ ...coordinates, jobs: [{ id: 1 }] }, 'jobs[0].location'],
  'a place that the matrix has not': [anInput({ jobs: [aVroomJob(1, 9)] }), 'matrices.car.durations'],
  'a vehicle without start and end': [anInput({ vehicles: [{ id: 1 }] }), 'vehicles[0]'],
  'a matrix with a short row': [anInput({ matrices: { car: { durations: [[0, 1], [0]] } } }), 'matrices.car.durations[1]'],
  'a matrix with half a second': [
    anInput({
      matrices: {
        car: {
          durations: [
            [0, 1.5],
            [1, 0],
          ],
        },
      },
    }),
    'matrices.car.durations[0][1]',
  ],
  'a profile without a matrix': [vehicle({ profile: 'bike' }), 'vehicles[0].profile'],
  'profiles with different matrices': [
    anInput({
      vehicles: [aVehicle(), aVehicle({ id: 2, profile: 'bike' })],
      matrices: { car: { durations: DURATIONS }, bike: { durations: DISTANCES } },
    }),
    'vehicles[1].profile',
  ],
  'costs that are not the durations': [
    anInput({ matrices: { car: { durations: DURATIONS, costs: DISTANCES } } }),
    'matrices.car.costs[0]',
  ],
  'a price of kilometres without kilometres': [vehicle({ costs: { per_km: 2 } }), 'vehicles[0].costs.per_km'],
  'work at different prices': [
    anInput({ vehicles: [aVehicle(), aVehicle({ id: 2, costs: { per_task_hour: 5 } })] }),
    'vehicles[1].costs.per_task_hour',
  ],
  'a limit of kilometres': [vehicle({ max_distance: 5 }), 'vehicles[0].max_distance'],
  'a limit of the load in a break': [
    vehicle({ capacity: [1], breaks: [{ id: 1, max_load: [1] }] }),
    'vehicles[0].breaks[0].max_load',
  ],
  'a break with two windows': [
    vehicle({
      breaks: [
        {
          id: 1,
          time_windows: [
            [0, 10],
            [50, 60],
          ],
        },
      ],
    }),
    'vehicles[0].breaks[0].time_windows',
  ],
  'a break outside the shift': [
    vehicle({ time_window: [0, 900], breaks: [{ id: 1, service: 60, time_windows: [[850, 900]] }] }),
    'vehicles[0].breaks[0]',
  ],
  'a speed above 5': [vehicle({ speed_factor: 6 }), 'vehicles[0].speed_factor'],
  'different speeds that are no whole percentage': [
    anInput({ vehicles: [aVehicle(), aVehicle({ id: 2, speed_factor: 1.2 })] }),
    'vehicles[1].speed_factor',
  ],
  'amounts without a capacity': [job({ delivery: [1] }), 'jobs[0].delivery'],
  'a capacity of another size': [
    anInput({ vehicles: [aVehicle({ capacity: [1] }), aVehicle({ id: 2, capacity: [1, 2] })] }),
    'vehicles[1].capacity',
  ],
  'a vehicle without the capacity that another has': [
    anInput({ vehicles: [aVehicle({ capacity: [1] }), aVehicle({ id: 2 })] }),
    'vehicles[1].capacity',
  ],
  'an old matrix beside new ones': [anInput({ matrix: DURATIONS }), 'matrix'],
  'an amount of a shipment of another size': [shipment({ amount: [1] }), 'shipments[0].amount'],
  'an old amount beside a new one': [
    anInput({ vehicles: [aVehicle({ capacity: [1] })], jobs: [aVroomJob(1, 1, { amount: [1], pickup: [1] })] }),
    'jobs[0].amount',
  ],
  'a setup that neighbours share': [anInput({ jobs: [aVroomJob(1, 1, { setup: 5 }), aVroomJob(2, 1)] }), 'jobs[0].setup'],
  'a service that depends on the vehicle': [
    anInput({
      vehicles: [aVehicle({ type: 'van' }), aVehicle({ id: 2 })],
      jobs: [aVroomJob(1, 1, { service_per_type: { van: 5 } })],
    }),
    'jobs[0].service_per_type',
  ],
  'a setup that depends on the vehicle': [
    anInput({
      vehicles: [aVehicle({ type: 'van' }), aVehicle({ id: 2 })],
      jobs: [aVroomJob(1, 1, { setup_per_type: { van: 5 } })],
    }),
    'jobs[0].setup_per_type',
  ],
  'a step of a job that is not there': [vehicle({ steps: [{ type: 'job', id: 7 }] }), 'vehicles[0].steps[0].id'],
  'a step of a break that is not there': [vehicle({ steps: [{ type: 'break', id: 7 }] }), 'vehicles[0].steps[0].id'],
  'a step without an id': [vehicle({ steps: [{ type: 'job' }] }), 'vehicles[0].steps[0].id'],
  'a job in the steps twice': [
    vehicle({
      steps: [
        { type: 'job', id: 1 },
        { type: 'job', id: 1 },
      ],
    }),
    'vehicles[0].steps[1].id',
  ],
  'a forced time outside plan mode': [
    vehicle({ steps: [{ type: 'job', id: 1, service_at: 500 }] }),
    'vehicles[0].steps[0].service_at',
  ],
  'a forced time that cannot be kept': [
    anInput({ vehicles: [aVehicle({ steps: [{ type: 'job', id: 1, service_at: 50 }] })], options: { c: true } }),
    'vehicles[0].steps[0].service_at',
  ],
  'times of two kinds': [
    anInput({
      jobs: [aVroomJob(1, 1, { time_windows: [[0, 100]] }), aVroomJob(2, 2, { time_windows: [[1_700_000_000, 1_700_000_900]] })],
    }),
    'jobs[1].time_windows',
  ],
  'lines without coordinates': [anInput({ options: { g: true } }), 'options.g'],
};

describe('what a VROOM input is refused for', () => {
  for (const [what, [input, path]] of Object.entries(REFUSED)) {
    it(`names ${path === '' ? 'the whole' : path}: ${what}`, async () => {
      const refusal = await refusalOf(input);
      expect(refusal.path).to.equal(path);
      expect(refusal.message.startsWith(path)).to.equal(true);
      expect(failureOf(refusal).body.error).to.equal(refusal.message);
    });
  }

  it('has the codes of VROOM and the statuses of vroom-express', async () => {
    expect(failureOf(await refusalOf(anInput({ foo: 1 }))))
      .to.deep.include({ status: 400 })
      .and.have.nested.property('body.code', 2);
    expect(failureOf(await refusalOf(coordinates)))
      .to.deep.include({ status: 500 })
      .and.have.nested.property('body.code', 3);
    const small = someTools({ mostLocations: 1 });
    expect(failureOf(await refusalOf(anInput(), small)))
      .to.deep.include({ status: 413 })
      .and.have.nested.property('body.code', 2);
    expect(failureOf(new Error('the secret inner state'))).to.deep.equal({
      status: 500,
      body: { code: 1, error: 'Internal error.' },
    });
  });
});
