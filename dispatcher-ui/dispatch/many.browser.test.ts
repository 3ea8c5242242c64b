import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { JobView } from '../../server/stores/work/contract.ts';
import { openPage, openTestCity, report, signInAtDesk, type TestCity } from '../browser.fixtures.ts';
import { feedFleet, WATCH_PUSHES, type FedFleet } from './fed-fleet.fixtures.ts';

const VEHICLES = 5_000;
const CREWS = 500;
const JOBS = 2_000;
const SECONDS = 12;

const idOf = (kind: number, n: number): string => `00000000-0000-7${kind}00-8000-${String(n).padStart(12, '0')}`;

/** The page talks to the real server; jobs and crews are multiplied on the way, positions are put into its real socket. */
describe('dispatch screen, ten times the city', function () {
  this.timeout(240_000);
  let browser: Browser;
  let city: TestCity;
  let page: Page;
  let fleet: FedFleet;

  before(async function () {
    this.timeout(300_000);
    const opened = await openTestCity();
    if (opened === null) return this.skip();
    ({ browser, city } = opened);
    for (const request of city.requests.slice(0, 12)) await report(city, request);
    ({ page } = await openPage(browser, city.running.server.base));
    await multiplyJobs(page);
    fleet = await feedFleet(page, {
      vehicles: VEHICLES,
      crewed: CREWS / VEHICLES,
      silent: 0.05,
      cutOff: 0.02,
      places: city.requests.flatMap(({ place }) => (place === null ? [] : [place])),
      atMs: city.requests[0]!.atMs,
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

  for (const [where, closer] of [
    ['the whole city', 0],
    ['some streets', 3],
  ] as const)
    it(`moves ${VEHICLES} vehicles once a second, ${where}: each push is the newest, and the next waits for the map`, async () => {
      for (let n = 0; n < closer; n++) {
        await page.locator('.maplibregl-ctrl-zoom-in').dispatchEvent('click');
        await page.waitForTimeout(1_000);
      }
      await page.evaluate(WATCH_PUSHES);
      for (let n = 0; n < SECONDS; n++) await fleet.second();
      const pushes = await page.evaluate<number[]>('window.pushes');
      // How often a map without a graphics card takes 5,000 vehicles is the machine's affair; npm run bench:map tells the time of a push.
      expect(pushes.length, 'it is pushed again').to.be.at.least(2);
      expect(pushes.length, 'it is not pushed more often than there is news').to.be.at.most(SECONDS * 2);
      console.log(
        `      ${VEHICLES} vehicles at 1 Hz, ${where}: map push ${middle(pushes)} ms in the middle, p95 ${p95(pushes)} ms of ${pushes.length} (software rendering)`,
      );
    });

  it('says so when no frame comes for three seconds, and goes on by itself', async () => {
    await fleet.second();
    expect(await page.locator('.map-frozen').count()).to.equal(0);
    await page.locator('.map-frozen', { hasText: /Frozen at 07:30/ }).waitFor({ timeout: 20_000 });
    fleet.breathe();
    await page.locator('.map-frozen').waitFor({ state: 'detached', timeout: 20_000 });
  });

  it('names the vehicles of the map in a list: how old, by whom, silent or cut off', async () => {
    await page.locator('.fleet-list summary').click();
    const list = page.locator('.fleet-list');
    await list.locator('li').first().waitFor();
    expect(await list.innerText()).to.match(/by its phone · ± 6 m/);
    await page.locator('.fleet-list summary').click();
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
