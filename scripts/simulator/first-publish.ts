import type { Locator } from 'playwright-core';
import { findBrowser, launchBrowser } from '../../dispatcher-ui/browser.fixtures.ts';

export interface FirstPublish {
  /** From opening the sign-in link until the plan is published. */
  readonly seconds: number;
  /** The link counted. */
  readonly clicks: number;
  /** What the screen said then. */
  readonly said: string;
}

/** A demo plays its morning first, and reports come when they come. */
const WORK_PATIENCE_MILLIS = 300_000;
const PATIENCE_MILLIS = 60_000;

/**
 * What somebody who has never been here does with a demo's sign-in link: opens it, waits until a job waits, makes a plan
 * and publishes it, in a real browser. Null when this machine has none.
 */
export async function firstPublish(link: string): Promise<FirstPublish | null> {
  const executable = findBrowser();
  if (executable === null) return null;
  const browser = await launchBrowser(executable);
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(PATIENCE_MILLIS);
    let clicks = 0;
    const click = async (what: Locator): Promise<void> => {
      await what.click();
      clicks++;
    };
    const began = performance.now();
    await page.goto(link);
    clicks++;
    // The guide is open: it must be in nobody's way.
    await page.locator('#queue-list [role=option]').first().waitFor({ timeout: WORK_PATIENCE_MILLIS });
    await click(page.getByRole('button', { name: /^Make a plan/ }));
    await click(page.getByRole('button', { name: /^Publish/ }));
    const notice = page.getByText(/^Published: \d+ new/).first();
    await notice.waitFor();
    return { seconds: Math.round((performance.now() - began) / 100) / 10, clicks, said: await notice.innerText() };
  } finally {
    await browser.close();
  }
}
