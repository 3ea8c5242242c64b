/** `npm run cluster`: several servers of one city on this machine, as compose.yaml has them on several. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { resolveDatabase } from '../db/engines/resolve-database.ts';
import { readConfig } from '../server/platform/config.ts';
import { makeHome } from '../server/platform/home.ts';
import { closeInOrder, endInOrder, type Closing } from '../server/platform/lifecycle.ts';
import { createLog } from '../server/platform/log.ts';
import { buildScreens } from './build-screens.ts';
import { startHaproxy } from './cluster/haproxy.ts';
import { findProgram } from './cluster/programs.ts';
import { startRedis } from './cluster/redis.ts';
import { startServers } from './cluster/start-servers.ts';
import { tellFailure, Usage } from './failure.ts';

const HELP = `npm run cluster [-- --nodes 3 --port 3000]
  --nodes N   servers side by side, 1 to 16 (3)
  --port N    of the balancer: the one address people open (PORT, or 3000)
PostgreSQL: DATABASE_URL, or the private one in THUMA_HOME. Redis: REDIS_URL, or redis-server of this machine. Balancer: haproxy of
this machine. The settings are those of npm start (.env.example). Ctrl-C ends all of it.`;
const CLOSE_MILLIS = 30_000;

async function main(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { nodes: { type: 'string', default: '3' }, port: { type: 'string' }, help: { type: 'boolean' } },
  });
  if (values.help) return console.log(HELP);
  const config = readConfig(process.env);
  const nodes = whole('nodes', values.nodes, 1, 16);
  const port = values.port === undefined ? config.port : whole('port', values.port, 1, 65_535);
  if (config.clock === 'simulated')
    throw new Usage('Several servers have the real clock only: a simulated one is one process’s own.');
  if (findProgram('haproxy') === undefined) {
    throw new Usage('No haproxy on this machine. Install it: apt-get install haproxy (Debian), brew install haproxy (macOS).');
  }
  await buildScreens(path.join(import.meta.dirname, '..'));
  makeHome(config.home);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-cluster-'));
  const opened: Closing[] = [{ name: 'folder', close: () => rmSync(folder, { recursive: true, force: true }) }];
  const log = createLog({ level: 'warn' });
  let closing = false;
  const close = (): Promise<boolean> => {
    closing = true;
    return closeInOrder(opened, log, CLOSE_MILLIS);
  };
  endInOrder(process, log, close);
  const say = (line: string): void => console.log(line);
  try {
    const database = await resolveDatabase({
      home: config.home,
      databaseUrl: config.databaseUrl ?? undefined,
      prefer: 'cluster',
      env: process.env,
    });
    opened.unshift({ name: 'database', close: () => database.stop() });
    say(database.describe);
    const redis = await startRedis(config.redisUrl ?? undefined);
    opened.unshift({ name: 'redis', close: () => redis.stop() });
    say(`Redis at ${new URL(redis.url).host}`);
    const servers = await startServers({
      count: nodes,
      folder,
      say,
      env: {
        DATABASE_URL: database.connection.url,
        REDIS_URL: redis.url,
        THUMA_HOME: config.home,
        HOST: '127.0.0.1',
        TRUST_PROXY: '1',
      },
    });
    opened.unshift({ name: 'servers', close: () => servers.stop() });
    say(`${nodes} servers: ${servers.bases.join(' ')} (logs in ${folder})`);
    const haproxy = await startHaproxy({
      bind: `127.0.0.1:${port}`,
      port,
      servers: servers.bases.map((base) => new URL(base).host),
      file: path.join(folder, 'haproxy.cfg'),
    });
    opened.unshift({ name: 'balancer', close: () => haproxy.stop() });
    haproxy.onEnd(() => {
      if (closing) return;
      console.error(`HAProxy has ended: ${haproxy.said().trim()}`);
      process.kill(process.pid, 'SIGTERM');
    });
    say(`ready http://127.0.0.1:${port}`);
  } catch (error) {
    await close();
    throw error;
  }
}

function whole(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new Usage(`--${name} takes a whole number from ${least} to ${most}, not "${text}".`);
}

try {
  await main(process.argv.slice(2));
} catch (error) {
  tellFailure(error);
  process.exit(1);
}
