// `node scripts/run.mjs scripts/day.ts ...`: a command written in TypeScript, from a fresh clone too. Fetches the packages
// when they are missing or stale, then becomes that command (no second process that could be left behind).
import './require-node.mjs';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensurePackages, root } from './packages.mjs';

/** Those that work on the city of .env; a demo, a recorded day and a benchmark never touch it. */
const OF_THE_CITY = [
  'scripts/start.ts',
  'scripts/cluster.ts',
  'scripts/city.ts',
  'scripts/import.ts',
  'scripts/sign-in.ts',
  'scripts/planner.ts',
  'scripts/rebuild.ts',
  'scripts/export-plan.ts',
];

const [script, ...args] = process.argv.slice(2);
if (script === undefined) {
  console.error('Usage: node scripts/run.mjs SCRIPT.ts [its arguments]');
  process.exit(2);
}
const failure = await ensurePackages();
if (failure !== null) {
  console.error(failure);
  process.exit(1);
}
const settings = path.join(root, '.env');
// What the environment says itself stays.
if (OF_THE_CITY.includes(script) && existsSync(settings)) process.loadEnvFile(settings);
const file = path.resolve(root, script);
process.argv = [process.argv[0], file, ...args];
await import('tsx');
await import(pathToFileURL(file).href);
