import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { UNDER_WATCH } from '../simulator/server-process.ts';

/** The folder of the PATH that holds a program, joined with it; undefined = it is not installed. */
export function findProgram(name: string, searchPath = process.env['PATH'] ?? ''): string | undefined {
  for (const folder of [...searchPath.split(path.delimiter), '/usr/sbin', '/usr/local/sbin']) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not in this one.
    }
  }
  return undefined;
}

/** A port of this machine that nobody listens on at the moment. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** A program that ends when whoever started it ends, however that ends. */
export interface WatchedProgram {
  readonly pid: number;
  /** What it has said so far. */
  said(): string;
  /** Whether it has ended. */
  ended(): boolean;
  onEnd(heard: () => void): void;
  /** SIGTERM, and SIGKILL after `STOP_MILLIS`. */
  stop(): Promise<void>;
}

const STOP_MILLIS = 5_000;

/** Starts a program in a group of its own (a terminal's Ctrl-C does not reach it), watched. */
export function startProgram(file: string, args: readonly string[]): WatchedProgram {
  const child: ChildProcess = spawn('/bin/sh', ['-c', UNDER_WATCH, 'thuma', file, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  let said = '';
  let over = false;
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => {
      over = true;
      child.stdin!.end('\n');
      resolve();
    });
  });
  child.stdin!.on('error', () => undefined);
  for (const stream of [child.stdout!, child.stderr!]) {
    stream.on('data', (data: Buffer) => {
      if (said.length < 20_000) said += data.toString();
    });
  }
  return {
    pid: child.pid!,
    said: () => said,
    ended: () => over,
    onEnd: (heard) => void gone.then(heard),
    async stop() {
      if (over) return;
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), STOP_MILLIS);
      await gone;
      clearTimeout(late);
    },
  };
}
