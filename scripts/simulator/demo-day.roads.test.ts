import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import '../../db/testing.ts';
import type { Status } from '../../server/platform/contract.ts';
import type { Enrolled } from '../../server/stores/accounts/contract.ts';
import { loadCity, type LoadedCity } from '../../server/stores/city/load.ts';
import { openStreets, type Streets } from '../../server/stores/city/streets.ts';
import type { EventPage, EventView } from '../../server/stores/events/contract.ts';
import type { PlanListed, PlanRequest } from '../../server/stores/plans/contract.ts';
import { apiClient, type ApiClient } from './api-client.ts';
import { ensureRoads } from './city-roads.ts';
import { playDemoDay } from './demo-day.ts';
import { dayOf, inventedRequests } from './requests.ts';
import { startCity, type RunningCity } from './running-city.ts';

const root = path.join(import.meta.dirname, '../..');
const home = path.resolve(process.env['THUMA_HOME'] ?? path.join(root, '.thuma'));
const DATE = '2026-03-02';
const HOUR_MS = 3_600_000;

/** An hour of the demo against the real server, database and router, with a person at the desk and one in a van. */
describe('a demonstrated day', function () {
  this.timeout(300_000);
  let folder: string;
  let city: LoadedCity;
  let streets: Streets;
  let running: RunningCity;
  let person: ApiClient;
  let cookie: string;
  const said: string[] = [];
  let day: Promise<void>;
  const startMs = (): number => dayOf(city.config, DATE).startMs + 8 * HOUR_MS;

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-demo-day-'));
    // The user postgres passes through it when we are root.
    chmodSync(folder, 0o711);
    city = await loadCity(path.join(root, 'cities/gothenburg'));
    const dataset = await ensureRoads(city.config, { root, home, say: () => undefined });
    streets = await openStreets(dataset.folder);
    const startAt = new Date(startMs());
    running = await startCity({ city, home, folder, serviceDay: DATE, startAt, crews: 4, demo: true });
    cookie = await running.cookie('dispatcher');
    person = apiClient(running.server.base, { kind: 'session', cookie }, running.traffic);
  });
  after(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const clock = async (): Promise<Status['clock']> => (await person.get<Status>('/api/status')).body.clock;
  const nowMs = async (): Promise<number> => Date.parse((await clock()).now);
  const put = (pace: number): Promise<Response> =>
    fetch(`${running.server.base}/api/clock/pace`, {
      method: 'PUT',
      headers: { cookie, 'content-type': 'application/json', 'thuma-request': '1', origin: running.server.base },
      body: JSON.stringify({ pace }),
    });
  const wish = async (pace: number): Promise<void> => {
    expect((await put(pace)).status).to.equal(200);
  };
  const until = async (what: () => Promise<boolean>): Promise<void> => {
    while (!(await what())) await sleep(50);
  };
  const eventsSince = async (after: number): Promise<readonly EventView[]> =>
    (await person.get<EventPage>(`/api/events?after=${after}&limit=1000`)).body.events;
  const lastSeq = async (): Promise<number> => (await person.get<Status>('/api/status')).body.lastSeq!;
  const plans = async (): Promise<PlanListed[]> => (await person.get<PlanListed[]>(`/api/plans?day=${DATE}`)).body;

  it('begins at its own pace, and stands still while it is paused', async () => {
    const { requests, ...rest } = inventedRequests(city.config, streets, DATE, 3, 200);
    const [shift] = await running.shifts();
    day = playDemoDay(
      running,
      { ...rest, requests: requests.filter(({ atMs }) => atMs < startMs() + HOUR_MS) },
      {
        config: city.config,
        streets,
        seed: 3,
        startMs: startMs(),
        watchFromMs: startMs(),
        endMs: startMs() + 5 * HOUR_MS,
        pace: 30,
        holdMs: Infinity,
        guestVehicleId: shift!.members.find(({ kind }) => kind === 'vehicle')!.resourceId,
        say: (line) => said.push(line),
      },
    );
    await until(async () => (await nowMs()) > startMs() + 60_000);
    expect((await clock()).pace).to.deep.include({ wished: 30, driver: 'playing' });

    await wish(0);
    let before = 0;
    // What was being done when the pause came is finished first.
    await until(async () => {
      const now = await nowMs();
      const stands = now === before;
      before = now;
      await sleep(400);
      return stands;
    });
    expect((await clock()).pace?.wished).to.equal(0);
    await wish(600);
    await until(async () => (await nowMs()) > before);
  });

  it('plans by itself, until a person has a draft: that is neither replaced nor published over', async () => {
    await until(async () => (await plans()).some(({ state }) => state === 'published'));
    let { body: asked } = await person.post<PlanRequest>('/api/plans', {});
    while (asked.state === 'waiting' || asked.state === 'running')
      asked = (await person.get<PlanRequest>(`/api/plan-requests/${asked.id}?waitSeconds=5`)).body;
    expect(asked.state).to.equal('made');
    await until(async () => (await clock()).pace?.deskHeld === true);
    const from = await nowMs();
    await until(async () => (await nowMs()) > from + 40 * 60_000);
    const [newest] = (await plans()).filter(({ state }) => state !== 'discarded');
    expect(newest).to.include({ id: asked.planId, state: 'draft' });
  });

  it('hands a crew over to whoever enrols with its code, and does nothing more for it', async () => {
    const [shift] = await running.shifts();
    const vehicleId = shift!.members.find(({ kind }) => kind === 'vehicle')!.resourceId;
    const { code } = await running.enrolmentCode(vehicleId, 'Guest');
    const nobody = apiClient(running.server.base, { kind: 'nobody' }, running.traffic);
    await nobody.post<Enrolled>('/api/devices/enrol', { code });
    await until(() => Promise.resolve(said.some((line) => line.startsWith(`${shift!.crewName} has a phone of its own`))));
    const seq = await lastSeq();
    const from = await nowMs();
    await until(async () => (await nowMs()) > from + 30 * 60_000);
    const events = await eventsSince(seq);
    expect(events.filter(({ by }) => by === 'crew').length).to.be.above(0);
    expect(events.filter(({ by, shiftId }) => by === 'crew' && shiftId === shift!.id)).to.deep.equal([]);
  });

  it('several people have reported one emergency, and it is one job', async () => {
    const { body } = await person.get<{ jobs: { emergency: boolean; caseCount: number }[] }>('/api/jobs?limit=500');
    expect(body.jobs.filter(({ emergency, caseCount }) => emergency && caseCount >= 3)).to.have.length.above(0);
  });

  it('says when its day is over, and takes no pace any more', async () => {
    await wish(3_600);
    await day;
    expect((await clock()).pace).to.deep.include({ driver: 'ended', deskHeld: false });
    expect((await put(10)).status).to.equal(409);
  });
});
