import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Actor } from '../../platform/actor.ts';
import { anonymousActor } from '../../platform/actor.ts';
import { startTestServer, tokenFor, type TestServer } from '../../platform/test-server.ts';
import { RecordedDayName, type RecordedDays } from './contract.ts';
import { keepRecordedDay, recordedDayName } from './files.ts';
import { recordedDayRoutes } from './http.ts';
import { aRecordedDay } from './recorded-days.fixtures.ts';

describe('recorded days', () => {
  let folder: string;
  let server: TestServer;
  let actor: Actor;
  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-days-'));
    actor = { ...anonymousActor, role: 'supervisor', accountId: '00000000-0000-7000-8000-000000000001' };
    server = await startTestServer({
      routes: recordedDayRoutes({ folder: path.join(folder, 'days'), city: () => ({ name: 'gothenburg', invented: true }) }),
      identify: () => Promise.resolve(actor),
    });
  });
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  const ask = async (address: string): Promise<{ status: number; body: unknown }> => {
    const reply = await fetch(server.url + address, { headers: { Authorization: `Bearer ${tokenFor('supervisor')}` } });
    return { status: reply.status, body: await reply.json() };
  };

  it('says how to make one while there is none', async () => {
    expect(await ask('/api/recorded-days')).to.deep.equal({
      status: 200,
      body: { days: [], command: 'npm run day -- --city gothenburg --date 2026-03-02' },
    });
  });

  it('lists what is kept, newest first, and gives each whole; one that cannot be read is said to be', async () => {
    const day = aRecordedDay();
    const file = await keepRecordedDay(path.join(folder, 'days'), day);
    utimesSync(file, new Date(1_000_000), new Date(1_000_000));
    writeFileSync(path.join(folder, 'days', 'dc-2026-01-27-seed2.json'), '{"format": 2}');
    writeFileSync(path.join(folder, 'days', 'notes.txt'), 'not a day');
    writeFileSync(path.join(folder, 'days', 'gothenburg-2026-03-02-seed9.json.new'), 'half');
    const { days } = (await ask('/api/recorded-days')).body as RecordedDays;
    expect(days.map(({ name, figures }) => [name, figures?.done ?? null])).to.deep.equal([
      ['dc-2026-01-27-seed2', null],
      ['gothenburg-2026-03-02-seed1', 1],
    ]);
    expect(await ask(`/api/recorded-days/${day.name}`)).to.deep.equal({ status: 200, body: day });
    expect((await ask('/api/recorded-days/dc-2026-01-27-seed2')).status).to.equal(409);
    expect((await ask('/api/recorded-days/dc-2026-01-27-seed3')).status).to.equal(404);
  });

  it('never leaves its folder', async () => {
    await keepRecordedDay(folder, aRecordedDay({ name: 'outside-2026-03-02-seed1' }));
    for (const name of [
      '..%2Foutside-2026-03-02-seed1',
      '..%2F..%2Fetc%2Fpasswd',
      '%2Fetc%2Fpasswd',
      'gothenburg-2026-03-02-seed1.json',
      'gothenburg-2026-03-02-seed1%00',
      'GOTHENBURG-2026-03-02-seed1',
    ]) {
      const { status } = await ask(`/api/recorded-days/${name}`);
      expect(status, name).to.be.oneOf([400, 404, 422]);
    }
    expect(RecordedDayName.safeParse('a/../b-2026-03-02-seed1').success).to.equal(false);
    expect(() => recordedDayName('../x', '2026-03-02', 1)).to.throw();
  });

  it('is for who sees the whole city', async () => {
    actor = { ...actor, organisationId: '00000000-0000-7000-8000-000000000002' };
    const { status, body } = await ask('/api/recorded-days');
    expect([status, (body as { type: string }).type]).to.deep.equal([403, '/problems/whole-city-only']);
  });
});
