import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { JobView } from '../../server/stores/work/contract.ts';
import { routerPid, strike } from '../../scripts/simulator/faults.ts';
import { openPage, openTestCity, report, signInAtDesk, type TestCity, type Watched } from '../browser.fixtures.ts';

const REPORTS = 26;
const HEALS_MS = 90_000;

describe('dispatch screen, when something dies', function () {
  this.timeout(180_000);
  let browser: Browser;
  let city: TestCity;
  let desk: Watched;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    const opened = await openTestCity();
    if (opened === null) return this.skip();
    ({ browser, city } = opened);
    for (const request of city.requests.slice(0, REPORTS)) await report(city, request);
    desk = await openPage(browser, city.running.server.base);
    page = desk.page;
    await signInAtDesk(city, page);
    await page.locator('.live-live').waitFor();
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });

  const jobs = async (state = 'ready'): Promise<JobView[]> =>
    (await city.running.desk.get<{ jobs: JobView[] }>(`/api/jobs?limit=500&state=${state}`)).body.jobs;
  const askForTravelTimes = async (): Promise<void> => {
    const [one] = await jobs();
    await city.running.desk.get(`/api/jobs/${one!.id}/candidates`).catch(() => undefined);
  };
  const countOf = async (name: string): Promise<number> =>
    Number(/(\d+)$/.exec(await page.locator('.tab', { hasText: name }).innerText())![1]);
  it('the server: says so, goes on by itself when it is back, and keeps what was being typed', async () => {
    await page.locator('#queue-list').focus();
    await page.keyboard.press('j');
    await page.getByText('Read the reporter’s words').first().click();
    await page
      .getByLabel(/Why do you need to read them/)
      .first()
      .fill('to find the place');
    await page.locator('#queue-search').fill('#10');
    await city.running.server.stop();
    await page.getByText('The live connection is cut').waitFor({ timeout: 30_000 });
    await city.running.startServerAgain();
    await page.getByText('The live connection is cut').waitFor({ state: 'detached', timeout: HEALS_MS });
    expect(await page.locator('#queue-search').inputValue()).to.equal('#10');
    expect(
      await page
        .getByLabel(/Why do you need to read them/)
        .first()
        .inputValue(),
    ).to.equal('to find the place');
    await page.locator('#queue-search').fill('');
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    const before = await countOf('Waiting');
    for (const request of city.requests.slice(REPORTS, REPORTS + 10)) await report(city, request);
    expect((await jobs()).length).to.be.above(before);
    while ((await countOf('Waiting')) !== (await jobs()).length) await page.waitForTimeout(100);
  });

  it('the line: the chip grows old, then says since when the screen stands still, and all heals', async () => {
    await page.context().setOffline(true);
    await page.locator('.live-slow').waitFor({ timeout: 30_000 });
    await page.locator('.live-frozen', { hasText: 'Frozen at 07:30' }).waitFor({ timeout: 60_000 });
    await page.context().setOffline(false);
    await page.locator('.live-live').waitFor({ timeout: HEALS_MS });
  });

  it('the router: while it hangs, travel times are called estimates; afterwards they are not', async () => {
    const pid = (await routerPid(city.running.server.pid))!;
    const asking = setInterval(() => void askForTravelTimes(), 1_000);
    process.kill(pid, 'SIGSTOP');
    try {
      await page.getByText('The road engine is away').waitFor({ timeout: HEALS_MS });
      await page.locator('#queue-list').focus();
      await page.keyboard.press('j');
      await page.locator('.candidate .source-estimate').first().waitFor({ timeout: HEALS_MS });
    } finally {
      process.kill(pid, 'SIGCONT');
      clearInterval(asking);
    }
    await page.getByText('The road engine is away').waitFor({ state: 'detached', timeout: HEALS_MS });
  });

  it('the database: an assignment given meanwhile is not lost, and happens once', async () => {
    const [target] = (await jobs()).filter(({ jobType }) => jobType !== 'main-repair');
    await page.locator('#queue-search').fill(`#${target!.number}`);
    await page.locator(`#job-${target!.id}`).click();
    await page.locator('.candidate [aria-keyshortcuts="1"]').waitFor();
    const struck = strike(
      { what: 'database', atMs: 0 },
      { base: city.running.server.base, serverPid: city.running.server.pid, databasePid: () => city.running.database.pid() },
    );
    await page.keyboard.press('1');
    const again = page.getByRole('button', { name: 'Try again' });
    const given = page.getByText(`Job ${target!.number} is given to`);
    await given.or(again).first().waitFor({ timeout: HEALS_MS });
    await page.getByText('The database does not answer').waitFor({ state: 'detached', timeout: HEALS_MS });
    await struck;
    if (await again.isVisible()) await again.click();
    await given.waitFor({ timeout: HEALS_MS });
    const holders = (await city.running.desk.get<JobView>(`/api/jobs/${target!.id}`)).body.assignments;
    expect(holders.filter(({ state }) => state === 'planned')).to.have.length(1);
  });

  it('broke nowhere meanwhile', () => {
    expect(desk.errors).to.deep.equal([]);
  });
});
