// `npm run planner -- [--city NAME] [--concurrency N]`: a process that only plans. Any number of them, on any machines,
// share the plans that a city's server is asked for; the settings are those of `npm start`.
import { parseArgs } from 'node:util';
import { readConfig } from '../server/platform/config.ts';
import { closeInOrder, endInOrder, type Closing } from '../server/platform/lifecycle.ts';
import { createLog } from '../server/platform/log.ts';
import { startPlannerProcess } from '../server/planner-process.ts';
import { sentenceOf, tellFailure, Usage } from './failure.ts';

const HELP = `npm run planner -- [options]
    makes the plans that a city's server is asked for, on the database of the environment (as npm start); start as many
    as you like. Says "ready" and then, every ten seconds, how it is. Ctrl-C gives back what it is making.
  --city NAME        a folder of cities/ (left out: THUMA_CITY)
  --concurrency N    plans made at a time, each in a thread of its own (1)
  --lease SECONDS    how long nobody else takes a plan from a planner that gives no sign of life (15)`;
const HEALTH_MILLIS = 10_000;
const CLOSE_MILLIS = 10_000;

function whole(name: string, text: string, least: number, most: number): number {
  const n = Number(text);
  if (Number.isInteger(n) && n >= least && n <= most) return n;
  throw new Usage(`--${name} must be a whole number from ${least} to ${most}, not "${text}".`);
}

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: {
      city: { type: 'string' },
      concurrency: { type: 'string', default: '1' },
      lease: { type: 'string', default: '15' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(HELP);
  const config = readConfig({ ...process.env, ...(values.city === undefined ? {} : { THUMA_CITY: values.city }) });
  const log = createLog({ level: config.logLevel });
  const opened: Closing[] = [];
  endInOrder(process, log, () => closeInOrder(opened, log, CLOSE_MILLIS));
  try {
    const planner = await startPlannerProcess(
      {
        config,
        concurrency: whole('concurrency', values.concurrency, 1, 64),
        leaseSeconds: whole('lease', values.lease, 1, 600),
        log,
      },
      opened,
    );
    const tell = async (): Promise<void> => console.log(JSON.stringify({ health: await planner.health() }));
    const timer = setInterval(() => void tell(), HEALTH_MILLIS);
    opened.unshift({ name: 'health', close: () => clearInterval(timer) });
    console.log(`ready planner of ${config.city}`);
    await tell();
  } catch (error) {
    console.error(sentenceOf(error) ?? error);
    await closeInOrder(opened, log, CLOSE_MILLIS);
    process.exit(1);
  }
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}
