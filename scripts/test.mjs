/**
 * npm test: installs packages when needed, then runs every test: fast ones first, then those that need the embedded
 * database, PostgreSQL with PostGIS, OSRM, a browser. What the machine lacks is skipped loudly.
 *
 *   node scripts/test.mjs [--only fast|smoke|db|roads|browser] [part of a path ...]
 *
 * The last line is `N passed, N failed` (`, N skipped`); the exit code is 1 when anything failed.
 */
import './require-node.mjs';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensurePackages, root } from './packages.mjs';
import { KINDS, listTestFiles } from './test-files.mjs';

const USAGE = `Usage: npm test -- [--only ${KINDS.join('|')}] [part of a path ...]`;
const ABOUT = {
  fast: { title: 'Fast tests' },
  smoke: { title: 'Smoke tests on the embedded database' },
  db: {
    title: 'Tests on PostgreSQL with PostGIS',
    need: 'PostgreSQL 15 or newer with PostGIS (Debian: apt-get install postgresql-15-postgis-3; macOS: brew install postgresql@17 postgis), and the data they name',
  },
  roads: {
    title: 'Tests on real roads',
    need: 'PostgreSQL with PostGIS, OSRM (OSRM_URL, osrm-routed on the PATH, or Python 3 with pip and the network to fetch it once) and the data they name',
  },
  browser: {
    title: 'Tests in a browser',
    need: 'Chromium (Debian: apt-get install chromium; macOS: brew install --cask chromium)',
  },
};
/** A run that has told its result and still does not end has left something open; that is a failure too. */
const PATIENCE_MILLIS = 30_000;

async function main() {
  const { only, filters } = readArguments(process.argv.slice(2));
  const missing = await ensurePackages();
  if (missing !== null) stop(missing);
  const files = listTestFiles(root, filters);
  const kinds = KINDS.filter((kind) => (only === undefined || kind === only) && files[kind].length > 0);
  if (kinds.length === 0) stop('No test file matches.');
  const notRun = [];
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const kind of kinds) {
    console.log(`\n=== ${ABOUT[kind].title}: ${files[kind].length} file${files[kind].length === 1 ? '' : 's'}`);
    const counts = await runMocha(files[kind]);
    if (counts.skipped > 0) tellSkipped(kind, counts);
    if (counts.skipped > 0 && counts.passed === 0) notRun.push(kind);
    for (const name of ['passed', 'failed', 'skipped']) total[name] += counts[name];
  }
  for (const kind of notRun) console.log(`\n*** NOT RUN AT ALL: ${ABOUT[kind].title}. They need ${ABOUT[kind].need}.`);
  console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

function readArguments(args) {
  const filters = [];
  let only;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === '--help') {
      console.log(USAGE);
      process.exit(0);
    } else if (args[i] === '--only') {
      only = args[++i];
      if (!KINDS.includes(only)) stop(`--only takes one of ${KINDS.join(', ')}.`);
    } else if (args[i].startsWith('-')) {
      stop(`Unknown option ${args[i]}. ${USAGE}`);
    } else {
      filters.push(path.relative(root, path.resolve(args[i])).startsWith('..') ? args[i] : args[i].replace(/^\.\//, ''));
    }
  }
  return { only, filters };
}

/** One mocha process for all files of a kind; a run without a result (a crash) counts as one failure. */
async function runMocha(files) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-counts-'));
  const countsFile = path.join(folder, 'counts.json');
  const mocha = path.join(root, 'node_modules/mocha/bin/mocha.js');
  const options = ['--no-config', '--import=tsx', '--forbid-only', '--timeout=20000'];
  const reporter = ['--reporter', path.join(root, 'scripts/count-reporter.cjs'), '--reporter-option', `counts=${countsFile}`];
  try {
    const child = spawn(process.execPath, [mocha, ...options, ...reporter, ...files], { cwd: root, stdio: 'inherit' });
    const { code, hung } = await untilEnd(child, countsFile);
    if (!existsSync(countsFile)) return { passed: 0, failed: 1, skipped: 0, titles: [] };
    const counts = JSON.parse(readFileSync(countsFile, 'utf8'));
    if (hung) console.error('*** FAILED: the tests ended but left something open (a socket, a timer, a child process).');
    // Mocha's exit code also knows of failures outside any test.
    return { ...counts, failed: Math.max(counts.failed, hung || code !== 0 ? 1 : 0) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function untilEnd(child, countsFile) {
  return new Promise((resolve) => {
    let told;
    let hung = false;
    const watch = setInterval(() => {
      if (told === undefined && existsSync(countsFile)) told = performance.now();
      if (told !== undefined && performance.now() - told > PATIENCE_MILLIS) {
        hung = true;
        child.kill('SIGKILL');
      }
    }, 1_000);
    child.on('close', (code) => {
      clearInterval(watch);
      resolve({ code, hung });
    });
    // The terminal sends Ctrl-C to mocha as well, which stops what its tests started; we only wait for it.
    process.on('SIGINT', () => undefined);
  });
}

function tellSkipped(kind, { skipped, titles }) {
  const { need } = ABOUT[kind];
  console.log(`*** SKIPPED ${skipped} of these tests${need ? `. They need ${need}` : ''}:`);
  for (const title of titles.slice(0, 20)) console.log(`      ${title}`);
  if (titles.length > 20) console.log(`      and ${titles.length - 20} more`);
}

function stop(sentence) {
  console.error(sentence);
  process.exit(2);
}

await main();
