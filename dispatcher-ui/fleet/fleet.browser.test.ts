import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { devicePhone } from '../../scripts/simulator/device-phone.ts';
import { inventedRequests } from '../../scripts/simulator/requests.ts';
import { runDay } from '../../scripts/simulator/run-day.ts';
import type { FleetToday } from '../../server/stages/reporting/contract.ts';
import { loadCity } from '../../server/stores/city/load.ts';
import { currentDataset } from '../../server/stores/city/dataset.ts';
import { openStreets } from '../../server/stores/city/streets.ts';
import { keepRecordedDay, recordedDaysFolder } from '../../server/stores/recorded-days/files.ts';
import type { RecordedDay } from '../../server/stores/recorded-days/contract.ts';
import type { JobView } from '../../server/stores/work/contract.ts';
import {
  findBrowser,
  isLacking,
  launchBrowser,
  openPage,
  report,
  seriousFindings,
  startTestCity,
  type TestCity,
  type Watched,
} from '../browser.fixtures.ts';

const REPORTS = 24;
const PATIENCE = { timeout: 60_000 };

describe('fleet pages', function () {
  this.timeout(240_000);
  let browser: Browser;
  let city: TestCity;
  let watched: Watched;
  let page: Page;
  let home: string;
  const homeBefore = process.env['THUMA_HOME'];

  before(async function () {
    this.timeout(300_000);
    const executable = findBrowser();
    if (executable === null) return this.skip();
    // A home of its own, with the roads of the real one: recorded days of this machine are not looked at or added to.
    const real = path.resolve(homeBefore ?? '.thuma');
    home = mkdtempSync(path.join(os.tmpdir(), 'thuma-fleet-home-'));
    for (const folder of ['cities', 'osrm']) {
      mkdirSync(path.join(real, folder), { recursive: true });
      symlinkSync(path.join(real, folder), path.join(home, folder));
    }
    process.env['THUMA_HOME'] = home;
    try {
      city = await startTestCity();
    } catch (error) {
      if (isLacking(error)) return this.skip();
      throw error;
    }
    for (const request of city.requests.slice(0, REPORTS)) await report(city, request);
    browser = await launchBrowser(executable);
    watched = await openPage(browser, city.running.server.base);
    page = watched.page;
    page.setDefaultTimeout(PATIENCE.timeout);
  });
  after(async () => {
    if (homeBefore === undefined) delete process.env['THUMA_HOME'];
    else process.env['THUMA_HOME'] = homeBefore;
    await browser?.close();
    await city?.stop();
    if (home !== undefined) rmSync(home, { recursive: true, force: true });
  });

  const today = async (): Promise<FleetToday> => (await city.running.desk.get<FleetToday>('/api/fleet/today')).body;
  const big = (card: string) => page.locator(`section[aria-labelledby=${card}-title] .big-figure`);
  const panel = () => page.getByRole('complementary', { name: 'What the figure is made of' });
  const bigNumber = async (card: string): Promise<number> =>
    Number((await big(card).locator('b').innerText()).replace(/\D/g, ''));
  const inTheme = async (theme: 'light' | 'dark'): Promise<void> => {
    const now = await page.evaluate<string>(`document.documentElement.dataset.theme`);
    if (now !== theme) await page.getByRole('button', { name: theme === 'dark' ? 'Dark theme' : 'Light theme' }).click();
  };

  it('says how to sign in, and shows nothing of the city before', async () => {
    await page.goto('/fleet');
    await page.getByRole('heading', { name: 'Sign in to the fleet’s figures' }).waitFor();
    expect(await page.locator('.card').count()).to.equal(0);
    expect(await seriousFindings(page)).to.deep.equal([]);
  });

  it('a supervisor’s link leads to the figures, and they are the server’s', async () => {
    const { url } = (await city.running.links()).find(({ role }) => role === 'supervisor')!;
    await page.goto(url);
    await big('waiting').waitFor();
    expect(new URL(page.url()).pathname).to.equal('/fleet');
    const figures = await today();
    expect(figures.waiting.jobs).to.be.above(5);
    expect(await bigNumber('waiting')).to.equal(figures.waiting.jobs);
    expect(await bigNumber('done')).to.equal(0);
    expect(await page.locator('.loads tbody tr').count()).to.equal(figures.crews.length);
    await page.getByRole('img', { name: /^Live/ }).waitFor();
  });

  it('a figure opens what it is made of, by keyboard too, and a job there opens at the desk', async () => {
    await big('waiting').focus();
    await page.keyboard.press('Enter');
    await panel().getByRole('listitem').first().waitFor();
    expect(await panel().getByRole('listitem').count()).to.equal((await today()).waiting.jobs);
    expect(await page.evaluate<string>(`document.activeElement.textContent`)).to.equal('Waiting');
    await page.keyboard.press('Escape');
    await panel().waitFor({ state: 'detached' });
    expect(await page.evaluate<string>(`document.activeElement.className`)).to.contain('big-figure');

    await page.locator('.card-areas tbody button').first().click();
    const [area] = (await today()).waiting.areas;
    await panel().getByRole('listitem').first().waitFor();
    expect(await panel().getByRole('listitem').count()).to.equal(area!.jobs);
    const link = panel().getByRole('link').first();
    const number = await link.locator('b').innerText();
    expect(await link.getAttribute('href')).to.equal(`/?job=${number}`);
    const desk = await page.context().newPage();
    await desk.goto(`/?job=${number}`);
    await desk.locator('#side').getByText(number).first().waitFor(PATIENCE);
    await desk.goto(`/?crew=2`);
    await desk.locator('#side').getByRole('heading', { name: 'Crew 2' }).waitFor(PATIENCE);
    await desk.close();
    await page.keyboard.press('Escape');
  });

  it('what a crew finishes shows by itself', async () => {
    const { running } = city;
    const { jobs } = (await running.desk.get<{ jobs: JobView[] }>('/api/jobs?limit=500&state=ready')).body;
    const command = (body: object) =>
      running.desk.post('/api/assignments/commands', { envelope: { actionId: crypto.randomUUID() }, command: body });
    // Whom the rules let take it is for the desk; here somebody is sent by hand, as a dispatcher may.
    const shift = (await running.shifts())[0]!;
    const job = jobs.find(({ slots }) => slots.length === 1 && slots[0]!.skills.every((s) => shift.skills.includes(s)))!;
    await command({
      type: 'assignment.assign',
      jobId: job.id,
      version: job.version,
      slot: 0,
      shiftId: shift.id,
      lockCrew: false,
    });
    const read = async () => (await running.desk.get<JobView>(`/api/jobs/${job.id}`)).body.assignments.at(-1)!;
    const assigned = await read();
    await command({ type: 'assignment.dispatch', assignmentId: assigned.id, version: assigned.version });
    const { token } = await running.enrol(shift.members.find(({ kind }) => kind === 'vehicle')!.resourceId, 'Phone of the test');
    const phone = devicePhone({ base: running.server.base, token, shiftId: shift.id, seed: 11, traffic: running.traffic });
    const before = await bigNumber('done');
    const now = Date.parse((await today()).at);
    await phone.signOn(now);
    for (const type of ['field.travel', 'field.arrive', 'field.start'] as const)
      expect(await phone.fact({ type, assignmentId: assigned.id }, now, now)).to.deep.equal({ ok: true });
    expect(await phone.fact({ type: 'field.complete', assignmentId: assigned.id, fixesThrough: null }, now, now)).to.deep.equal({
      ok: true,
    });
    phone.close();
    await big('done')
      .getByText(String(before + 1), { exact: true })
      .waitFor();
    await big('done').click();
    await panel().getByText(String(job.number)).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: shift.crewName, exact: true }).click();
    await panel().getByText(String(job.number)).waitFor();
    await page.keyboard.press('Escape');
  });

  it('has no serious fault for screen readers, in either theme, with the panel open too', async () => {
    for (const theme of ['light', 'dark'] as const) {
      await inTheme(theme);
      expect(await seriousFindings(page), theme).to.deep.equal([]);
      await big('waiting').click();
      await panel().getByRole('listitem').first().waitFor();
      expect(await seriousFindings(page), `${theme}, panel`).to.deep.equal([]);
      await page.keyboard.press('Escape');
    }
  });

  it('with the server away it says so and keeps what it showed; then it heals', async () => {
    const shown = await bigNumber('waiting');
    const back = city.running.startServerAgain();
    await page.getByText(/The figures cannot be read at the moment/).waitFor();
    expect(await bigNumber('waiting')).to.equal(shown);
    await back;
    await page.getByText(/The figures cannot be read at the moment/).waitFor({ state: 'detached' });
    await page.getByRole('img', { name: /^Live/ }).waitFor();
    expect(await bigNumber('waiting')).to.equal(shown);
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate<number>(`document.documentElement.scrollWidth`)).to.be.at.most(390);
    await page.setViewportSize({ width: 1440, height: 900 });
  });

  it('says how to record a day while there is none', async () => {
    await page.getByRole('link', { name: 'Recorded days' }).click();
    await page.getByRole('heading', { name: 'No recorded day is kept here yet.' }).waitFor();
    await page.getByText('npm run day -- --city gothenburg').waitFor();
    expect(await seriousFindings(page)).to.deep.equal([]);
    await page.goto('/fleet/day/gothenburg-2026-03-02-seed99');
    await page.getByRole('alert').waitFor();
    await page.getByRole('link', { name: 'All recorded days' }).waitFor();
  });

  describe('a recorded morning', () => {
    let day: RecordedDay;
    before(async function () {
      this.timeout(300_000);
      const loaded = await loadCity(path.join(import.meta.dirname, '../../cities/gothenburg'));
      const dataset = (await currentDataset(home, 'gothenburg'))!;
      const requests = inventedRequests(loaded.config, await openStreets(dataset.folder), '2026-03-02', 5, 500);
      const { record } = await runDay({
        city: loaded,
        home,
        date: '2026-03-02',
        seed: 5,
        requests,
        crews: 5,
        planEveryMinutes: 30,
        iterations: 40,
        hours: [6, 9],
        say: () => undefined,
      });
      day = record;
      await keepRecordedDay(recordedDaysFolder(home), day);
    });

    const counts = async (): Promise<number[]> =>
      (await page.getByTestId('looks').locator('b').allInnerTexts()).map((text) => Number(text));

    it('is in the list, and its page has its figures, what held, and everything that was not done with its reason', async () => {
      await page.goto('/fleet/day');
      await page.getByRole('link', { name: 'Gothenburg, Mon 2 Mar 2026' }).click();
      await page.locator('[data-map-ready]').waitFor();
      const figure = (name: string) =>
        page
          .locator('.day-figures > div', { has: page.getByText(name, { exact: true }) })
          .locator('b')
          .innerText();
      expect(await figure('Reports')).to.equal(String(day.figures.requests.inDay));
      expect(await figure('Done')).to.equal(String(day.figures.done.jobs));
      expect(await page.locator('.promises li').count()).to.equal(Object.keys(day.figures.invariants).length);
      expect(await page.locator('.promises [aria-label=broken]').count()).to.equal(0);
      const showAll = page.getByRole('button', { name: /^Show all/ });
      if (await showAll.isVisible()) await showAll.click();
      const left = day.jobs.filter(({ outcome }) => outcome !== 'done' && outcome !== 'cancelled');
      expect(await page.locator('.left-out tbody tr').count()).to.equal(left.length);
      expect(await page.locator('.left-out tbody td:last-child').allInnerTexts()).to.not.include('');
    });

    it('is gone through by time, from the keyboard: the counts follow', async () => {
      const done = day.jobs.filter(({ outcome }) => outcome === 'done').length;
      const atEnd = await counts();
      expect(atEnd[3]! + atEnd[4]!).to.equal(done);
      await page.getByRole('slider', { name: 'Time of day' }).focus();
      await page.keyboard.press('Home');
      const atStart = await counts();
      expect(atStart[3]! + atStart[4]!).to.equal(0);
      expect(atStart.reduce((a, b) => a + b)).to.be.below(atEnd.reduce((a, b) => a + b));
      await page.keyboard.press('End');
      expect(await counts()).to.deep.equal(atEnd);
    });

    it('shows a chosen crew’s day in words', async () => {
      const crew = day.crews.find(({ stretches }) => stretches.some(({ kind }) => kind === 'work'))!;
      const row = page.getByRole('button', { name: crew.name, exact: true });
      await row.focus();
      await page.keyboard.press('Enter');
      expect(await row.getAttribute('aria-pressed')).to.equal('true');
      const first = crew.stretches.find(({ kind }) => kind === 'work')!;
      await page.locator('.stretches').getByText(`Work, job ${first.jobNumber}`).first().waitFor();
    });

    it('has no serious fault for screen readers in either theme, fits a phone, and asks nobody else', async () => {
      for (const theme of ['light', 'dark'] as const) {
        await inTheme(theme);
        expect(await seriousFindings(page), theme).to.deep.equal([]);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      expect(await page.evaluate<number>(`document.documentElement.scrollWidth`)).to.be.at.most(390);
      expect(watched.outside).to.deep.equal([]);
      expect(watched.errors).to.deep.equal([]);
    });
  });
});
