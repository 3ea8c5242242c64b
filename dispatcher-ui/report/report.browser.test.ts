import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser, Locator, Page } from 'playwright-core';
import { eventually, openPage, openTestCity, seriousFindings, type TestCity, type Watched } from '../browser.fixtures.ts';

const MOST_KILOBYTES = 150;

const isFocused = async (box: Locator): Promise<boolean> => (await box.and(box.page().locator(':focus')).count()) === 1;
/** What the tab keeps of the report. */
const kept = async (page: Page): Promise<{ place: { lon: number; lat: number } }> =>
  JSON.parse(await page.evaluate<string>(`sessionStorage.getItem('thuma.report')`)) as { place: { lon: number; lat: number } };
const comeBack = (page: Page): Promise<unknown> => page.evaluate(`dispatchEvent(new Event('online'))`);

describe('the citizens’ pages', function () {
  this.timeout(180_000);
  let browser: Browser;
  let city: TestCity;
  const opened: Watched[] = [];

  before(async function () {
    this.timeout(300_000);
    const opened = await openTestCity();
    if (opened === null) return this.skip();
    ({ browser, city } = opened);
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });
  afterEach(async () => {
    for (const { page, outside, errors } of opened.splice(0)) {
      expect(outside).to.deep.equal([]);
      expect(errors).to.deep.equal([]);
      await page.context().close();
    }
  });

  /** A phone. */
  async function phone(theme: 'light' | 'dark' = 'light'): Promise<Watched> {
    const watched = await openPage(browser, city.running.server.base, theme);
    opened.push(watched);
    await watched.page.setViewportSize({ width: 390, height: 844 });
    return watched;
  }
  const cases = async (): Promise<number> =>
    (await city.running.db('cases').count<{ count: string }[]>('*')).map(({ count }) => Number(count))[0]!;
  const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { name, level: 1 }).waitFor();
  const go = (page: Page) => page.getByRole('button', { name: 'Continue' }).click();
  const mapReady = (page: Page) => page.locator('[data-map-ready]').waitFor({ timeout: 60_000 });

  /** Where and what, as far as the words; without a map. */
  async function describe(page: Page, street: string, kind: string): Promise<void> {
    await page.goto('/report');
    await page.getByRole('combobox', { name: 'Street or crossing' }).fill(street);
    await page.getByRole('option').first().click();
    await page.locator('.chosen-good').waitFor();
    await go(page);
    await heading(page, 'What is it?');
    await page.getByRole('radio', { name: kind }).check();
    await go(page);
  }
  async function send(page: Page): Promise<string> {
    await page.getByRole('button', { name: 'Send the report' }).click();
    await heading(page, /arrived/);
    return (await page.locator('.sent-number strong').innerText()).trim();
  }

  it('takes a report by keyboard alone, by street, before there is a map', async () => {
    const { page } = await phone();
    let bytes = 0;
    page.on('requestfinished', (request) => {
      if (request.url().includes('/assets/')) void request.sizes().then(({ responseBodySize }) => (bytes += responseBodySize));
    });
    // Somebody who pays for each megabyte: the map waits until it is asked for, and the form is whole without it.
    await page.addInitScript(`Object.defineProperty(navigator, 'connection', { value: { saveData: true } })`);
    await page.goto('/report');
    const search = page.getByRole('combobox', { name: 'Street or crossing' });
    await search.waitFor();
    await page.waitForLoadState('networkidle');
    // As they travelled, letters included; with less than 50 the counting itself would be wrong.
    expect(bytes / 1000).to.be.within(50, MOST_KILOBYTES);
    expect(await page.getByRole('button', { name: 'Show the map' }).count()).to.equal(1);

    for (let presses = 0; !(await isFocused(search)); presses++) {
      expect(presses, 'the search is reached by Tab').to.be.below(10);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('linneg', { delay: 20 });
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await page.locator('.chosen-good', { hasText: /Linn/ }).waitFor();
    // Enter in the box goes on, as in every form.
    await page.keyboard.press('Enter');
    await heading(page, 'What is it?');
    expect(await page.evaluate('document.activeElement.tagName')).to.equal('H1');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowDown');
    await page.getByText('Phone the emergency number first').waitFor();
    expect(await page.getByRole('link', { name: 'Phone 112' }).getAttribute('href')).to.equal('tel:112');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await heading(page, 'Anything that helps?');
    await page.getByText('deleted 90 days after').waitFor();
    await page.getByLabel('What should the city know?').focus();
    await page.keyboard.type('in front of the bakery');
    const before = await cases();
    await page.getByRole('button', { name: 'Send the report' }).focus();
    await page.keyboard.press('Enter');
    await heading(page, /arrived/);
    expect(await cases()).to.equal(before + 1);
    const number = (await page.locator('.sent-number strong').innerText()).trim();
    const stored = await city.running.db('cases').where({ number }).first<{ place_quality: string; service_type: string }>();
    expect(stored).to.include({ place_quality: 'on_road', service_type: 'pothole' });
    // What was private has left the tab.
    expect(await page.evaluate<string>('JSON.stringify({ ...sessionStorage })')).not.to.contain('bakery');
    await page.reload();
    await page.getByText(number).waitFor();
  });

  it('takes a place from the cross, moved by hand and by keys', async () => {
    const { page } = await phone();
    await page.goto('/report');
    await mapReady(page);
    await go(page);
    await page.getByRole('alert').filter({ hasText: 'Choose the place first' }).waitFor();
    const canvas = page.locator('.map-canvas canvas');
    await canvas.focus();
    await page.keyboard.press('ArrowRight');
    await page.locator('.chosen', { hasText: 'Zoom in' }).waitFor();
    for (let i = 0; i < 7; i++) await page.keyboard.press('+');
    await page.locator('.chosen-good, .chosen-doubt').waitFor();
    const place = async () => (await kept(page)).place;
    const first = await place();
    await page.keyboard.press('ArrowUp');
    await eventually(async () => (await place()).lat > first.lat);
    const box = (await canvas.boundingBox())!;
    const before = await place();
    await page.mouse.move(box.x + 150, box.y + 120);
    await page.mouse.down();
    await page.mouse.move(box.x + 90, box.y + 120, { steps: 6 });
    await page.mouse.up();
    await eventually(async () => (await place()).lon > before.lon);
    // Nothing moved it since: the map is where it was put.
    await page.locator('.chosen-good, .chosen-doubt').waitFor();
    await go(page);
    await heading(page, 'What is it?');
  });

  it('is honest about a place outside the city, before and after', async () => {
    const { page } = await phone();
    await page.goto('/report');
    const draft = { place: { lon: 12.3, lat: 57.9 }, placeQuality: null, placeText: null, serviceType: 'graffiti' };
    await page.evaluate(`sessionStorage.setItem('thuma.report', '${JSON.stringify(draft)}')`);
    await page.reload();
    await page.locator('.chosen-doubt', { hasText: 'outside Gothenburg' }).waitFor();
    await go(page);
    await go(page);
    await heading(page, 'Anything that helps?');
    await send(page);
    await page.getByText('No crew is sent unless the city decides otherwise').waitFor();
    await page.getByRole('link', { name: 'Follow the report' }).click();
    await page.locator('.truth-warn', { hasText: 'outside the city' }).waitFor();
    expect(await page.locator('.follow-map').count()).to.equal(0);
  });

  it('shows what was reported near by; the same joins it, another does not', async () => {
    const { page } = await phone();
    await describe(page, 'Vasagatan', 'Blocked drain');
    await heading(page, 'Anything that helps?');
    await send(page);
    for (const [answer, joined] of [
      [/It is the same/, true],
      [/Mine is another problem/, false],
    ] as const) {
      await page.getByRole('button', { name: 'Report something else' }).click();
      await describe(page, 'Vasagatan', 'Blocked drain');
      await heading(page, 'Has somebody reported this already?');
      expect(await page.locator('.near-card').count()).to.equal(1);
      await page.locator('.near-card', { hasText: 'at your place' }).waitFor();
      expect(await seriousFindings(page)).to.deep.equal([]);
      await page.getByRole('button', { name: answer }).click();
      await heading(page, 'Anything that helps?');
      await send(page);
      expect(await page.getByText('It goes with a report that came before').count()).to.equal(joined ? 1 : 0);
      await page.getByRole('link', { name: 'Follow the report' }).click();
      await page.locator('.truth').waitFor();
      expect(await page.getByText('One other person has reported this, too').count()).to.equal(joined ? 1 : 0);
      await page.goBack();
    }
  });

  it('keeps what was typed over a reload, and says beside the field what is wrong', async () => {
    const { page } = await phone();
    await describe(page, 'Kungsportsavenyen', 'Graffiti');
    await heading(page, 'Anything that helps?');
    await page.getByLabel('What should the city know?').fill('A long sentence that must not be lost');
    await page.getByLabel('E-mail').fill('nobody');
    await page.reload();
    await heading(page, 'Anything that helps?');
    expect(await page.getByLabel('What should the city know?').inputValue()).to.equal('A long sentence that must not be lost');
    await page.getByRole('button', { name: 'Send the report' }).click();
    const email = page.getByLabel('E-mail');
    await page.getByText('This is not an e-mail address').waitFor();
    expect(await email.getAttribute('aria-invalid')).to.equal('true');
    expect(await isFocused(email)).to.equal(true);
    await page.goBack();
    await heading(page, 'What is it?');
    expect(await page.getByRole('radio', { name: 'Graffiti' }).isChecked()).to.equal(true);
  });

  it('is one case, though the answer is lost and the server starts again while it is sent', async () => {
    const { page } = await phone();
    await describe(page, 'Linnégatan', 'Fallen tree');
    await heading(page, 'Anything that helps?');
    const before = await cases();
    let lost = 0;
    // It arrives and is answered; the answer never comes back.
    await page.route(
      '**/api/cases',
      async (route) => {
        await route.fetch();
        lost++;
        await route.abort();
      },
      { times: 1 },
    );
    await page.getByRole('button', { name: 'Send the report' }).click();
    await page.getByText('it will arrive once only').waitFor();
    expect(lost).to.equal(1);
    // The page goes on sending while the server is away.
    await city.running.startServerAgain();
    await heading(page, /arrived/);
    expect(await cases()).to.equal(before + 1);
  });

  it('tells the truth after the case has moved on, and again when nobody answers', async () => {
    const { page } = await phone();
    await describe(page, 'Andra Långgatan', 'Illegal dumping');
    await heading(page, 'Anything that helps?');
    const number = await send(page);
    await page.getByRole('link', { name: 'Follow the report' }).click();
    await page.locator('.truth', { hasText: 'Accepted. It waits for a crew.' }).waitFor();
    await mapReady(page);
    const { running } = city;
    const found = (await running.desk.get<{ cases: { id: string; number: string; version: number }[] }>(`/api/cases?q=${number}`))
      .body.cases[0]!;
    await running.desk.post('/api/cases/commands', {
      envelope: { actionId: crypto.randomUUID() },
      command: { type: 'case.refer', caseId: found.id, version: found.version, reason: 'SECRET words of the office' },
    });
    // Notices are delivered when the simulated clock is moved.
    const { now } = (await running.desk.get<{ clock: { now: string } }>('/api/city')).body.clock;
    await running.admin.post('/api/clock/advance', { to: new Date(Date.parse(now) + 60_000).toISOString() });
    await comeBack(page);
    await page.locator('.truth', { hasText: 'Passed on to those responsible.' }).waitFor();
    await page.locator('.history', { hasText: 'Passed on to those responsible.' }).waitFor();
    expect(await page.content()).not.to.contain('SECRET');
    expect(await page.getByText('Do you see it differently?').count()).to.equal(1);

    await page.route('**/api/follow/**', (route) => route.abort());
    await comeBack(page);
    await page
      .getByRole('alert')
      .filter({ hasText: /No connection.*What you see is from/ })
      .waitFor();
    expect(await page.locator('.truth').count()).to.equal(1);
    await page.unroute('**/api/follow/**');
    await page.getByRole('button', { name: 'Try now' }).click();
    await page.locator('.follow-away').waitFor({ state: 'detached' });

    // To report it again begins with the same place and kind.
    await page.getByRole('link', { name: 'Report it again' }).click();
    await heading(page, 'What is it?');
    expect(await page.getByRole('radio', { name: 'Illegal dumping' }).isChecked()).to.equal(true);
  });

  it('says of a wrong link that it is one', async () => {
    const { page } = await phone();
    await page.goto(`/case/${'x'.repeat(43)}`);
    await heading(page, 'There is no report under this link');
    expect(await seriousFindings(page)).to.deep.equal([]);
    await page.goto('/case/short');
    await heading(page, 'There is no report under this link');
  });

  for (const theme of ['light', 'dark'] as const) {
    it(`has nothing serious for axe on any page, nothing wider than 320 px, letters twice as large (${theme})`, async () => {
      const { page } = await phone(theme);
      const fits = async (what: string): Promise<void> => {
        expect(await seriousFindings(page), what).to.deep.equal([]);
        await page.setViewportSize({ width: 320, height: 640 });
        for (const size of ['100%', '200%']) {
          await page.evaluate(`document.documentElement.style.fontSize = '${size}'`);
          const wide = await page.evaluate<number>('document.documentElement.scrollWidth');
          expect(wide, `${what} at ${size}`).to.be.at.most(320);
        }
        await page.evaluate(`document.documentElement.style.fontSize = ''`);
        await page.setViewportSize({ width: 390, height: 844 });
      };
      await page.goto('/report');
      await mapReady(page);
      await fits('where');
      await page.getByRole('combobox').fill('kungs');
      await page.getByRole('option').first().waitFor();
      await fits('search');
      await page.getByRole('option').first().click();
      await page.locator('.chosen-good').waitFor();
      await go(page);
      await page.getByRole('radio', { name: 'Burst water main' }).check();
      await fits('what');
      await page.getByRole('radio', { name: 'Question about a permit' }).check();
      await go(page);
      await heading(page, 'Anything that helps?');
      await page.getByLabel('E-mail').fill('x');
      await page.getByRole('button', { name: 'Send the report' }).click();
      await page.getByText('This is not an e-mail address').waitFor();
      await fits('details');
      await page.getByLabel('E-mail').fill('');
      await send(page);
      await page.getByText('Nobody drives out for this').waitFor();
      await fits('sent');
      await page.getByRole('link', { name: 'Follow the report' }).click();
      await mapReady(page);
      await fits('follow');
    });
  }
});
