import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { DriveClock, PaceWished, Status } from '../../server/platform/contract.ts';
import { eventually, openPage, openTestCity, seriousFindings, type TestCity } from '../browser.fixtures.ts';

/** The control of the simulated city's pace at two desks at once; the test itself is what plays the city. */
describe('pace control', function () {
  this.timeout(120_000);
  let browser: Browser;
  let city: TestCity;
  const pages: Page[] = [];

  before(async function () {
    this.timeout(300_000);
    const opened = await openTestCity();
    if (opened === null) return this.skip();
    ({ browser, city } = opened);
    for (const theme of ['light', 'dark'] as const) {
      const { page } = await openPage(browser, city.running.server.base, theme);
      page.setDefaultTimeout(60_000);
      const { url } = (await city.running.links()).find(({ role }) => role === 'dispatcher')!;
      await page.goto(url);
      await page.locator('.city-time b').waitFor();
      pages.push(page);
    }
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });

  const drive = async (over: Partial<DriveClock> = {}): Promise<number> => {
    const report = { driver: 'playing', pace: 10, ...over };
    return (await city.running.admin.post<PaceWished>('/api/clock/driver', report)).body.wished;
  };
  const wished = async (): Promise<number | undefined> =>
    (await city.running.desk.get<Status>('/api/status')).body.clock.pace?.wished;
  /** What plays a city says that it lives; this keeps saying so while `work` runs. */
  const whileDriven = async (work: () => Promise<void>): Promise<void> => {
    const beating = setInterval(() => void drive().catch(() => undefined), 1_000);
    await work().finally(() => clearInterval(beating));
  };
  const minuteOf = async (page: Page): Promise<number> => {
    const [hours, minutes] = (await page.locator('.city-time b').innerText()).split(':').map(Number);
    return hours! * 60 + minutes!;
  };

  it('is not there while nobody plays the city, and appears when somebody does', async () => {
    expect(await pages[0]!.locator('.pace').count()).to.equal(0);
    await whileDriven(async () => {
      for (const page of pages) await page.getByRole('radio', { name: '10 simulated seconds a second' }).waitFor();
      expect(await pages[0]!.locator('.pace input:checked').getAttribute('aria-label')).to.match(/^10 /);
      for (const page of pages) expect(await seriousFindings(page)).to.deep.equal([]);
    });
  });

  it('sets the pace by mouse and by keyboard, and every desk shows it', async () => {
    await whileDriven(async () => {
      const [one, other] = pages as [Page, Page];
      await one.getByRole('radio', { name: 'Pause' }).check({ force: true });
      for (const page of pages) await page.getByText('Paused', { exact: true }).waitFor();
      expect(await wished()).to.equal(0);
      await other.getByRole('radio', { name: 'Pause' }).focus();
      await other.keyboard.press('ArrowRight');
      await eventually(async () => (await wished()) === 1);
      await one.locator('.pace-choice input:checked[aria-label^="1 "]').waitFor({ state: 'attached' });
      expect(await one.getByText('Paused', { exact: true }).count()).to.equal(0);
    });
  });

  it('lets the clock run on by itself between the news, and not far', async () => {
    await whileDriven(async () => {
      const [page] = pages as [Page];
      const before = await minuteOf(page);
      await page.getByRole('radio', { name: /^60 / }).check({ force: true });
      await eventually(async () => (await minuteOf(page)) > before);
      // The city's own clock has not moved: without news of it a screen stops after less than five minutes.
      await page.waitForTimeout(6_000);
      expect(await minuteOf(page)).to.be.within(before + 1, before + 5);
    });
  });

  it('says when people plan, when the day is over and when what played it has failed', async () => {
    const [page] = pages as [Page];
    await drive({ deskHeld: true });
    await page.getByText('You plan', { exact: true }).waitFor();
    await drive({ driver: 'failed' });
    await page.getByText('Simulation stopped', { exact: true }).waitFor();
    await drive({ driver: 'ended' });
    await page.getByText('The day is over', { exact: true }).waitFor();
    expect(await page.locator('.pace').getByRole('radio').count()).to.equal(0);
    expect(await seriousFindings(page)).to.deep.equal([]);
  });
});
