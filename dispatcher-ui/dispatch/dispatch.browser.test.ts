import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { JobView } from '../../server/stores/work/contract.ts';
import {
  eventually,
  gzippedKilobytes,
  openPage,
  openTestCity,
  report,
  seriousFindings,
  seriousInBothThemes,
  type TestCity,
  type Watched,
} from '../browser.fixtures.ts';

const REPORTS = 26;

describe('dispatch screen', function () {
  this.timeout(120_000);
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
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });

  const jobs = async (state = 'ready'): Promise<JobView[]> =>
    (await city.running.desk.get<{ jobs: JobView[] }>(`/api/jobs?limit=500&state=${state}`)).body.jobs;
  const job = async (id: string): Promise<JobView> => (await city.running.desk.get<JobView>(`/api/jobs/${id}`)).body;
  const rows = () => page.locator('#queue-list [role=option]');
  const tab = (name: string) => page.locator('.tab', { hasText: name });
  const countOf = async (name: string): Promise<number> => Number(/(\d+)$/.exec(await tab(name).innerText())![1]);
  const selectedId = async (): Promise<string> =>
    (await page.locator('[role=option][aria-selected=true]').getAttribute('id'))!.replace('job-', '');

  it('says how to sign in, and shows nothing of the city before', async () => {
    await page.goto('/');
    await page.getByRole('heading', { name: 'Sign in to dispatch' }).waitFor();
    expect(await page.locator('.console').count()).to.equal(0);
    expect(await page.getByRole('link', { name: 'Sign in with a password' }).getAttribute('href')).to.equal('/sign-in');
    expect(await seriousFindings(page)).to.deep.equal([]);
  });

  it('is signed in by a link, once, and shows what waits', async () => {
    const { url } = (await city.running.links()).find(({ role }) => role === 'dispatcher')!;
    await page.goto(url);
    await rows().first().waitFor();
    const waiting = await jobs();
    expect(waiting.length).to.be.above(5);
    expect(await countOf('Waiting')).to.equal(waiting.length);
    await page.getByText('requests and crews are invented').waitFor();
    await page.locator('[data-map-ready]').waitFor({ timeout: 60_000 });
    await page.locator('.live-live').waitFor();

    const second = await openPage(browser, city.running.server.base);
    await second.page.goto(url);
    await second.page.getByText(/used|not valid|expired/i).waitFor();
    await second.page.context().close();
  });

  it('makes a plan, shows the draft, publishes it: the crews have stops', async () => {
    await page.keyboard.press('o');
    await page.getByRole('button', { name: 'Publish' }).waitFor({ timeout: 60_000 });
    const waiting = (await jobs()).length;
    const added = Number(await page.locator('.tiles div', { hasText: 'New' }).locator('dd').innerText());
    expect(added).to.be.above(0);
    await page
      .getByRole('region', { name: 'How good it is' })
      .getByText(/proven|No plan can be/)
      .waitFor();
    await page.getByText('certificate checked').waitFor();
    expect(await jobs('planned,dispatched')).to.have.length(0);

    await page.getByRole('button', { name: 'Publish' }).click();
    await page.getByText(`Published: ${added} new`).waitFor();
    await eventually(async () => (await countOf('Waiting')) === (await jobs()).length);
    expect((await jobs()).length).to.equal(waiting - added);
    expect(await jobs('planned,dispatched')).to.have.length(added);
    expect(await page.locator('.strip .bar').count()).to.be.at.least(1);

    const next = page
      .locator('.crews tbody tr')
      .filter({ has: page.locator('.bar') })
      .first();
    await next.locator('th button').click();
    await page.locator('.stops .stop').first().waitFor();
    await page.getByText('Times and way: road network').waitFor();
  });

  it('shows a report that has just come in, gives it to a crew by keyboard, and takes that back', async () => {
    await page.keyboard.press('Escape');
    const before = new Set((await jobs()).map(({ id }) => id));
    let made: JobView | undefined;
    for (const request of city.requests.slice(REPORTS)) {
      await report(city, request);
      made = (await jobs()).find(({ id, jobType }) => !before.has(id) && jobType !== 'main-repair');
      if (made !== undefined) break;
    }
    await page.locator(`#job-${made!.id}`).waitFor();

    await page.keyboard.press('/');
    await page.keyboard.type(`#${made!.number}`);
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await selectedId()).to.equal(made!.id);
    await page.getByRole('heading', { name: 'Who could take it' }).waitFor();
    await page.locator('.candidate [aria-keyshortcuts="1"]').waitFor();
    const crew = await page.locator('.candidate').first().locator('.link').innerText();
    await page.keyboard.press('1');
    await page.getByText(`is given to ${crew}.`).waitFor();
    const given = await job(made!.id);
    expect(given.assignments.filter(({ state }) => state === 'planned')).to.have.length(1);
    expect(given.assignments.find(({ state }) => state === 'planned')?.lockCrew).to.equal(true);
    await page.getByRole('button', { name: `Take off ${crew}` }).waitFor();

    await page.keyboard.press('Control+z');
    await page.getByText('Taken back.').waitFor();
    expect((await job(made!.id)).state).to.equal('ready');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
  });

  it('two dispatchers at once: nothing is overwritten, the slower one sees how it stands', async () => {
    const [target] = (await jobs()).filter(({ jobType }) => jobType !== 'main-repair');
    await page.locator(`#job-${target!.id}`).click();
    await page.locator('.candidate [aria-keyshortcuts="2"]').waitFor();
    // This desk hears of it late: its readings are held back.
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/api/jobs?*', async (route) => {
      await held;
      await route.continue();
    });
    const [first] = (
      await city.running.desk.get<{ candidates: { shiftId: string; crewName: string; fit: object | null }[] }>(
        `/api/jobs/${target!.id}/candidates`,
      )
    ).body.candidates;
    await city.running.desk.post('/api/assignments/commands', {
      envelope: { actionId: crypto.randomUUID() },
      command: { type: 'assignment.assign', jobId: target!.id, version: target!.version, slot: 0, shiftId: first!.shiftId },
    });
    await page.keyboard.press('2');
    await page.getByText('Somebody changed this meanwhile').waitFor();
    release();
    await page.locator('.holder', { hasText: first!.crewName }).waitFor();
    await page.unroute('**/api/jobs?*');
    expect((await job(target!.id)).assignments.filter(({ state }) => state === 'planned')).to.have.length(1);
  });

  it('finds nothing serious by axe, in both themes, with a job, a crew, a draft, the menu and the help open', async () => {
    const findings: string[] = [];
    for (const request of city.requests.slice(REPORTS + 10, REPORTS + 20)) await report(city, request);
    await rows().first().waitFor();
    const look = async (what: string): Promise<void> => void findings.push(...(await seriousInBothThemes(page, what)));
    await page.keyboard.press('Escape');
    await look('start');
    await page.locator('.map-key summary').click();
    await page.getByRole('button', { name: /^Menu of/ }).click();
    await look('menu and key');
    await page.keyboard.press('Escape');
    await page.locator('.map-key summary').click();
    await page.locator('#queue-list').focus();
    await page.keyboard.press('j');
    await page.locator('.candidate').first().waitFor();
    await look('job');
    await page.locator('.crews tbody th button').first().click();
    await page.locator('.drawer .facts').waitFor();
    await look('crew');
    await page.keyboard.press('Escape');
    await page.keyboard.press('o');
    await page.getByRole('button', { name: 'Publish' }).waitFor({ timeout: 60_000 });
    await look('draft');
    await page.getByRole('button', { name: 'Discard' }).click();
    await page.getByText('The draft is discarded.').waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await look('help');
    await page.keyboard.press('Escape');
    expect(findings).to.deep.equal([]);
  });

  it('lets single keys be switched off', async () => {
    await page.keyboard.press('?');
    await page.getByLabel('Single-key shortcuts').uncheck();
    await page.keyboard.press('Escape');
    await page.keyboard.press('j');
    expect(await page.locator('[role=option][aria-selected=true]').count()).to.equal(0);
    await page.getByRole('button', { name: /^Menu of/ }).click();
    await page.getByRole('button', { name: 'Keyboard' }).click();
    await page.getByLabel('Single-key shortcuts').check();
    await page.keyboard.press('Escape');
  });

  it('asked nothing of any other host, broke nowhere, and is small enough', () => {
    expect(desk.outside).to.deep.equal([]);
    expect(desk.errors).to.deep.equal([]);
    expect(gzippedKilobytes(desk.assets)).to.be.below(700);
  });
});

/** Asks again until it is so; a test that waits for something that never comes fails by its timeout. */
