import '../../db/testing.ts';
import { expect } from 'chai';
import type { Page } from 'playwright-core';
import type { PlanListed, PlanView } from '../../server/stores/plans/contract.ts';
import {
  eventually,
  openTestDesk,
  report,
  seriousInBothThemes,
  type TestDesk,
  type TestCity,
  type Watched,
} from '../browser.fixtures.ts';
import { differenceText, pointsText } from '../state/plan-cost.ts';

const REPORTS = 20;
const MORE_REPORTS = 12;
/** More than the search comes to while somebody looks: it has to be stopped. */
const NO_END_ITERATIONS = 1_000_000;
const DAY = '2026-03-02';

/** Asking for a plan within a limit of changes, watching the search, ending it early, and what the draft then says of itself. */
describe('search for a plan, at the desk', function () {
  this.timeout(120_000);
  let opened: TestDesk | null = null;
  let city: TestCity;
  let desk: Watched;
  let page: Page;
  /** What the desk asked for, in order. */
  const asked: { maxChanges?: number }[] = [];

  before(async function () {
    this.timeout(300_000);
    opened = await openTestDesk(REPORTS);
    if (opened === null) return this.skip();
    ({ city, desk, page } = opened);
  });
  after(() => opened?.close());

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const plans = async (): Promise<PlanListed[]> => (await city.running.desk.get<PlanListed[]>(`/api/plans?day=${DAY}`)).body;
  const newestPlan = async (): Promise<PlanView> => {
    const [newest] = (await plans()).filter(({ state }) => state === 'draft');
    return (await city.running.desk.get<PlanView>(`/api/plans/${newest!.id}`)).body;
  };
  /** The city plans by iterations; from here on by so many that only the desk ends a search. */
  const withoutEnd = () =>
    page.route('**/api/plans', async (route) => {
      if (route.request().method() !== 'POST') return route.continue();
      const body = route.request().postDataJSON() as { maxChanges?: number };
      asked.push(body);
      await route.continue({ postData: { ...body, iterations: NO_END_ITERATIONS } });
    });
  const rowOf = async (term: string): Promise<string[]> => {
    const row = page.locator('.cost tr').filter({ has: page.locator('th', { hasText: term }) });
    // The words for the ear stand behind the figures.
    return (await row.locator('td').allInnerTexts()).map((text) => text.split('\n')[0]!.trim());
  };

  it('says of the first plan of a day what it costs beside nothing at all', async () => {
    await button('Make a plan').click();
    await button('Publish').waitFor();
    const { cost, costNow, changes } = await newestPlan();
    expect(changes).to.equal(0);
    expect(costNow!.unserved).to.be.above(cost.unserved);
    expect(await rowOf('in all')).to.deep.equal([
      pointsText(costNow!.total),
      pointsText(cost.total),
      differenceText(cost.total - costNow!.total),
    ]);
    await page.getByText('0 changes to what is planned').waitFor();
    await page.getByText(`Better by ${pointsText(costNow!.total - cost.total)} points`).waitFor();
    await page.getByText('600 points weigh as much as a minute of driving.').waitFor();
    await button('Publish').click();
    await page
      .getByText(/^Published: /)
      .first()
      .waitFor();
  });

  it('asks for a plan that changes two stops at most, and remembers that', async () => {
    await page.getByLabel('May change', { exact: true }).selectOption('at most…');
    const own = page.getByLabel('How many stops may change at most');
    await own.fill('2');
    await page.reload();
    await page.getByLabel('May change', { exact: true }).waitFor();
    expect(await page.getByLabel('May change', { exact: true }).inputValue()).to.equal('2');
    for (const request of city.requests.slice(REPORTS, REPORTS + MORE_REPORTS)) await report(city, request);
    await withoutEnd();
    await button('Make a plan').focus();
    await page.keyboard.press('Enter');
    await page.getByText('At most 2 stops may change.').waitFor();
    expect(asked).to.deep.equal([{ maxChanges: 2 }]);
  });

  it('shows how the search goes: the best so far, its parts, a curve with words', async () => {
    await page.getByRole('status').getByText('Looking for a better plan').waitFor();
    const curve = page.locator('.curve').getByRole('img', { name: /points/ });
    await curve.waitFor();
    const best = page.getByRole('region', { name: 'Best so far' });
    expect(await best.innerText()).to.match(/Best so far [\d,]+ points/);
    const lengthOf = async (): Promise<number> => (await curve.locator('.curve-end').getAttribute('cx').then(Number)) || 0;
    expect(await lengthOf()).to.be.above(0);
    expect(await seriousInBothThemes(page, 'search')).to.deep.equal([]);
  });

  it('goes on when the server cannot be reached for a while', async () => {
    await page.context().setOffline(true);
    await page.getByText('It goes on with the plan').waitFor();
    await page.context().setOffline(false);
    await page.getByText('It goes on with the plan').waitFor({ state: 'detached' });
    await button('Stop now, keep the best').waitFor();
  });

  it('stops early by keyboard, and the draft says what it costs against now and what it changes', async () => {
    const stop = button('Stop now, keep the best');
    await stop.focus();
    await page.keyboard.press('Enter');
    await button('Publish').waitFor();
    const view = await newestPlan();
    expect(view.maxChanges).to.equal(2);
    expect(view.iterations).to.be.below(NO_END_ITERATIONS);
    expect(view.changes).to.be.at.most(2);
    await page.getByText(`${view.changes} of at most 2 changes`).waitFor();
    const { cost, costNow } = view;
    for (const [word, term] of [
      ['left out', 'unserved'],
      ['driving', 'travel'],
      ['in all', 'total'],
    ] as const) {
      expect(await rowOf(word), word).to.deep.equal([
        pointsText(costNow![term]),
        pointsText(cost[term]),
        differenceText(cost[term] - costNow![term]),
      ]);
    }
    expect(cost.total).to.be.below(costNow!.total);
    expect(await seriousInBothThemes(page, 'draft')).to.deep.equal([]);
    await button('Discard').click();
    await page.getByText('The draft is discarded.').waitFor();
  });

  it('gives a plan up by keyboard: nothing is kept, and the keyboard is still in the panel', async () => {
    const before = (await plans()).length;
    await button('Make a plan').click();
    const cancel = page.locator('.progress').getByRole('button', { name: 'Cancel' });
    await cancel.waitFor();
    await page.keyboard.press('Tab');
    await eventually(async () => (await page.evaluate(`document.activeElement.closest('.drawer') !== null`)) === true);
    await cancel.focus();
    await page.keyboard.press('Enter');
    await button('Make a plan').waitFor();
    expect((await plans()).length).to.equal(before);
    expect(desk.errors).to.deep.equal([]);
  });

  it('fits a narrow window', async () => {
    await button('Make a plan').click();
    await page.locator('.curve svg').waitFor();
    const tooWide = (): Promise<number> =>
      page.evaluate<number>(
        `Math.max(...['#side', 'html'].map((one) => document.querySelector(one)).map((one) => one.scrollWidth - one.clientWidth))`,
      );
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await tooWide(), `search at ${width}`).to.equal(0);
    }
    await button('Stop now, keep the best').click();
    await page.locator('.cost').waitFor();
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 844 });
      expect(await tooWide(), `draft at ${width}`).to.equal(0);
    }
  });
});
