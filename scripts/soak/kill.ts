/** `npm run soak:kill`: kill -9 of the server and of PostgreSQL under load, with a history checker. */
import { parseArgs } from 'node:util';
import { machine } from '../bench/machine.ts';
import { tellFailure, Usage } from '../failure.ts';
import { killRun, type KillReport } from './kill-run.ts';

const HELP = `npm run soak:kill [-- --kills 50 --database-kills 10 --devices 12 --writers 8 --json]
  --kills N            of the server, by SIGKILL (50)
  --database-kills N   of PostgreSQL; every second time the server with it (10)
  --devices N          that send positions (12)
  --writers N          desks and crews that change work (8)
Ends with code 1 when anything acknowledged is lost or doubled, a marker is not its vehicle's newest trusted fix, or a server that
is wrong by design is not caught. Needs PostgreSQL with PostGIS.`;

async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '50' },
      'database-kills': { type: 'string', default: '10' },
      devices: { type: 'string', default: '12' },
      writers: { type: 'string', default: '8' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const whole = (name: 'kills' | 'database-kills' | 'devices' | 'writers'): number => {
    const value = Number(values[name]);
    if (Number.isSafeInteger(value) && value >= 1 && value <= 10_000) return value;
    throw new Usage(`--${name} takes a whole number from 1 to 10000, not "${values[name]}".`);
  };
  const report = await killRun({
    kills: whole('kills'),
    databaseKills: whole('database-kills'),
    devices: whole('devices'),
    writers: whole('writers'),
    say: (line) => void (values.json || console.log(line)),
  });
  const faults = faultsOf(report);
  if (values.json) console.log(JSON.stringify({ soak: 'kill', machine: machine(), ...report, faults }));
  else {
    const { ready_ms: ready, restored_ms: restored } = report;
    console.log(
      `${report.kills} kills of the server, ${report.database_kills} of PostgreSQL; ${report.repeats} requests sent again`,
    );
    console.log(
      `${report.changes} changes and ${report.fixes} fixes; ready again after ${span(ready)} ms, restored after ${span(restored)} ms`,
    );
    for (const [design, { lost, doubled }] of Object.entries(report.wrong_designs))
      console.log(`wrong by design, ${design}: ${lost.length} lost, ${doubled.length} doubled`);
    console.log(faults.length === 0 ? 'nothing acknowledged was lost, nothing is doubled' : faults.join('\n'));
    console.log(machine());
  }
  return faults.length === 0 ? 0 : 1;
}

const span = (numbers: readonly number[]): string =>
  numbers.length === 0 ? '-' : `${Math.min(...numbers)} to ${Math.max(...numbers)}`;

function faultsOf(report: KillReport): string[] {
  const named = (prefix: string, found: object) =>
    Object.entries(found).map(([name, list]) => [`${prefix} ${name}`, list] as const);
  const found: (readonly [string, readonly unknown[]])[] = [
    ...named('facts', report.facts_found),
    ...named('fixes', report.fixes_found),
    ['wrong markers', report.wrong_markers],
    ['failures', report.failures],
  ];
  const faults = found.flatMap(([name, list]) => (list.length === 0 ? [] : [`${name}: ${JSON.stringify(list.slice(0, 5))}`]));
  if (report.wrong_designs.early.lost.length === 0) faults.push('a server that acknowledges early was not caught');
  if (report.wrong_designs.keyless.doubled.length === 0) faults.push('a server without a key was not caught');
  return faults;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
