import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { JobView } from '../../server/stores/work/contract.ts';
import type { AreaView } from '../../server/stages/city/contract.ts';
import { openPage, openTestCity, report, seriousInBothThemes, signInAtDesk, type TestCity } from '../browser.fixtures.ts';

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('dispatch screen, first visit', function () {
  this.timeout(120_000);
  let browser: Browser;
  let city: TestCity;
  let page: Page;

  before(async function () {
    this.timeout(300_000);
    const opened = await openTestCity();
    if (opened === null) return this.skip();
    ({ browser, city } = opened);
    for (const request of city.requests.slice(0, 20)) await report(city, request);
    ({ page } = await openPage(browser, city.running.server.base, 'light', { firstVisit: true }));
    await signInAtDesk(city, page);
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });

  const guide = () => page.getByRole('dialog', { name: 'Guide to this screen' });
  const jobs = async (state: string): Promise<JobView[]> =>
    (await city.running.desk.get<{ jobs: JobView[] }>(`/api/jobs?limit=500&state=${state}`)).body.jobs;

  it('is led through the screen in five steps by keyboard, and never covers what it talks about', async () => {
    await guide().waitFor();
    for (const width of [1280, 1920]) {
      await page.setViewportSize({ width, height: 900 });
      for (let step = 1; step <= 5; step++) {
        await guide().getByText(`${step} of 5`).waitFor();
        expect(await guide().evaluate('document.activeElement.closest(".guide") !== null')).to.equal(true);
        const [card, subject] = [await guide().boundingBox(), await page.locator('.guide-ring').boundingBox()];
        expect(overlap(card!, subject!), `step ${step} at ${width} pixels`).to.equal(false);
        expect(card!.x >= 0 && card!.x + card!.width <= width, `step ${step} is inside ${width} pixels`).to.equal(true);
        if (step < 5) await guide().getByRole('button', { name: 'Next' }).press('Enter');
      }
      for (let step = 5; step > 1; step--) await guide().getByRole('button', { name: 'Back' }).press('Enter');
    }
    expect(await seriousInBothThemes(page, 'guide')).to.deep.equal([]);
  });

  it('is ended by Escape for good, and comes again when asked for', async () => {
    await page.keyboard.press('Escape');
    await guide().waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('#queue-list').waitFor();
    await page.locator('.live-live').waitFor();
    expect(await guide().count()).to.equal(0);
    await page.getByRole('button', { name: /^Menu of/ }).press('Enter');
    await page.getByRole('button', { name: 'Show the guide' }).press('Enter');
    await guide().getByText('1 of 5').waitFor();
    await guide().getByRole('button', { name: 'Close the guide' }).press('Enter');
    await guide().waitFor({ state: 'detached' });
  });

  it('goes from the queue to a published plan by keyboard alone', async () => {
    await page.locator('#queue-list').focus();
    await page.keyboard.press('j');
    await page.locator('.candidate [aria-keyshortcuts="1"]').waitFor();
    await page.keyboard.press('1');
    await page.getByText(/^Job \d+ is given to/).waitFor();
    expect(await jobs('planned')).to.have.length(1);
    await page.keyboard.press('Escape');
    await page.keyboard.press('o');
    await page.getByRole('button', { name: 'Publish' }).waitFor({ timeout: 60_000 });
    while (!(await page.evaluate<boolean>(`document.activeElement?.textContent === 'Publish'`))) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText(/^Published: \d+ new/).waitFor();
    expect((await jobs('planned,dispatched')).length).to.be.above(1);
  });

  it('keeps queue and map to one part of the city', async () => {
    const areas = (await (await page.request.get('/api/areas')).json()) as AreaView[];
    const waiting = await jobs('ready,draft,on_hold');
    const planned = await jobs('planned');
    const all = [...waiting, ...planned];
    const area = areas.find(
      ({ id }) => all.some(({ areaIds }) => areaIds.includes(id)) && all.some(({ areaIds }) => !areaIds.includes(id)),
    )!;
    await page.getByLabel('Part of the city').selectOption({ label: area.name });
    const count = planned.filter(({ areaIds }) => areaIds.includes(area.id)).length;
    await page.locator('.tab', { hasText: `Planned ${count}` }).waitFor();
    await page.getByLabel('Part of the city').selectOption({ label: 'All areas' });
    await page.locator('.tab', { hasText: `Planned ${planned.length}` }).waitFor();
  });

  it('signs a phone in by a code for a vehicle, sees it, and signs it out', async () => {
    await page.locator('.crews tbody th button').first().click();
    await page.getByRole('button', { name: 'Sign a phone in' }).click();
    const code = await page.locator('.phone-code-text').innerText();
    expect(await page.locator('.phone-code a').getAttribute('href')).to.equal(`${city.running.server.base}/crew#${code}`);
    const enrolled = await fetch(`${city.running.server.base}/api/devices/enrol`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ code }),
    });
    expect(enrolled.status).to.equal(201);
    await page.getByText('The phone is signed in.').waitFor();
    const { token } = (await enrolled.json()) as { token: string };
    const asPhone = (): Promise<Response> =>
      fetch(`${city.running.server.base}/api/session`, { headers: { authorization: `Bearer ${token}` } });
    expect(((await (await asPhone()).json()) as { role: string }).role).to.equal('crew');
    expect(await seriousInBothThemes(page, 'phones')).to.deep.equal([]);
    await page.getByRole('button', { name: /^Sign out Crew \d+, phone/ }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out', exact: true }).click();
    await page.getByText(/phone is signed out\.$/).waitFor();
    expect((await asPhone()).status).to.equal(401);
    await page.getByText('No phone is signed in for this vehicle.').waitFor();
  });

  it('signs out by the menu, and shows nothing of the city then', async () => {
    await page.getByRole('button', { name: /^Menu of/ }).click();
    expect(await page.getByRole('link', { name: /Fleet today/ }).getAttribute('href')).to.equal('/fleet');
    await page.getByRole('button', { name: 'Sign out', exact: true }).last().click();
    await page.getByRole('heading', { name: 'Sign in to dispatch' }).waitFor();
    expect(await page.locator('.console').count()).to.equal(0);
    const view = (await (await page.request.get('/api/session')).json()) as { signedIn: boolean };
    expect(view.signedIn).to.equal(false);
  });
});
