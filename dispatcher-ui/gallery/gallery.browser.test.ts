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
import { GALLERY_PAGES, pathOf } from './gallery-page.ts';

/** Of each page a part that is there when its specimens are. */
const LAST_TO_COME = {
  dispatch: '.specimen .candidate',
  crew: '.specimen dialog.sheet[open]',
  report: '.specimen .progress',
  fleet: '.specimen .timeline',
} as const;

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

  for (const shown of GALLERY_PAGES)
    it(`shows every section of ${shown}, asks a server for nothing, and axe finds nothing serious in either theme`, async () => {
      const { page, outside, errors } = await openPage(browser, city.running.server.base);
      const asked: string[] = [];
      page.on('request', (request) => {
        if (new URL(request.url()).pathname.startsWith('/api/')) asked.push(request.url());
      });
      await page.goto(pathOf(shown));
      await page.locator(LAST_TO_COME[shown]).first().waitFor({ timeout: 60_000 });
      const sections = await page.evaluate<string[]>(
        `[...document.querySelectorAll('[data-section]')].map((one) => one.dataset.section)`,
      );
      expect(sections).to.deep.equal(Object.keys(enGallery.section[shown]));
      const bare = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.specimen')]
          .filter((one) => one.querySelector('.specimen-frame *') === null || one.offsetHeight < 40)
          .map((one) => one.closest('[data-section]').dataset.section + ': ' + one.innerText)`,
      );
      expect(bare).to.deep.equal([]);
      const here = page.locator('.gallery-pages [aria-current=page]');
      expect(await here.allInnerTexts()).to.deep.equal([enGallery.page[shown]]);
      expect(await seriousInBothThemes(page, `gallery of ${shown}`)).to.deep.equal([]);
      expect([...outside, ...errors, ...asked]).to.deep.equal([]);
      await page.close();
    });
});
