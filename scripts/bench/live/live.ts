/**
 * `npm run bench:live`: vehicles, dispatchers that look at the whole city, and how long a position takes from one to the other,
 * with real servers that sign in, check and store.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { tellFailure, Usage } from '../../failure.ts';
import { machine } from '../machine.ts';
import { measure } from './measure.ts';
import type { Load, Run } from './run.ts';
import { withNaiveServer, withServers } from './servers.ts';
import { sizesPicture } from './sizes-picture.ts';

const HELP = `npm run bench:live [-- --vehicles 10000 --dispatchers 20 --seconds 60 --nodes 1 --gateways 0 --answers --naive --freeze --json]
  --vehicles N      each with a fix a second (10000); several sizes with commas: --sizes
  --dispatchers N   each looking at the whole city (20)
  --seconds S       measured, after a warm-up (60)
  --nodes N         servers side by side, with Redis between them (1)
  --gateways N      vehicles are trackers that N sockets of an integrator pass on; 0: each has a WebSocket of its own
                    (0; 6 with several nodes or more than 15000 vehicles)
  --answers         each vehicle asks for an answer to each message, instead of being told every ten seconds what is stored
  --naive           the same load on a server that emits every position to every dispatcher, too
  --freeze          one dispatcher reads nothing for 60 s (or --seconds, if less) while the others are measured; and the same run
                    without that before it
  --sizes V:D,...   cost against size instead: vehicles of each step, with 20 dispatchers, then dispatchers of each step, with 10000
                    vehicles or the most of V, as 1000,2000,5000,10000,20000:1,5,20,60 (more than 18000 by gateways)
  --picture F.svg   of --sizes
  --json            one JSON object
Needs PostgreSQL with PostGIS, and as many open files as vehicles (ulimit -n).`;
const ORDINARY_SIZES = '1000,2000,5000,10000,20000:1,5,20,60';
const MOST_SOCKETS = 18_000;
const GATEWAYS = 6;

interface Options {
  readonly load: Load;
  readonly naive: boolean;
  readonly sizes: { readonly vehicles: readonly number[]; readonly dispatchers: readonly number[] } | null;
  readonly picture: string | null;
  readonly json: boolean;
}

async function main(args: string[]): Promise<number> {
  const options = readOptions(args);
  if (options === null) return 0;
  const { load } = options;
  const say = (line: string): void => void (options.json || console.log(line));
  const bench = (one: Load): Promise<Run> => withServers(one, say, (target) => measure(one, target, say));
  if (options.sizes !== null) return sizes(options, options.sizes, bench);
  const unfrozen = load.freeze ? await bench({ ...load, freeze: false }) : null;
  const ours = await bench(load);
  const naive = options.naive ? await withNaiveServer(load, (target) => measure(load, target, say)) : null;
  if (options.json) console.log(JSON.stringify({ bench: 'live', machine: machine(), ...ours, unfrozen, naive }));
  else {
    if (unfrozen !== null) show('thuma, nobody frozen', unfrozen);
    show('thuma', ours);
    if (naive !== null) show('one message per position', naive);
    console.log(machine());
  }
  return 0;
}

/** A run a size. */
async function sizes(
  { load, json, picture }: Options,
  wanted: NonNullable<Options['sizes']>,
  bench: (one: Load) => Promise<Run>,
): Promise<number> {
  const most = Math.min(10_000, Math.max(...wanted.vehicles));
  const pairs = [
    ...wanted.vehicles.map((vehicles) => ({ vehicles, dispatchers: 20 })),
    ...wanted.dispatchers.map((dispatchers) => ({ vehicles: most, dispatchers })),
  ];
  const runs: Run[] = [];
  for (const { vehicles, dispatchers } of pairs) {
    const known = runs.find((run) => run.vehicles === vehicles && run.dispatchers === dispatchers);
    const gateways = vehicles > MOST_SOCKETS ? GATEWAYS : load.gateways;
    if (known === undefined) runs.push(await bench({ ...load, vehicles, dispatchers, gateways }));
  }
  if (picture !== null) writeFileSync(picture, sizesPicture(runs));
  if (json) console.log(JSON.stringify({ bench: 'live-sizes', machine: machine(), runs }));
  else {
    const columns = [
      'vehicles',
      'dispatchers',
      'gateways',
      'p50_ms',
      'p99_ms',
      'server_cpu_percent',
      'database_cpu_percent',
      'rss_mb',
      'lost',
    ] as const;
    console.log(['', ...columns].join(' | '));
    for (const run of runs)
      console.log(['', ...columns.map((column) => String(run[column] ?? '-').padStart(column.length))].join(' | '));
    console.log(machine());
  }
  return 0;
}

function readOptions(args: string[]): Options | null {
  const { values } = parseArgs({
    args,
    options: {
      vehicles: { type: 'string', default: '10000' },
      dispatchers: { type: 'string', default: '20' },
      seconds: { type: 'string', default: '60' },
      nodes: { type: 'string', default: '1' },
      gateways: { type: 'string' },
      answers: { type: 'boolean', default: false },
      naive: { type: 'boolean', default: false },
      freeze: { type: 'boolean', default: false },
      sizes: { type: 'string' },
      picture: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return null;
  }
  const nodes = whole('nodes', values.nodes, 16);
  const vehicles = whole('vehicles', values.vehicles, 100_000);
  const ordinary = nodes > 1 || vehicles > MOST_SOCKETS ? GATEWAYS : 0;
  const gateways = values.gateways === undefined ? ordinary : whole('gateways', values.gateways, 1_000, 0);
  if (gateways === 0 && vehicles > MOST_SOCKETS)
    throw new Usage(`More than ${MOST_SOCKETS} sockets are no test of this machine: --gateways 6`);
  const [vehicleSizes, deskSizes] = (values.sizes === '' ? ORDINARY_SIZES : (values.sizes ?? '')).split(':');
  return {
    load: {
      vehicles,
      dispatchers: whole('dispatchers', values.dispatchers, 500),
      seconds: whole('seconds', values.seconds, 3_600),
      nodes,
      gateways,
      freeze: values.freeze,
      answers: values.answers,
    },
    naive: values.naive,
    sizes:
      values.sizes === undefined
        ? null
        : { vehicles: list('sizes', vehicleSizes, 100_000), dispatchers: list('sizes', deskSizes, 500) },
    picture: values.picture ?? null,
    json: values.json,
  };
}

function whole(name: string, text: string, most: number, least = 1): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < least || value > most) {
    throw new Usage(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
  }
  return value;
}

const list = (name: string, text: string | undefined, most: number): number[] =>
  text === undefined || text === '' ? [] : text.split(',').map((one) => whole(name, one, most));

function show(name: string, run: Run): void {
  console.log(`\n${name}`);
  for (const [key, value] of Object.entries(run)) console.log(`  ${key.padEnd(22)}${String(value ?? '-')}`);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
