import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { checkHaproxyFile, haproxyConfig, startHaproxy } from './haproxy.ts';
import { findProgram, freePort, type WatchedProgram } from './programs.ts';

const COMPOSE = {
  bind: ':3000',
  servers: [],
  resolved: { name: 'server:3000', resolver: '127.0.0.11:53', most: 16 },
};

describe('HAProxy in front of several servers', function () {
  this.timeout(30_000);
  let program: string;
  let folder: string;
  const servers: Server[] = [];
  let haproxy: WatchedProgram | undefined;

  before(function () {
    const found = findProgram('haproxy');
    if (found === undefined) {
      if (process.env['CI'] === 'true') throw new Error('CI needs haproxy');
      console.warn('\n*** SKIPPED: HAProxy; install haproxy.\n');
      this.skip();
    }
    program = found;
    folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-haproxy-'));
  });
  after(async () => {
    await haproxy?.stop();
    for (const server of servers) server.close();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  it('takes both configurations; that of compose.yaml is the one in the folder', async () => {
    const file = path.join(import.meta.dirname, 'compose-haproxy.cfg');
    expect(readFileSync(file, 'utf8')).to.equal(haproxyConfig(COMPOSE));
    await checkHaproxyFile(program, file);
    const broken = path.join(folder, 'broken.cfg');
    writeFileSync(broken, haproxyConfig({ bind: 'nonsense:here', servers: [] }));
    let refused = '';
    await checkHaproxyFile(program, broken).catch((error: unknown) => (refused = String(error)));
    expect(refused).to.contain('nonsense');
  });

  it('sends nothing new to a server that is not ready, and believes no address that a client tells', async () => {
    const ready = [true, true];
    const forwarded: unknown[] = [];
    for (const n of [0, 1]) {
      const server = createServer((req, res) => {
        if (req.url === '/health/ready') res.statusCode = ready[n] ? 200 : 503;
        else forwarded.push(req.headers['x-forwarded-for']);
        res.end(String(n));
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      servers.push(server);
    }
    const port = await freePort();
    const addresses = servers.map((server) => `127.0.0.1:${(server.address() as AddressInfo).port}`);
    haproxy = await startHaproxy({ bind: `127.0.0.1:${port}`, port, servers: addresses, file: path.join(folder, 'haproxy.cfg') });
    const ask = async (): Promise<string> =>
      (await fetch(`http://127.0.0.1:${port}/`, { headers: { 'x-forwarded-for': '6.6.6.6', connection: 'close' } })).text();
    const heard = new Set<string>();
    for (let n = 0; n < 20; n++) heard.add(await ask());
    expect([...heard].sort()).to.deep.equal(['0', '1']);
    ready[0] = false;
    let without = 0;
    for (let n = 0; n < 200 && without < 10; n++, await sleep(50)) without = (await ask()) === '1' ? without + 1 : 0;
    expect(without).to.equal(10);
    expect(new Set(forwarded)).to.deep.equal(new Set(['127.0.0.1']));
  });
});
