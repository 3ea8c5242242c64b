import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Usage } from '../failure.ts';
import { findProgram, startProgram, type WatchedProgram } from './programs.ts';

const run = promisify(execFile);

export interface Balanced {
  /** Left out: the servers are those named. Else a name that the network resolves to all of them, and how many at most. */
  readonly resolved?: { readonly name: string; readonly resolver: string; readonly most: number };
  /** Where people come in, as HAProxy binds it: `127.0.0.1:3000`, `:3000`. */
  readonly bind: string;
  /** host:port of each server. */
  readonly servers: readonly string[];
}

/**
 * The configuration of HAProxy in front of the servers of a city. A server that is not ready (closing, its database away) gets
 * nothing new within a second. WebSockets are one connection from beginning to end, so nothing has to stick. What a client
 * says of its own address is taken away, so that servers may believe the one proxy (TRUST_PROXY=1).
 */
export function haproxyConfig({ bind, servers, resolved }: Balanced): string {
  return `${[
    'defaults',
    '  mode http',
    '  timeout connect 2s',
    '  timeout client 30s',
    '  timeout server 75s',
    '  timeout tunnel 1h',
    '  timeout http-request 10s',
    '  option redispatch',
    '  retries 2',
    '',
    'frontend city',
    `  bind ${bind}`,
    '  http-request del-header X-Forwarded-For',
    '  http-request set-header X-Forwarded-Proto http',
    '  option forwardfor',
    '  default_backend servers',
    '',
    'backend servers',
    '  balance leastconn',
    '  option httpchk GET /health/ready',
    '  http-check expect status 200',
    '  default-server check inter 500ms fall 2 rise 1 on-marked-down shutdown-sessions',
    ...servers.map((address, n) => `  server server-${n + 1} ${address}`),
    ...(resolved === undefined
      ? []
      : [
          `  server-template server- ${resolved.most} ${resolved.name} resolvers network init-addr none`,
          '',
          'resolvers network',
          `  nameserver network ${resolved.resolver}`,
          '  hold valid 1s',
        ]),
  ].join('\n')}\n`;
}

/** @throws Usage with what HAProxy says about the file. */
export async function checkHaproxyFile(program: string, file: string): Promise<void> {
  await run(program, ['-c', '-f', file]).catch((error: unknown) => {
    throw new Usage(`HAProxy refuses its configuration: ${String((error as { stderr?: string }).stderr)}`);
  });
}

/**
 * Starts HAProxy in front of the servers; resolves when it listens.
 * @throws Usage when it is not installed, or says why it cannot start.
 */
export async function startHaproxy(
  balanced: Balanced & { readonly port: number; readonly file: string },
): Promise<WatchedProgram> {
  const program = findProgram('haproxy');
  if (program === undefined) {
    throw new Usage('No haproxy on this machine. Install it: apt-get install haproxy (Debian), brew install haproxy (macOS).');
  }
  writeFileSync(balanced.file, haproxyConfig(balanced));
  await checkHaproxyFile(program, balanced.file);
  // In the foreground, and without workers of its own that could be left behind.
  const running = startProgram(program, ['-db', '-f', balanced.file]);
  for (let tries = 0; !(await listens(balanced.port)); tries++) {
    if (running.ended() || tries > 200) {
      await running.stop();
      throw new Usage(`HAProxy did not start: ${running.said().trim() || `port ${balanced.port} stays closed`}`);
    }
    await sleep(25);
  }
  return running;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
