import '../../db/testing.ts';
import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { enGallery } from '../words/en-gallery.ts';
import {
  findBrowser,
  isLacking,
  launchBrowser,
  openPage,
  seriousInBothThemes,
  startTestCity,
  type TestCity,
} from '../browser.fixtures.ts';

describe('gallery', function () {
  this.timeout(180_000);
  let browser: Browser;
  let city: TestCity;

  before(async function () {
    this.timeout(300_000);
    const executable = findBrowser();
    if (executable === null) return this.skip();
    try {
      city = await startTestCity();
    } catch (error) {
      if (isLacking(error)) return this.skip();
      throw error;
    }
    browser = await launchBrowser(executable);
  });
  after(async () => {
    await browser?.close();
    await city?.stop();
  });

  it('shows every section, asks a server for nothing, and axe finds nothing serious in either theme', async () => {
    const { page, outside, errors } = await openPage(browser, city.running.server.base);
    const asked: string[] = [];
    page.on('request', (request) => {
      if (new URL(request.url()).pathname.startsWith('/api/')) asked.push(request.url());
    });
    await page.goto('/gallery');
    await page.locator('.specimen .candidate').first().waitFor();
    const sections = await page.evaluate<string[]>(
      `[...document.querySelectorAll('[data-section]')].map((one) => one.dataset.section)`,
    );
    expect(sections).to.deep.equal(Object.keys(enGallery.section));
    for (const empty of await page.locator('.specimen-frame').all()) expect(await empty.locator('*').count()).to.be.above(0);
    expect(await seriousInBothThemes(page, 'gallery')).to.deep.equal([]);
    expect([...outside, ...errors, ...asked]).to.deep.equal([]);
  });
});
