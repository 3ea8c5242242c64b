// `npm run soak:malformed`: many malformed messages to every tracker endpoint and the socket, on a real database; ends with code
// 1 when one of them is a fault of ours, is not answered, or memory grows without bound.
import { parseArgs } from 'node:util';
import { stopTestCluster } from '../db/testing.ts';
import { sendMalformed } from '../server/stages/tracking/protocols/malformed.fixtures.ts';
import { startTrackers } from '../server/stages/tracking/protocols/tracker-stack.db.test.ts';
import { tellFailure } from './failure.ts';

const HELP = `npm run soak:malformed                 10,000 messages
npm run soak:malformed -- --messages 50000 --seed 3`;

/** Caches fill, and then they are full. */
const MOST_GROWN_BYTES = 150 * 1024 * 1024;

try {
  const { values } = parseArgs({
    options: {
      messages: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '7' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(HELP);
  else await run(Number(values.messages), Number(values.seed));
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
} finally {
  await stopTestCluster();
}

async function run(messages: number, seed: number): Promise<void> {
  const stack = await startTrackers();
  try {
    const report = await sendMalformed(stack, messages, seed);
    console.log(JSON.stringify(report));
    if (report.failures > 0 || report.grownBytes > MOST_GROWN_BYTES) process.exitCode = 1;
  } finally {
    await stack.close();
  }
}
