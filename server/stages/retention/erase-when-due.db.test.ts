import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { simulatedClock } from '../../platform/clock.ts';
import { quiet, startTestServer, type TestServer } from '../../platform/test-server.ts';
import { at, gridStreets, installed } from '../intake/dc.fixtures.ts';
import { intakeRoutes } from '../intake/http.ts';
import { retention } from './erase-when-due.ts';

const NOON = new Date('2026-01-27T17:00:00Z');
const DAY_MILLIS = 86_400_000;

describe('erasing what reporters said of themselves', () => {
  let fresh: FreshDb;
  let server: TestServer;

  before(async () => {
    fresh = await freshDb();
    const world = await installed(fresh.db, NOON);
    const streets = gridStreets();
    server = await startTestServer({
      routes: intakeRoutes({ tools: world.tools, city: () => world.city, streets: () => streets }),
      clock: world.clock,
    });
    const reply = await fetch(`${server.url}/api/cases`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
      body: JSON.stringify({
        serviceType: 'pothole',
        place: at(210, 393),
        words: 'by my door',
        contact: { name: 'Ada', phone: '1' },
      }),
    });
    expect(reply.status).to.equal(201);
  });
  after(async () => {
    await server.close();
    await fresh.drop();
  });

  const eraseAfter = (days: number, kept: number | null) =>
    retention({
      db: fresh.db,
      clock: simulatedClock(new Date(NOON.getTime() + days * DAY_MILLIS)),
      log: quiet,
      contactDays: () => kept,
    }).eraseDue();

  it('keeps it until its days are over, or for good where the city says so', async () => {
    expect(await eraseAfter(90, 90)).to.deep.equal({ contacts: 0, words: 0 });
    expect(await eraseAfter(9_000, null)).to.equal(null);
    expect(await fresh.db('private.contact').pluck('name')).to.deep.equal(['Ada']);
  });

  it('then takes name, address and words away once, and leaves the case', async () => {
    expect(await eraseAfter(91, 90)).to.deep.equal({ contacts: 1, words: 1 });
    expect(await eraseAfter(92, 90)).to.deep.equal({ contacts: 0, words: 0 });
    const [contact] = await fresh.db('private.contact');
    expect(contact).to.include({ name: null, email: null, phone: null });
    expect(await fresh.db('private.case_words')).to.deep.equal([]);
    expect(await fresh.db('cases').pluck('state')).to.deep.equal(['triaged']);
  });
});
