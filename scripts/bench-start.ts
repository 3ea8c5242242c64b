// `npm run bench:start [-- --json] [--embedded]`: how long a newcomer waits from clone to a living map, and what it costs.
import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs, promisify } from 'node:util';
import { tellFailure } from './failure.ts';
import { firstPublish, type FirstPublish } from './simulator/first-publish.ts';
import { readProcessTable, treeOf, type ProcessRow } from './simulator/process-tree.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const TARGET = { coldSeconds: 180, warmSeconds: 10 };
const PATIENCE_SECONDS = 900;
/** After "ready" the morning is played as fast as the machine can: the hungriest part of a demo. */
const WATCHED_SECONDS = 20;
const STOP_SECONDS = 30;
const SAMPLE_MILLIS = 500;
const HELP = `npm run bench:start [-- --embedded] [--json]
  Clones HEAD into a folder of its own and starts the demo there twice: with nothing installed, and again; the first time
  a browser signs in as the dispatcher, makes a plan and publishes it (seconds and clicks; not without Chromium).
  --embedded    on the embedded database instead of PostgreSQL
  --json        the figures as JSON on one line
Memory is what all its processes together have resident, from the start to 20 s after "ready"; what they share counts for each.
Needs git and what npm run demo needs; what npm and pip keep in their caches is used.`;

interface Step {
  readonly name: string;
  readonly seconds: number;
}

interface Started {
  readonly seconds: number;
  readonly steps: readonly Step[];
  readonly database: string;
  readonly peakRssMb: number;
  /** Null: nobody looked, or there is no browser. */
  readonly publish: FirstPublish | null;
}

const run = promisify(execFile);
const values = readOptions();
const say = (line: string): void => void (values.json || console.log(line));
const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-bench-start-'));
// The user postgres passes through it when we are root; the database inside stays private.
chmodSync(folder, 0o711);
/** The same both times: a demo finds the database of its port again. */
const port = await freePort();
let child: number | undefined;
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  process.once(signal, () => void stopDemo().finally(() => (clear(), process.exit(code))));
}

try {
  const { stdout: commit } = await run('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT });
  const { stdout: changed } = await run('git', ['status', '--porcelain', '--untracked-files=no'], { cwd: ROOT });
  if (changed !== '') console.error('HEAD is measured; what is changed here and not committed is not in it.');
  const clone = path.join(folder, 'thuma');
  const began = performance.now();
  await run('git', ['clone', '--quiet', '--no-hardlinks', ROOT, clone]);
  const cloned = secondsSince(began);
  const cold = await startDemo(clone, firstPublish);
  say(`cold ${cold.seconds.toFixed(1)} s, ${cold.peakRssMb} MB at most; ${cold.database}`);
  if (cold.publish !== null) say(`first plan published after ${cold.publish.seconds} s and ${cold.publish.clicks} clicks`);
  const warm = await startDemo(clone, () => Promise.resolve(null));
  say(`again ${warm.seconds.toFixed(1)} s, ${warm.peakRssMb} MB at most`);
  const result = {
    cold_seconds: cold.seconds,
    warm_seconds: warm.seconds,
    peak_rss_mb: Math.max(cold.peakRssMb, warm.peakRssMb),
    steps: [{ name: 'Clone', seconds: cloned }, ...cold.steps],
    first_publish: cold.publish && {
      seconds_from_ready: cold.publish.seconds,
      seconds_from_clone: Math.round((cloned + cold.seconds + cold.publish.seconds) * 10) / 10,
      clicks: cold.publish.clicks,
      said: cold.publish.said,
    },
    warm_steps: warm.steps,
    embedded: values.embedded,
    database: cold.database,
    commit: commit.trim(),
    within_target: cold.seconds <= TARGET.coldSeconds && (values.embedded || warm.seconds <= TARGET.warmSeconds),
    machine: {
      cpus: os.cpus().length,
      model: os.cpus()[0]?.model ?? 'unknown',
      memory_gb: Math.round(os.totalmem() / 2 ** 30),
      load_average: os.loadavg().map((load) => Math.round(load * 10) / 10),
      node: process.version,
    },
  };
  console.log(values.json ? JSON.stringify(result) : JSON.stringify(result, null, 2));
  if (!result.within_target) process.exitCode = 1;
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
} finally {
  await stopDemo().finally(clear);
}

/** Runs `npm run demo` in the clone until it says ready, watches it for a while and whatever `visit` does, and stops it again. */
async function startDemo(clone: string, visit: (link: string) => Promise<FirstPublish | null>): Promise<Started> {
  const began = performance.now();
  const demo = spawn('npm', ['run', '--silent', 'demo'], {
    cwd: clone,
    env: environment(),
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: ending it ends npm and what npm started.
    detached: true,
  });
  child = demo.pid;
  const lines: { readonly text: string; readonly at: number }[] = [];
  let said = '';
  let ended: number | null | undefined;
  const hear = (chunk: string): void => {
    said += chunk;
    for (let end = said.indexOf('\n'); end >= 0; end = said.indexOf('\n')) {
      lines.push({ text: said.slice(0, end), at: secondsSince(began) });
      said = said.slice(end + 1);
    }
  };
  for (const stream of [demo.stdout, demo.stderr]) stream.setEncoding('utf8').on('data', hear);
  demo.on('error', (error) => hear(`${error.message}\n`));
  demo.on('close', (code) => (ended = code));

  let peakKilobytes = 0;
  let seconds: number | undefined;
  let visiting: Promise<FirstPublish | null> | undefined;
  let visited = false;
  for (;;) {
    const rows = await processes();
    peakKilobytes = Math.max(
      peakKilobytes,
      rows.reduce((sum, { rssKilobytes }) => sum + rssKilobytes, 0),
    );
    seconds ??= lines.find(({ text }) => text.startsWith('ready '))?.at;
    if (seconds !== undefined && visiting === undefined) {
      const link =
        lines
          .find(({ text }) => text.startsWith('sign in once as dispatcher'))
          ?.text.split(' ')
          .at(-1) ?? '';
      visiting = visit(link).finally(() => (visited = true));
      // Told below, when the demo is stopped in order.
      visiting.catch(() => undefined);
    }
    if (ended !== undefined) throw new Error(`npm run demo ended by itself (code ${ended}):\n${tail(lines)}`);
    const now = secondsSince(began);
    if (seconds !== undefined && now > seconds + WATCHED_SECONDS && visited) break;
    if (seconds === undefined && now > PATIENCE_SECONDS)
      throw new Error(`not ready after ${PATIENCE_SECONDS} s:\n${tail(lines)}`);
    await sleep(SAMPLE_MILLIS);
  }
  const publish = (await visiting) ?? null;
  await stopDemo();
  const steps = stepsOf(lines);
  const server = lines.find(({ text }) => text.startsWith('Server '))?.text ?? '';
  return {
    seconds,
    steps,
    database: /\d s\s+(.*?)(?: in \/.*)?$/.exec(server)?.[1] ?? '',
    peakRssMb: Math.round(peakKilobytes / 1024),
    publish,
  };
}

/** As a newcomer's: nothing of the settings of whoever measures. */
function environment(): NodeJS.ProcessEnv {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|THUMA_|DATABASE_URL$|OSRM_URL$|NODE_OPTIONS$)/.test(name)),
  );
  return {
    ...inherited,
    PORT: String(port),
    THUMA_HOME: path.join(folder, 'home'),
    ...(values.embedded ? { THUMA_DATABASE: 'embedded' } : {}),
  };
}

