import '../../db/testing.ts';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { JobWhy } from '../../server/stages/explaining/contract.ts';
import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import type { JobChange } from '../../server/stores/jobs/contract.ts';
import type { OverrideLedger } from '../../server/stores/overrides/contract.ts';
import type { PlanListed, PlanView } from '../../server/stores/plans/contract.ts';
import type { JobView } from '../../server/stores/work/contract.ts';
import {
  eventually,
  openTestDesk,
  seriousInBothThemes,
  type TestCity,
  type TestDesk,
  type Watched,
} from '../browser.fixtures.ts';

const REPORTS = 40;
const DAY = '2026-03-02';

/** What a desk is told of a plan: how good it is, why this crew, why nobody, and what would change that. */
describe('reasons, at the desk', function () {
  this.timeout(180_000);
  let opened: TestDesk | null = null;
  let city: TestCity;
  let desk: Watched;
  let page: Page;
  let ask: TestDesk['ask'];
  /** Its only window opens when every crew has gone home. */
  let late: JobView;
  /** Of two for the one crew with the skill, at the same time: one is left out. */
  let twins: readonly JobView[];
  /** Locked to a crew that cannot do it. */
  let locked: JobView;

  before(async function () {
    this.timeout(300_000);
    opened = await openTestDesk(REPORTS);
    if (opened === null) return this.skip();
    ({ city, desk, page, ask } = opened);
    const ready = (await ask<{ jobs: JobView[] }>('/api/jobs?limit=500&state=ready')).jobs;
    const potholes = ready.filter(({ jobType }) => jobType === 'pothole-repair');
    const [plain, one, other, held] = potholes;
    if (plain === undefined || one === undefined || other === undefined || held === undefined)
      throw new Error('too few potholes');
    await change(plain, { windows: [{ from: '2026-03-02T21:00:00.000Z', until: '2026-03-02T22:00:00.000Z' }] });
    const windows = [{ from: '2026-03-02T12:00:00.000Z', until: '2026-03-02T12:40:00.000Z' }];
    const twin = { slots: [{ skills: ['trees'], plant: [] }], windows, serviceSeconds: 1.5 * 3_600 };
    await change(one, twin);
    await change(other, twin);
    const shifts = await ask<DispatcherShift[]>(`/api/shifts?day=${DAY}`);
    const shiftId = shifts.find(({ crewName }) => crewName === 'Crew 1')?.id;
    await say('assignments', {
      type: 'assignment.assign',
      jobId: held.id,
      version: held.version,
      slot: 0,
      shiftId,
      lockCrew: true,
    });
    await change(await read(held), { slots: [{ skills: ['electric'], plant: [] }] });
    late = await read(plain);
    twins = [await read(one), await read(other)];
    locked = await read(held);
  });
  after(() => opened?.close());

  const say = (noun: 'jobs' | 'assignments', command: object) =>
    city.running.desk.post(`/api/${noun}/commands`, { envelope: { actionId: crypto.randomUUID() }, command });
  const change = (job: JobView, wanted: JobChange) =>
    say('jobs', { type: 'job.change', jobId: job.id, version: job.version, change: wanted });
  const read = ({ id }: Pick<JobView, 'id'>): Promise<JobView> => ask<JobView>(`/api/jobs/${id}`);
  const plannedOf = async (job: JobView) => (await read(job)).assignments.filter(({ state }) => state === 'planned');
  const newest = async (state: PlanListed['state']): Promise<PlanView> => {
    const listed = (await ask<PlanListed[]>(`/api/plans?day=${DAY}`)).find((plan) => plan.state === state);
    return ask<PlanView>(`/api/plans/${listed?.id ?? ''}`);
  };
  const open = async (id: string): Promise<void> => {
    await page.keyboard.press('Escape');
    await page.goto(`/?job=${(await ask<JobView>(`/api/jobs/${id}`)).number}`);
    await page.locator('.drawer .facts').first().waitFor();
  };
  const given = () =>
    page
      .getByText(/is given to /)
      .first()
      .waitFor();
  /** Takes the last change back as one does, by keyboard. */
  const undo = async (): Promise<void> => {
    await page.locator('#queue-list').focus();
    await page.keyboard.press('Control+z');
    await page.getByText('Taken back.', { exact: true }).waitFor();
  };

  it('says of a draft how far it can be from the best, as soon as that is proven', async () => {
    await page.getByRole('button', { name: 'Make a plan' }).click();
    const part = page.getByRole('region', { name: 'How good it is' });
    // Before it is proven it says whether that has begun.
    await part
      .getByText(/is not proven yet: that begins|is being proven at this moment|^No plan can be/)
      .first()
      .waitFor();
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
    await undo();
    expect(await plannedOf(late)).to.have.length(0);
    // The window was a part of the same change.
    expect((await read(late)).windows).to.deep.equal(late.windows);
  });

  it('unlocks what is locked to a crew that cannot do it, and takes back crew and lock together', async () => {
    const [before] = await plannedOf(locked);
    await open(locked.id);
    const part = page.getByRole('region', { name: 'Why nobody' });
    const cards = part.locator('.fitting');
    await cards.first().waitFor();
    // A skill is cheaper here, but it is not the desk's to give.
    expect(await cards.first().innerText()).to.contain('crew unlocked');
    await part.getByText('First what you can decide').waitFor();
    await part.getByRole('button', { name: /crew unlocked/ }).click();
    await given();
    const [after] = await plannedOf(locked);
    expect(after?.shiftId).to.not.equal(before?.shiftId);
    await undo();
    const [again] = await plannedOf(locked);
    expect([again?.shiftId, again?.lockCrew]).to.deep.equal([before?.shiftId, true]);
  });

  it('does a job instead of another, says what that costs the other, and takes both back together', async () => {
    const plan = await newest('published');
    const left = twins.find(({ id }) => plan.leftOut.some(({ jobId }) => jobId === id));
    const other = twins.find(({ id }) => id !== left?.id);
    if (left === undefined || other === undefined) throw new Error('both trees were planned');
    const [before] = await plannedOf(other);
    await open(left.id);
    const part = page.getByRole('region', { name: 'Why nobody' });
    const card = part.locator('.fitting', { hasText: `instead of job ${other.number}` });
    await card.getByText(`Job ${other.number} then waits for a crew.`).waitFor();
    expect(await seriousInBothThemes(page, 'what would fit a job')).to.deep.equal([]);
    await card.getByRole('button').click();
    await given();
    expect((await plannedOf(left)).map(({ shiftId }) => shiftId)).to.deep.equal([before?.shiftId]);
    expect((await read(other)).state).to.equal('ready');
    await undo();
    expect(await plannedOf(left)).to.have.length(0);
    expect((await plannedOf(other)).map(({ shiftId }) => shiftId)).to.deep.equal([before?.shiftId]);
  });

  it('leaves everything as it was when the last part of a change cannot be made', async () => {
    await open(late.id);
    const part = page.getByRole('region', { name: 'Why nobody' });
    const make = part.getByRole('button', { name: /allowed from/ }).first();
    await make.waitFor();
    await page.route('**/api/jobs/*/candidates?*', (route) =>
      route.fulfill({ status: 404, json: { title: 'gone', status: 404 } }),
    );
    await make.click();
    await page.locator('.notice-error').waitFor();
    await page.unroute('**/api/jobs/*/candidates?*');
    await eventually(async () => JSON.stringify((await read(late)).windows) === JSON.stringify(late.windows));
    expect(await plannedOf(late)).to.have.length(0);
    await page.locator('.notice').getByRole('button', { name: 'Close' }).click();
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
