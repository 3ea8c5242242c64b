import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import type { VroomAnswer } from '../routing/formats/vroom/answer.ts';
import { VroomRefusal } from '../routing/formats/vroom/refusal.ts';
import { answerVroom, failureOf, type VroomFailure, type VroomTools } from '../routing/formats/vroom/solve-vroom.ts';
import { warmEngine } from '../routing/formats/vroom/warm-engine.ts';
import { estimate, UNLEARNED } from '../routing/roads/estimate.ts';
import { osrm } from '../routing/roads/osrm.ts';
import type { RoadNetwork } from '../routing/roads/road-network.ts';
import { startPlanner } from '../routing/worker/start-planner.ts';
import { createLog } from '../server/platform/log.ts';
import { openRoads } from '../server/roads.ts';
import { loadCity } from '../server/stores/city/load.ts';
import { tellFailure, Usage } from './failure.ts';
import { cityFolder, ensureRoads } from './simulator/city-roads.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const HELP = `npm run solve -- FILE.json [options]
    solves a problem in VROOM's format and answers in it, on standard output; "-" reads standard input
  --seconds S    search so long at most (left out: what the file's options say, else 5; small problems end sooner)
  --seed N       another seed, another plan of the like (left out: 1)
  --city NAME    coordinates by the roads of a city of cities/
  --osrm URL     coordinates by a running osrm-routed
  --estimate     coordinates by the straight line, where nothing better answers; the answer says so
  -c, --plan     VROOM's plan mode: the times of the vehicles' steps, and what they break
  -g, --geometry the lines of the routes, and distances
  -o OUT         write the answer to a file
In a pipe: npm run --silent solve -- - < problem.json. Ends with VROOM's code: 0 solved, 1 our fault, 2 the input, 3 the roads.`;

const TIMEOUT_SECONDS = 60;
/** The engine's own limit is higher; a table of more takes minutes. */
const MOST_LOCATIONS = 10_000;
const MOST_SECONDS = 86_400;

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      seed: { type: 'string' },
      city: { type: 'string' },
      osrm: { type: 'string' },
      estimate: { type: 'boolean', default: false },
      plan: { type: 'boolean', short: 'c', default: false },
      geometry: { type: 'boolean', short: 'g', default: false },
      output: { type: 'string', short: 'o' },
      help: { type: 'boolean', default: false },
    },
  });
  const [file, ...rest] = positionals;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  if (file === undefined || rest.length > 0 || (values.city !== undefined && values.osrm !== undefined)) throw new Usage(HELP);
  const seconds = values.seconds === undefined ? null : numberOf('--seconds', values.seconds);
  const seed = values.seed === undefined ? 1 : Math.floor(numberOf('--seed', values.seed));
  const given = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8');

  const opened = await openTheRoads(values);
  const planner = startPlanner();
  const tools: VroomTools = {
    solve: warmEngine(planner),
    roads: opened.roads,
    seed,
    seconds,
    mostSeconds: seconds ?? MOST_SECONDS,
    mostLocations: MOST_LOCATIONS,
    mostVehicles: MOST_LOCATIONS,
    wallMillis: () => performance.now(),
  };
  let answer: VroomAnswer | VroomFailure;
  try {
    answer = await answerVroom(withFlags(parse(given), values), tools);
  } catch (error) {
    if (!(error instanceof VroomRefusal)) throw error;
    console.error(error.message);
    answer = failureOf(error).body;
  } finally {
    await planner.close();
    await opened.close();
  }
  const written = `${JSON.stringify(answer)}\n`;
  if (values.output === undefined) process.stdout.write(written);
  else await writeFile(values.output, written);
  return answer.code;
}

function parse(given: string): unknown {
  try {
    return JSON.parse(given);
  } catch (cause) {
    throw new VroomRefusal(2, '', `This is not JSON: ${cause instanceof Error ? cause.message : ''}`, { cause });
  }
}

/** The flags of the command line go before the file's own. */
function withFlags(json: unknown, flags: { plan: boolean; geometry: boolean; estimate: boolean; seconds?: string }): unknown {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return json;
  const { options, ...rest } = json as { options?: object };
  return {
    ...rest,
    options: {
      ...options,
      ...(flags.plan ? { c: true } : {}),
      ...(flags.geometry ? { g: true } : {}),
      ...(flags.estimate ? { estimate: true } : {}),
      ...(flags.seconds === undefined ? {} : { l: Number(flags.seconds) }),
    },
  };
}

interface OpenedRoads {
  readonly roads: RoadNetwork | null;
  close(): Promise<void>;
}

async function openTheRoads(flags: { city?: string; osrm?: string; estimate: boolean }): Promise<OpenedRoads> {
  const close = (): Promise<void> => Promise.resolve();
  const url = flags.osrm?.replace(/\/$/, '');
  if (url !== undefined) return { roads: osrm({ url: () => url, version: () => url, timeoutSeconds: TIMEOUT_SECONDS }), close };
  if (flags.city === undefined) return { roads: flags.estimate ? estimate({ ...UNLEARNED, version: 'estimate' }) : null, close };
  const { config } = await loadCity(cityFolder(ROOT, flags.city));
  const home = path.resolve(process.env['THUMA_HOME'] || path.join(ROOT, '.thuma'));
  await ensureRoads(config, { root: ROOT, home, say: console.error });
  const opened = await openRoads({
    home,
    city: config.name,
    osrmUrl: process.env['OSRM_URL'] || null,
    searchPath: process.env['PATH'],
    log: createLog({ level: 'fatal' }),
    onChange: () => undefined,
  });
  return { roads: opened.network, close: () => opened.stop() };
}

function numberOf(flag: string, given: string): number {
  const value = Number(given);
  if (given.trim() === '' || !Number.isFinite(value) || value < 0) throw new Usage(`"${given}" is no number for ${flag}.`);
  return value;
}