/** What the demo says of its steps; the packages come before any of them. */
function stepsOf(lines: readonly { readonly text: string; readonly at: number }[]): Step[] {
  const steps: Step[] = [];
  const packages = lines.find(({ text }) => text.startsWith('Packages: ready'));
  if (packages !== undefined) steps.push({ name: 'Packages', seconds: packages.at });
  for (const { text } of lines) {
    const found = /^(Screens|Roads|Requests|Server)\s+([\d.]+) s/.exec(text);
    if (found !== null) steps.push({ name: found[1]!, seconds: Number(found[2]) });
  }
  return steps;
}

async function processes(): Promise<ProcessRow[]> {
  const { stdout } = await run('ps', ['-A', '-ww', '-o', 'pid=,ppid=,rss=,args='], { maxBuffer: 16 * 2 ** 20 });
  return treeOf(readProcessTable(stdout), child ?? -1, folder);
}

/** As by Ctrl-C. @throws Error when something of it still runs afterwards. */
async function stopDemo(): Promise<void> {
  if (child === undefined) return;
  const group = child;
  signal(group, 'SIGINT');
  const began = performance.now();
  let left = await processes();
  while (left.length > 0 && secondsSince(began) < STOP_SECONDS) {
    await sleep(200);
    left = await processes();
  }
  child = undefined;
  if (left.length === 0) return;
  for (const { pid } of left) signal(pid, 'SIGKILL', false);
  throw new Error(
    `still running ${STOP_SECONDS} s after Ctrl-C:\n${left.map(({ pid, command }) => `${pid} ${command}`).join('\n')}`,
  );
}

function signal(pid: number, name: NodeJS.Signals, group = true): void {
  try {
    process.kill(group ? -pid : pid, name);
  } catch {
    // It has ended meanwhile.
  }
}

function clear(): void {
  rmSync(folder, { recursive: true, force: true });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port: free } = probe.address() as AddressInfo;
      probe.close(() => resolve(free));
    });
  });
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10;
}

function tail(lines: readonly { readonly text: string }[]): string {
  return lines
    .slice(-15)
    .map(({ text }) => text)
    .join('\n');
}

function readOptions(): { embedded: boolean; json: boolean } {
  try {
    const { values: read } = parseArgs({
      options: {
        embedded: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (!read.help) return read;
    console.log(HELP);
    process.exit(0);
  } catch (error) {
    tellFailure(error);
    process.exit(1);
  }
}
