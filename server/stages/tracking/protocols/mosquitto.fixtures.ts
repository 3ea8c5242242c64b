import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer, type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const find = (name: string): string | null =>
  [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin']
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file)) ?? null;

/** Whether this machine can run a broker; else what to say when a test is skipped. */
export const mosquittoMissing = (): string | null =>
  find('mosquitto') !== null && find('mosquitto_passwd') !== null && find('mosquitto_pub') !== null
    ? null
    : 'Mosquitto is not on this machine; on Debian: apt-get install mosquitto mosquitto-clients';

export interface Mosquitto {
  readonly port: number;
  /** Starts it (again) on the same port. */
  start(): Promise<void>;
  /** Kills it at once. */
  kill(): Promise<void>;
  /** What a phone's own client would send: as this user, by the program that comes with the broker. */
  publish(user: string, topic: string, message: unknown, options?: readonly string[]): void;
  url(user: string): string;
  remove(): Promise<void>;
}

/** For tests: a real broker on a free port whose users (their password is their name, backwards) write below `owntracks/NAME` only. */
export async function aMosquitto(users: readonly string[], options: { anonymous?: boolean } = {}): Promise<Mosquitto> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-mosquitto-'));
  const file = (name: string): string => path.join(folder, name);
  const port = await freePort();
  const password = (user: string): string => [...user].reverse().join('');
  writeFileSync(file('passwords'), users.map((user) => `${user}:${password(user)}\n`).join(''));
  if (users.length > 0) execFileSync(find('mosquitto_passwd')!, ['-U', file('passwords')]);
  writeFileSync(file('rights'), 'user thuma\ntopic readwrite owntracks/#\n\npattern readwrite owntracks/%u/#\n');
  writeFileSync(
    file('mosquitto.conf'),
    [
      `listener ${port} 127.0.0.1`,
      `allow_anonymous ${options.anonymous ? 'true' : 'false'}`,
      ...(options.anonymous ? [] : [`password_file ${file('passwords')}`, `acl_file ${file('rights')}`]),
      'persistence false',
      ...(process.getuid?.() === 0 ? ['user root'] : []),
      '',
    ].join('\n'),
  );
  let broker: ChildProcess | null = null;

  async function start(): Promise<void> {
    broker = spawn(find('mosquitto')!, ['-c', file('mosquitto.conf')], { stdio: 'ignore' });
    for (let tries = 0; tries < 100; tries++) {
      if (await answers(port)) return;
      await pause(50);
    }
    throw new Error('mosquitto did not begin to listen');
  }
  async function kill(): Promise<void> {
    const process = broker;
    broker = null;
    if (process === null || process.exitCode !== null) return;
    await new Promise((resolve) => {
      process.once('exit', resolve);
      process.kill('SIGKILL');
    });
  }
  await start();
  return {
    port,
    start,
    kill,
    publish(user, topic, message, more = []) {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      const as = ['-u', user, '-P', password(user), '-q', '1'];
      execFileSync(find('mosquitto_pub')!, ['-h', '127.0.0.1', '-p', String(port), ...as, '-t', topic, '-m', text, ...more]);
    },
    url: (user) => `mqtt://${user}:${password(user)}@127.0.0.1:${port}`,
    async remove() {
      await kill();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
