/**
 * `npm run bench:movement`: what it costs to look at a position for events from movement, by how many vehicles there are and how
 * long they have been followed: the same figure everywhere says that the cost is constant.
 */
import { parseArgs } from 'node:util';
import type { SeenFix } from '../../server/stores/movements/watched-shifts.ts';
import type { MovementPolicy } from '../../server/stages/tracking/movement/movement-policy.ts';
import { depotSubject, VehicleWatch, type WatchedDay } from '../../server/stages/tracking/movement/vehicle-watch.ts';
import { watchedWay } from '../../server/stages/tracking/movement/watched-way.ts';
import { tellFailure } from '../failure.ts';
import { quantile } from '../../server/stages/crew-day/eta-spread.ts';
import { chanceOf } from '../simulator/chance.ts';

const HELP = `npm run bench:movement [-- --vehicles N --json]
  --vehicles N   only with so many (1000, 2000, 5000, 10000 and 20000)
  --json         one JSON object`;
const SIZES = [1_000, 2_000, 5_000, 10_000, 20_000];
const ROUNDS = 20;
const STOPS = 10;
const DEPOTS = 5;
const WAY_POINTS = 400;
/** Shared by the vehicles: what is measured is the look, not the memory of eight million points. */
const WAYS = 200;
const POLICY: MovementPolicy = {
  fenceMetres: 60,
  longStopSeconds: 1_200,
  offWayMetres: 400,
  offWaySeconds: 180,
  silentSeconds: 900,
  speedLimitMps: 33,
  speedingSeconds: 20,
};

interface Run {
  readonly vehicles: number;
  readonly positions: number;
  readonly changes: number;
  /** CPU, median of the rounds. */
  readonly microseconds_per_position: number;
  readonly first_half_microseconds: number;
  readonly second_half_microseconds: number;
}

/** Vehicles that drive about a city of some 20 km, each with ten stops, five depots and a way of four hundred points. */
function measure(vehicles: number): Run {
  const chance = chanceOf(vehicles, 'movement');
  const somewhere = () => ({ lon: -77.1 + chance.next() * 0.2, lat: 38.8 + chance.next() * 0.2 });
  const depots = Array.from({ length: DEPOTS }, (_, i) => ({ code: `depot-${i}`, place: somewhere() }));
  const ways = Array.from({ length: WAYS }, () => {
    const from = somewhere();
    const [east, north] = [(chance.next() - 0.5) * 1e-3, (chance.next() - 0.5) * 1e-3];
    const line = Array.from({ length: WAY_POINTS }, (_, k) => ({ lon: from.lon + east * k, lat: from.lat + north * k }));
    return { from, east, north, way: watchedWay('leg', line) };
  });
  const fleet = Array.from({ length: vehicles }, (_, i) => {
    const { from, east, north, way } = ways[i % WAYS]!;
    const day: WatchedDay = {
      places: [
        ...Array.from({ length: STOPS }, (__, k) => ({
          subject: `${i}-${k}`,
          jobId: `${i}-${k}`,
          assignmentId: `${i}-${k}`,
          points: [somewhere(), somewhere()],
          endedAt: null,
        })),
        ...depots.map(({ code, place }) => ({
          subject: depotSubject(code),
          jobId: null,
          assignmentId: null,
          points: [place],
          endedAt: null,
        })),
      ],
      onDutySince: 0,
      breaks: [],
      leg: 'leg',
      way,
    };
    return { watch: new VehicleWatch(`vehicle-${i}`, `shift-${i}`, 0), day, from, east, north };
  });
  const rounds: number[] = [];
  let changes = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    const fixes = fleet.map(({ watch, from, east, north }): SeenFix => ({
      vehicleId: watch.vehicleId,
      time: new Date(round * 1000),
      lon: from.lon + east * round * 0.1,
      lat: from.lat + north * round * 0.1,
      speedMps: 8,
    }));
    // Of the process, not of the wall: others work on the machine too.
    const began = process.cpuUsage();
    fleet.forEach(({ watch, day }, i) => (changes += watch.take(fixes[i]!, day, POLICY, round * 1000).length));
    const spent = process.cpuUsage(began);
    rounds.push((spent.user + spent.system) / vehicles);
  }
  const figure = (of: readonly number[]): number => Math.round(quantile(of, 0.5) * 100) / 100;
  return {
    vehicles,
    positions: vehicles * ROUNDS,
    changes,
    microseconds_per_position: figure(rounds),
    first_half_microseconds: figure(rounds.slice(0, ROUNDS / 2)),
    second_half_microseconds: figure(rounds.slice(ROUNDS / 2)),
  };
}

try {
  const { values } = parseArgs({
    options: { vehicles: { type: 'string' }, json: { type: 'boolean', default: false }, help: { type: 'boolean' } },
  });
  if (values.help) console.log(HELP);
  else {
    const runs = (values.vehicles === undefined ? SIZES : [Number(values.vehicles)]).map(measure);
    if (values.json) console.log(JSON.stringify({ runs }));
    else {
      for (const run of runs) {
        console.log(
          `${run.vehicles} vehicles: ${run.microseconds_per_position} us a position (first half ${run.first_half_microseconds}, ` +
            `second half ${run.second_half_microseconds})`,
        );
      }
    }
  }
} catch (error) {
  tellFailure(error);
}
