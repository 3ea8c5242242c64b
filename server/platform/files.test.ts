import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { serveFiles } from './files.ts';
import { startTestServer, type TestServer } from './test-server.ts';

describe('files', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-files-'));
  const ui = path.join(folder, 'ui');
  const map = path.join(folder, '.hidden', 'city.pmtiles');
  const pages = [
    { under: '/case/', file: 'report/index.html' },
    { under: '/', file: 'dispatch/index.html' },
  ];
  let baseMap: string | null = null;
  let server: TestServer;
  const get = (address: string, headers: Record<string, string> = {}) => fetch(server.url + address, { headers });

  before(async () => {
    mkdirSync(path.join(ui, 'assets'), { recursive: true });
    mkdirSync(path.dirname(map));
    writeFileSync(map, Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 256)));
    writeFileSync(path.join(folder, 'secret.txt'), 'secret');
    server = await startTestServer({ routes: [], files: serveFiles({ ui, pages, baseMap: () => baseMap }) });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('says how to build the screens when there are none', async () => {
    const reply = await get('/', { Accept: 'text/html' });
    expect(await reply.text()).to.contain('npm run demo');
  });

  it('serves the screens, one page for every address of theirs, assets for good', async () => {
    for (const screen of ['report', 'dispatch']) {
      mkdirSync(path.join(ui, screen));
      writeFileSync(path.join(ui, screen, 'index.html'), `<!doctype html><p>the ${screen} screen`);
    }
    writeFileSync(path.join(ui, 'assets', 'main-abc.js'), 'void 0');
    for (const [address, screen] of [
      ['/', 'dispatch'],
      ['/desk/plan', 'dispatch'],
      ['/cases', 'dispatch'],
      ['/case/abc_-1', 'report'],
    ] as const) {
      const reply = await get(address, { Accept: 'text/html' });
      expect(await reply.text(), address).to.contain(`the ${screen} screen`);
      expect(reply.headers.get('cache-control')).to.equal('no-cache');
    }
    expect((await get('/assets/main-abc.js')).headers.get('cache-control')).to.contain('immutable');
    for (const address of ['/assets/none.js', '/api/none', '/none.png', '/..%2fsecret.txt', '/%2e%2e/secret.txt', '/tiles/x']) {
      expect((await get(address, { Accept: 'text/html' })).status, address).to.be.oneOf([403, 404]);
    }
  });

  it('serves an asset packed where it is and the browser takes it', async () => {
    const text = 'void 1;'.repeat(500);
    writeFileSync(path.join(ui, 'assets', 'packed-abc.js'), text);
    writeFileSync(path.join(ui, 'assets', 'packed-abc.js.gz'), gzipSync(text));
    for (const [encoding, sent] of [
      ['gzip, br', 'gzip'],
      ['identity', null],
    ] as const) {
      const reply = await get('/assets/packed-abc.js', { 'Accept-Encoding': encoding });
      expect(reply.headers.get('content-encoding')).to.equal(sent);
      expect(reply.headers.get('content-type')).to.match(/^text\/javascript/);
      expect(reply.headers.get('cache-control')).to.contain('immutable');
      expect(reply.headers.get('vary')).to.contain('Accept-Encoding');
      expect(await reply.text()).to.equal(text);
    }
    expect((await get('/assets/..%2f..%2fsecret.js', { 'Accept-Encoding': 'gzip' })).status).to.equal(404);
  });

  it('serves the base map by ranges, and follows the dataset', async () => {
    expect((await get('/tiles/city.pmtiles')).status).to.equal(404);
    baseMap = map;
    const part = await get('/tiles/city.pmtiles', { Range: 'bytes=10-13' });
    expect(part.status).to.equal(206);
    expect([...new Uint8Array(await part.arrayBuffer())]).to.deep.equal([10, 11, 12, 13]);
    expect(part.headers.get('content-range')).to.equal('bytes 10-13/1000');
    expect(part.headers.get('etag')).to.match(/./);
    expect((await get('/tiles/city.pmtiles', { Range: 'bytes=5000-' })).status).to.equal(416);
    baseMap = path.join(folder, 'gone.pmtiles');
    const gone = await get('/tiles/city.pmtiles');
    expect([gone.status, gone.headers.get('content-type')]).to.deep.equal([404, 'application/problem+json; charset=utf-8']);
  });
});
