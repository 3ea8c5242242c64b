import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { JobWhy } from '../../server/stages/explaining/contract.ts';
import type { OverrideLedger } from '../../server/stores/overrides/contract.ts';
import type { PlanListed, PlanView } from '../../server/stores/plans/contract.ts';
import type { JobView } from '../../server/stores/work/contract.ts';
import {
  eventually,
  openPage,
  openTestCity,
  report,
  seriousInBothThemes,
  signInAtDesk,
  type TestCity,
  type Watched,
} from '../browser.fixtures.ts';

const REPORTS = 24;
const DAY = '2026-03-02';

/** What a desk is told of a plan: how good it is, why this crew, why nobody, and what would change that. */
describe('reasons, at the desk', function () {
  this.timeout(180_000);
  let browser: Browser;
  let city: TestCity;
  let desk: Watched;
  let page: Page;
  /** Its only window opens when every crew has gone home. */
  let late: JobView;

  before(async function () {
    this.timeout(300_000);
    const opened = await openTestCity();
    if (opened === null) return this.skip();
    ({ browser, city } = opened);
    for (const request of city.requests.slice(0, REPORTS)) await report(city, request);
    const ready = (await ask<{ jobs: JobView[] }>('/api/jobs?limit=500&state=ready')).jobs;
    const plain = ready.find(({ jobType, slots }) => jobType !== 'main-repair' && slots.length === 1);
    if (plain === undefined) throw new Error('no plain job was reported');
    const windows = [{ from: '2026-03-02T21:00:00.000Z', until: '2026-03-02T22:00:00.000Z' }];
    await city.running.desk.post('/api/jobs/commands', {
      envelope: { actionId: crypto.randomUUID() },
      command: { type: 'job.change', jobId: plain.id, version: plain.version, change: { windows } },
    });
    late = await ask<JobView>(`/api/jobs/${plain.id}`);
    desk = await openPage(browser, city.running.server.base);
    page = desk.page;
    page.setDefaultTimeout(60_000);
    await signInAtDesk(city, page);
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });

  const ask = async <T>(path: string): Promise<T> => (await city.running.desk.get<T>(path)).body;
  const newest = async (state: PlanListed['state']): Promise<PlanView> => {
    const listed = (await ask<PlanListed[]>(`/api/plans?day=${DAY}`)).find((plan) => plan.state === state);
    return ask<PlanView>(`/api/plans/${listed?.id ?? ''}`);
  };
  const open = async (id: string): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.goto(`/?job=${(await ask<JobView>(`/api/jobs/${id}`)).number}`);
    await page.locator('.drawer .facts').first().waitFor();
  };

  it('says of a draft how far it can be from the best, as soon as that is proven', async () => {
    await page.getByRole('button', { name: 'Make a plan' }).click();
    const part = page.getByRole('region', { name: 'How good it is' });
    await part
      .getByText(/proven|No plan can/)
      .first()
      .waitFor();
    expect(await part.innerText()).to.match(/proven|No plan can/);
    const id = (await newest('draft')).id;
    await part.getByText(/^No plan can be/).waitFor({ timeout: 90_000 });
    const { bound, cost } = await ask<PlanView>(`/api/plans/${id}`);
    expect(bound).to.be.within(1, cost.total);
    expect(await part.innerText()).to.contain(Math.round(bound ?? 0).toLocaleString('en'));
    const document = await page.request.get(
      (await part.getByRole('link', { name: 'Export for an auditor' }).getAttribute('href')) ?? '',
    );
    expect(((await document.json()) as { certificate: { bound: number } }).certificate.bound).to.equal(bound);
    await page.getByText('What fewer changes would cost').click();
    const limits = page.getByRole('button', { name: /Make it/ });
    await limits.first().waitFor();
    // Nothing is in force yet, so no stop changes at any limit, and there is nothing to choose between.
    expect(await limits.count()).to.equal(1);
    await page.getByText('More changes would not make this day better.').waitFor();
    expect(await seriousInBothThemes(page, 'draft with its proof and curve')).to.deep.equal([]);
    await page.getByRole('button', { name: 'Publish' }).click();
    await page
      .getByText(/^Published: /)
      .first()
      .waitFor();
  });

  it('says why this crew, and what every other one would cost', async () => {
    const plan = await newest('published');
    const stop = plan.stops.find(({ slot }) => slot === 0);
    if (stop === undefined) throw new Error('nothing was planned');
    const { why, names } = await ask<JobWhy>(`/api/plans/${plan.id}/jobs/${stop.jobId}/why`);
    if (why.answer !== 'placed' && why.answer !== 'fixed') throw new Error(`it is ${why.answer}`);
    await open(stop.jobId);
    const part = page.getByRole('region', { name: `Why ${names.crews[why.shiftId] ?? ''}` });
    await part.waitFor();
    if (why.answer === 'placed' && why.alternatives.length > 0) {
      await part.locator('tbody tr').first().waitFor();
      const shown = await part.locator('tbody tr').count();
      expect(shown).to.equal(Math.min(5, why.alternatives.length));
      expect(await part.locator('tbody th').first().innerText()).to.contain(
        names.crews[why.alternatives[0]?.shiftId ?? ''] ?? '-',
      );
    }
    expect(await seriousInBothThemes(page, 'why this crew')).to.deep.equal([]);
  });

  it('says why nobody, makes the smallest change by keyboard, and the ledger knows it', async () => {
    await open(late.id);
    const part = page.getByRole('region', { name: 'Why nobody' });
    await part.getByText('Its time windows do not fit any crew’s day.').waitFor();
    const make = part.getByRole('button', { name: /allowed from/ }).first();
    await make.waitFor();
    expect(await seriousInBothThemes(page, 'why nobody')).to.deep.equal([]);
    await make.focus();
    await page.keyboard.press('Enter');
    await page
      .getByText(/is given to /)
      .first()
      .waitFor();
    const job = await ask<JobView>(`/api/jobs/${late.id}`);
    expect(Date.parse(job.windows[0]?.from ?? '')).to.be.below(Date.parse(late.windows[0]?.from ?? ''));
    expect(job.assignments.filter(({ state }) => state === 'planned')).to.have.length(1);
    const { overrides } = (await city.running.desk.get<OverrideLedger>('/api/overrides')).body;
    const [mine] = overrides.filter(({ jobId }) => jobId === late.id);
    expect([mine?.kind, mine?.against]).to.deep.equal(['give', 'left_out']);
    expect(mine?.reason).to.match(/^Smallest change that fits it: allowed from/);
    await eventually(async () => (await ask<OverrideLedger>('/api/overrides')).overrides[0]?.price !== null);
  });

  it('says so when an answer cannot be had, and reads it when it can', async () => {
    const plan = await newest('published');
    const stop = plan.stops.at(-1);
    await page.route('**/why?*', (route) => route.abort());
    await open(stop?.jobId ?? '');
    const part = page.getByRole('region', { name: /^Why / });
    await part.getByText('This part could not be read.').waitFor();
    await page.unroute('**/why?*');
    await part.getByText('This part could not be read.').waitFor({ state: 'detached' });
    expect(desk.errors).to.deep.equal([]);
  });

  it('fits a narrow window', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(late.id);
    const wider = await page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    expect(wider).to.be.at.most(0);
  });
});
