import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page, WebSocketRoute } from 'playwright-core';
import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import type { VehiclePosition } from '../../server/stores/positions/contract.ts';
import type { JobView } from '../../server/stores/work/contract.ts';
import { openPage, openTestCity, report, signInAtDesk, type TestCity } from '../browser.fixtures.ts';

const VEHICLES = 500;
const JOBS = 2_000;
const BUDGET_MS = 16;
const PUSHES = 25;
/** A machine that is busy with something else must not decide: the best of so many rounds counts. */
const ROUNDS = 5;
/** Acknowledgements the page sends for what this test has put into its socket are not the server's. */
const ACK_ID = 900_000;

const idOf = (kind: number, n: number): string => `00000000-0000-7${kind}00-8000-${String(n).padStart(12, '0')}`;

/** The page talks to the real server; jobs and crews are multiplied on the way, positions are put into its real socket. */
describe('dispatch screen, ten times the city', function () {
  this.timeout(240_000);
  let browser: Browser;
  let city: TestCity;
  let page: Page;
  let socket: WebSocketRoute | null = null;

  before(async function () {
    this.timeout(300_000);
    const opened = await openTestCity();
    if (opened === null) return this.skip();
    ({ browser, city } = opened);
    for (const request of city.requests.slice(0, 12)) await report(city, request);
    ({ page } = await openPage(browser, city.running.server.base));
    await multiplyJobs(page);
    await multiplyShifts(page);
    await page.routeWebSocket(/socket\.io/, (route) => {
      const server = route.connectToServer();
      socket = route;
      route.onMessage((message) => {
        if (!String(message).startsWith(`43${ACK_ID}`)) server.send(message);
      });
    });
    await signInAtDesk(city, page);
    await page.locator('[data-map-ready]').waitFor({ timeout: 60_000 });
    await page.locator('.live-live').waitFor();
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });

  it('holds 2,000 jobs and 500 crews with only what is in sight in the page', async () => {
    await page.locator('.tab', { hasText: `Waiting ${JOBS.toLocaleString('en').replace(',', '')}` }).waitFor();
    expect(await page.locator('#queue-list [role=option]').count()).to.be.within(5, 60);
    expect(await page.locator('.crews tbody tr').count()).to.be.within(3, 60);
    const frames = await page.evaluate<number[]>(SCROLL);
    console.log(`      queue of ${JOBS} jobs: a scrolled frame ${middle(frames)} ms in the middle, p95 ${p95(frames)} ms`);
    expect(await page.locator('#queue-list [role=option]').count()).to.be.within(5, 60);
    await page.locator('#queue-list').focus();
    await page.keyboard.press('End');
    await page.locator(`#queue-list [aria-posinset="${JOBS}"][aria-selected=true]`).waitFor();
    await page.keyboard.press('Escape');
  });

  it('moves 500 vehicles once a second: the push to the map stays under 16 ms, p95', async () => {
    await page.evaluate(WATCH_PUSHES);
    let best = Infinity;
    let step = 0;
    for (let round = 0; round < ROUNDS && best > BUDGET_MS; round++) {
      await page.evaluate('void (window.pushes = [])');
      for (let n = 0; n < PUSHES; n++) {
        socket!.send(`42${ACK_ID + step}${JSON.stringify(['position', batch(step++)])}`);
        await page.waitForTimeout(1_000);
      }
      const pushes = await page.evaluate<number[]>('window.pushes');
      expect(pushes.length, 'each second is pushed at least once').to.be.at.least(PUSHES - 2);
      best = Math.min(best, p95(pushes));
      console.log(
        `      ${VEHICLES} vehicles at 1 Hz: map push ${middle(pushes)} ms in the middle, p95 ${p95(pushes)} ms of ${pushes.length}`,
      );
    }
    expect(best).to.be.at.most(BUDGET_MS);
    expect(await page.locator('.crews tbody tr').nth(2).innerText()).to.match(/\d+ s ago · phone/);
  });
});

/** Every job the server names so many times over, in a spread around its place. */
async function multiplyJobs(page: Page): Promise<void> {
  await page.route('**/api/jobs?limit=1000*', async (route) => {
    const { jobs } = (await (await route.fetch()).json()) as { jobs: JobView[] };
    const many = Array.from({ length: JOBS }, (_, n) => {
      const job = jobs[n % jobs.length]!;
      const roadPoint = { lon: job.roadPoint.lon + ((n * 37) % 100) / 2_000, lat: job.roadPoint.lat + ((n * 53) % 100) / 4_000 };
      return { ...job, id: idOf(1, n), number: 10_000 + n, state: 'ready', assignments: [], roadPoint };
    });
    await route.fulfill({ json: { jobs: many, next: null } });
  });
}

async function multiplyShifts(page: Page): Promise<void> {
  await page.route('**/api/shifts?day=*', async (route) => {
    const shifts = (await (await route.fetch()).json()) as DispatcherShift[];
    const many = Array.from({ length: VEHICLES }, (_, n) => ({
      ...shifts[n % shifts.length]!,
      id: idOf(2, n),
      crewNumber: n + 1,
      crewName: `Crew ${n + 1}`,
      state: 'on_duty',
      members: [],
    }));
    await route.fulfill({ json: many });
  });
}

/** All vehicles a little further on their way. */
function batch(step: number): { at: string; positions: VehiclePosition[] } {
  const at = new Date(Date.parse('2026-03-02T06:30:00.000Z') + step * 1_000).toISOString();
  const positions = Array.from({ length: VEHICLES }, (_, n) => ({
    vehicleId: idOf(3, n),
    shiftId: idOf(2, n),
    lon: 11.87 + (n % 25) * 0.008 + step * 0.0001,
    lat: 57.66 + Math.floor(n / 25) * 0.004,
    fixTime: at,
    receivedAt: at,
    ageSeconds: 0.4,
    accuracyMetres: 6,
    speedMps: 9,
    headingDegrees: (n * 29 + step * 3) % 360,
    source: 'crew_phone',
  }));
  return { at, positions };
}

const WATCH_PUSHES = `
  window.pushes = [];
  new PerformanceObserver((list) => {
    for (const { detail, duration } of list.getEntriesByName('map-push')) {
      if (detail.includes('vehicles')) window.pushes.push(duration);
    }
  }).observe({ entryTypes: ['measure'] });`;

/** From top to bottom in 120 frames; how long each frame took, in milliseconds. */
const SCROLL = `new Promise((resolve) => {
  const list = document.querySelector('#queue-list');
  const frames = [];
  let before = performance.now();
  const step = (n) => {
    list.scrollTop = (list.scrollHeight * n) / 120;
    requestAnimationFrame((now) => {
      frames.push(now - before);
      before = now;
      if (n < 120) step(n + 1);
      else resolve(frames.slice(2));
    });
  };
  step(0);
})`;

const at = (values: readonly number[], share: number): number =>
  Number([...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))]!.toFixed(1));
const middle = (values: readonly number[]): number => at(values, 0.5);
const p95 = (values: readonly number[]): number => at(values, 0.95);
