import '../../db/testing.ts';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import { readPlanDocument } from '../../routing/documents/plan-document.ts';
import { verifyPlan } from '../../routing/verify/verify-plan.ts';
import type { PlanProof } from '../../server/stages/planning/proving/contract.ts';
import type { PlanListed, PlanRequest, PlanView } from '../../server/stores/plans/contract.ts';
import { openPage, openTestDesk, seriousInBothThemes, type TestDesk, type Watched } from '../browser.fixtures.ts';
import { pointsText } from '../state/plan-cost.ts';

const REPORTS = 30;
const DAY = '2026-03-02';

/** Every plan has a page of its own: what it is, how good, from what, and how to check that elsewhere. */
describe('page of a plan', function () {
  this.timeout(180_000);
  let opened: TestDesk;
  let desk: Watched;
  let page: Page;
  let planPage: Page;
  let poor: PlanView;

  before(async function () {
    this.timeout(300_000);
    const one = await openTestDesk(REPORTS);
    if (one === null) return this.skip();
    opened = one;
    ({ desk, page } = opened);
    // Without a search, so that there is something better to be found.
    const { body } = await opened.city.running.desk.post<PlanRequest>('/api/plans', { iterations: 0 });
    const { planId } = await opened.ask<PlanRequest>(`/api/plan-requests/${body.id}?waitSeconds=25`);
    poor = await opened.ask<PlanView>(`/api/plans/${planId ?? ''}`);
  });
  after(() => opened?.close());

  const overflow = (): Promise<number> =>
    planPage.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');

  it('is reached from the desk by keyboard, through the list of the day', async () => {
    await page.getByRole('region', { name: 'Plans of the day' }).getByRole('link').first().waitFor();
    await page.locator('#queue-list').focus();
    [planPage] = await Promise.all([page.context().waitForEvent('page'), page.keyboard.press('p')]);
    planPage.setDefaultTimeout(60_000);
    planPage.on('pageerror', (error) => desk.errors.push(error.message));
    const link = planPage.getByRole('navigation', { name: 'Plans of the day' }).getByRole('link').first();
    await link.focus();
    await planPage.keyboard.press('Enter');
    await planPage.getByRole('heading', { name: /^Plan of \d\d:\d\d draft/ }).waitFor();
    expect(new URL(planPage.url()).pathname).to.equal(`/plan/${poor.id}`);
    await planPage.goBack();
    await planPage.getByText('Choose a plan.').waitFor();
    await planPage.goForward();
    await planPage.getByText('Plan 1 of 1').waitFor();
  });

  it('says how far the proof is, then the bound, its kind and programme, and what it does not count', async () => {
    const part = planPage.getByRole('region', { name: /^How good it is/ });
    await part.getByText(/^No plan can be/).waitFor({ timeout: 90_000 });
    const proof = await opened.ask<PlanProof>(`/api/plans/${poor.id}/proof`);
    const said = await part.innerText();
    expect(said).to.contain(pointsText(proof.bound ?? 0));
    expect(said).to.contain('Every route that a crew could drive was priced.');
    expect(said).to.match(/priced in full \d+ times?, [\d,]+ routes? in it, \d+ cuts?/);
    expect(said).to.contain('Worked out again by separate code');
    expect(proof.relaxed.length > 0).to.equal(said.includes('A plan must keep these all the same'));
    // Codes of the engine are nobody's words.
    expect(said).to.not.match(/[a-z]_[a-z]/);
    expect(await seriousInBothThemes(planPage, 'page of a plan')).to.deep.equal([]);
  });

  it('hands out the file and the command that judges it, and it is accepted', async () => {
    const part = planPage.getByRole('region', { name: 'Check it yourself' });
    const [download] = await Promise.all([
      planPage.waitForEvent('download'),
      part.getByRole('link', { name: 'Export for an auditor' }).click(),
    ]);
    const command = await part.getByRole('region', { name: 'Command' }).innerText();
    expect(command).to.equal(`npm run verify -- ${download.suggestedFilename()}`);
    const chunks: Buffer[] = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
    const { problem, plan, certificate } = readPlanDocument(JSON.parse(Buffer.concat(chunks).toString()));
    const verdict = verifyPlan(problem, plan, certificate);
    expect(verdict.refusals).to.deep.equal([]);
    expect(verdict.bound).to.be.a('number');
  });

  it('offers the cheaper plan that came up, makes a draft of it, and that can be published at the desk', async () => {
    const { better } = await opened.ask<PlanProof>(`/api/plans/${poor.id}/proof`);
    if (better === null) throw new Error('no cheaper plan than one without a search was found');
    await planPage.getByText(`A plan ${better.cheaperPercent.toFixed(1)} % cheaper was found`).waitFor();
    await planPage.getByRole('button', { name: 'Look at it' }).click();
    await planPage.getByRole('link', { name: 'the plan it was made of' }).waitFor();
    // This city's clock stands still, so that both were asked for in the same moment.
    await planPage.getByText(/Plan [12] of 2/).waitFor();
    const id = new URL(planPage.url()).pathname.split('/').at(-1) ?? '';
    expect((await opened.ask<PlanView>(`/api/plans/${id}`)).cost.total).to.equal(better.cost);
    await planPage
      .getByText(/^No plan can be/)
      .first()
      .waitFor();
    await planPage.getByRole('link', { name: 'Decide about it in dispatch' }).click();
    await planPage.getByRole('button', { name: 'Publish' }).click();
    await planPage
      .getByText(/^Published: /)
      .first()
      .waitFor();
    const states = (await opened.ask<PlanListed[]>(`/api/plans?day=${DAY}`)).map((plan) => [plan.id, plan.state]);
    expect(Object.fromEntries(states)).to.deep.equal({ [id]: 'published', [poor.id]: 'superseded' });
  });

  it('is the same at another address bar: a colleague opens it, a stranger is asked to sign in', async () => {
    const links = await opened.city.running.links();
    const { url } = links.find(({ role }) => role === 'supervisor') ?? { url: '' };
    const colleague = await openPage(opened.browser, opened.city.running.server.base);
    await colleague.page.goto(url);
    await colleague.page.waitForURL((at) => !at.pathname.startsWith('/sign-in'));
    await colleague.page.goto(`/plan/${poor.id}`);
    await colleague.page.getByRole('heading', { name: /replaced before it was published/ }).waitFor({ timeout: 60_000 });
    await colleague.page.goto(`/plan/${poor.id.slice(0, 20)}`);
    await colleague.page.getByRole('heading', { name: 'There is no such plan.' }).waitFor();
    const stranger = await openPage(opened.browser, opened.city.running.server.base);
    await stranger.page.goto(`/plan/${poor.id}`);
    await stranger.page.getByRole('link', { name: /password/i }).waitFor();
    expect([...colleague.errors, ...stranger.errors]).to.deep.equal([]);
  });

  it('fits a narrow window, says when the server is away, and heals', async () => {
    await planPage.goto(`/plan/${poor.id}`);
    await planPage.getByRole('heading', { name: /^Plan of/ }).waitFor();
    await planPage.setViewportSize({ width: 390, height: 844 });
    expect(await overflow()).to.be.at.most(0);
    await planPage.context().setOffline(true);
    await planPage.getByText('The server cannot be reached.').waitFor();
    await planPage.getByRole('heading', { name: /^Plan of/ }).waitFor();
    await planPage.context().setOffline(false);
    await planPage.getByText('The server cannot be reached.').waitFor({ state: 'detached' });
    expect(desk.errors).to.deep.equal([]);
  });
});
