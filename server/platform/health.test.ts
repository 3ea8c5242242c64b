import { expect } from 'chai';
import { simulatedClock } from './clock.ts';
import type { Status } from './contract.ts';
import { healthRoutes, watchHealth, type Finding } from './health.ts';
import { quiet, startTestServer } from './test-server.ts';

describe('health', () => {
  let database: () => Finding | Promise<Finding>;
  let router: Finding;
  let wall: Date;
  let changes: Status[];

  const watch = () =>
    watchHealth({
      probes: [
        { name: 'database', look: () => database() },
        { name: 'router', look: () => router },
      ],
      clock: simulatedClock(new Date('2026-01-27T05:00:00Z')),
      wallClock: () => wall,
      lastSeq: () => 42,
      log: quiet,
      onChange: (status) => changes.push(status),
      patienceMillis: 30,
      everyMillis: 5,
    });

  beforeEach(() => {
    database = () => ({ state: 'ok' });
    router = { state: 'ok' };
    wall = new Date('2026-11-01T12:00:00Z');
    changes = [];
  });

  it('is not ready before it has looked, and says each dependency with since when', async () => {
    const health = watch();
    expect(health.status()).to.include({ ready: false });
    router = { state: 'degraded', detail: 'travel times are estimates', since: new Date('2026-11-01T11:00:00Z') };
    await health.look();
    expect(health.status()).to.deep.include({
      ready: true,
      degraded: ['router'],
      lastSeq: 42,
      clock: { kind: 'simulated', now: '2026-01-27T05:00:00.000Z' },
    });
    expect(health.status().dependencies[1]).to.deep.equal({
      name: 'router',
      state: 'degraded',
      since: '2026-11-01T11:00:00.000Z',
      detail: 'travel times are estimates',
    });
  });

  it('finds down what throws or does not answer, tells it once, and tells when it is back', async () => {
    const health = watch();
    await health.look();
    changes = [];
    database = () => Promise.reject(Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED' }));
    await health.look();
    await health.look();
    expect(changes).to.have.length(1);
    expect(changes[0]).to.deep.include({ ready: false, degraded: ['database'] });
    expect(JSON.stringify(changes)).not.to.contain('10.1.2.3');
    database = () => new Promise(() => undefined);
    await health.look();
    expect(health.status().dependencies[0]).to.include({ state: 'down', detail: 'does not answer' });
    database = () => ({ state: 'ok' });
    await health.look();
    expect(changes.at(-1)).to.deep.include({ ready: true, degraded: [] });
  });

  it('answers 503 while it is not ready, and when it closes', async () => {
    const health = watch();
    const server = await startTestServer({ routes: healthRoutes(health) });
    const ready = async () => (await fetch(`${server.url}/health/ready`)).status;
    expect(await ready()).to.equal(503);
    await health.look();
    expect(await ready()).to.equal(200);
    health.close();
    expect(await ready()).to.equal(503);
    expect((await fetch(`${server.url}/health/live`)).status).to.equal(200);
    const status = (await (await fetch(`${server.url}/api/status`)).json()) as Status;
    expect(status).to.include({ closing: true, ready: false });
    await server.close();
  });

  it('looks by itself until it is stopped', async () => {
    let looked = 0;
    let heard: () => void = () => undefined;
    const thrice = new Promise<void>((resolve) => (heard = resolve));
    database = () => {
      if (++looked === 3) heard();
      return { state: 'ok' };
    };
    const health = watch();
    health.start();
    await thrice;
    await health.stop();
  });
});
