import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { Usage } from '../failure.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

/** What every bench of the engine can be asked. */
export interface BenchOptions {
  /** Seconds a run may take. null: the bench's own for the instance. */
  readonly seconds: number | null;
  /** Ends a run after so many iterations instead: repeatable. null = only the clock ends it. */
  readonly iterations: number | null;
  /** One run an instance each. */
  readonly seeds: readonly number[];
  /** Names of instances; null = all. */
  readonly only: readonly string[] | null;
  /** Searches that run side by side. */
  readonly searches: number;
  /** Run the peers too. */
  readonly peers: boolean;
  readonly json: boolean;
  /** The shared data: `data/vrp`, `data/dc` ... are below it. */
  readonly shared: string;
  /** Of `bench:vrplib`: where the instances are. */
  readonly folder: string | null;
  /** Of `bench:dispatch`: seconds of a long plan to measure against; null = what is known from before. */
  readonly reference: number | null;
  /** THUMA_HOME. */
  readonly home: string;
}

const HELP = `  --seconds S         seconds a run may take
  --iterations N      end a run after N iterations instead: repeatable
  --seeds 1,2,3       a run an instance with each of them (1)
  --only NAME,NAME    only these instances
  --searches N        searches side by side (as many as there are cores)
  --peers             other solvers too, at the same wall time (Python 3 with venv; fetched once into THUMA_HOME)
  --json              one JSON object instead of the table
  --shared DIR        the shared data (../shared)`;

/**
 * Reads the command line. null: help was asked for, and told.
 * @param about the command, what it does, and options of its own.
 * @throws Usage with what to type.
 */
export function readOptions(args: readonly string[], about: string): BenchOptions | null {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string' },
      iterations: { type: 'string' },
      seeds: { type: 'string', default: '1' },
      only: { type: 'string' },
      searches: { type: 'string' },
      peers: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      shared: { type: 'string' },
      folder: { type: 'string' },
      reference: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(`${about}\n${HELP}`);
    return null;
  }
  const amount = (name: 'seconds' | 'reference'): number | null => {
    const text = values[name];
    if (text === undefined) return null;
    const value = Number(text);
    if (!(value > 0 && value <= 86_400)) throw new Usage(`--${name} takes a number of seconds above 0, not "${text}".`);
    return value;
  };
  const whole = (name: string, text: string, least: number): number => {
    const value = Number(text);
    if (text === '' || !Number.isSafeInteger(value) || value < least)
      throw new Usage(`--${name} takes whole numbers of at least ${least}, not "${text}".`);
    return value;
  };
  return {
    seconds: amount('seconds'),
    iterations: values.iterations === undefined ? null : whole('iterations', values.iterations, 1),
    seeds: values.seeds.split(',').map((text) => whole('seeds', text, 0)),
    only: values.only?.split(',') ?? null,
    searches: values.searches === undefined ? os.availableParallelism() : whole('searches', values.searches, 1),
    peers: values.peers,
    json: values.json,
    shared: path.resolve(values.shared ?? path.join(ROOT, '../shared')),
    folder: values.folder === undefined ? null : path.resolve(values.folder),
    reference: amount('reference'),
    home: path.resolve(process.env['THUMA_HOME'] || path.join(ROOT, '.thuma')),
  };
}
