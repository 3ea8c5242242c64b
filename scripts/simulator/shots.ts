import type { Page, Route } from 'playwright-core';
import type { Status } from '../../server/platform/contract.ts';

/** Who looks at it: each is signed in once. */
export type Audience = 'anybody' | 'dispatcher' | 'supervisor' | 'crew';

/** One screen in one state. Every shot is taken in both themes and at each width. */
export interface Shot {
  /** Of the file. */
  readonly name: string;
  readonly as: Audience;
  readonly path: string;
  readonly widths: readonly number[];
  /** Pixels; left out: what fits the width. */
  readonly height?: number;
  /** The whole page, however long. */
  readonly whole?: boolean;
  /** A first visit: the guide opens. */
  readonly guide?: boolean;
  /** Before the page is opened. */
  readonly before?: (page: Page) => Promise<unknown>;
  /** What must be there before anything is done. */
  readonly ready: string;
  readonly act?: (page: Page) => Promise<unknown>;
  /** Kept in docs/ under this name for the README. */
  readonly readme?: { readonly file: string; readonly theme: 'dark' | 'light'; readonly width: number };
}

const DESK = { as: 'dispatcher', path: '/', ready: '[data-map-ready]', widths: [1280, 1920] } as const;
const jsonOf = (json: unknown) => (route: Route) => route.fulfill({ json });

/** Work for the desk: a crew with stops, and its way on the map. */
async function openCrew(page: Page): Promise<void> {
  await page
    .locator('.crews tbody tr')
    .filter({ has: page.locator('.bar-planned, .bar-dispatched, .bar-accepted') })
    .first()
    .locator('th button')
    .click();
  await page.locator('.stops .stop').first().waitFor();
}

/** The road engine is away, as the desk is told of it. */
async function withoutRouter(page: Page): Promise<void> {
  await page.route('**/api/status', async (route) => {
    const status = (await (await route.fetch()).json()) as Status;
    const since = new Date(Date.now() - 95_000).toISOString();
    const dependencies = status.dependencies.map((one) =>
      one.name === 'router' ? { ...one, state: 'degraded' as const, since, detail: 'Travel times are estimates.' } : one,
    );
    await route.fulfill({ json: { ...status, dependencies, degraded: ['router'] } satisfies Status });
  });
}

async function withoutWork(page: Page): Promise<void> {
  await page.route('**/api/jobs?*', jsonOf({ jobs: [], next: null }));
  await page.route('**/api/shifts?*', jsonOf([]));
  await page.route('**/api/plans?*', jsonOf([]));
}

const forEver = (): Promise<void> => new Promise(() => undefined);

const DISPATCH: readonly Shot[] = [
  { ...DESK, name: 'dispatch-full' },
  { ...DESK, name: 'dispatch-crew', act: openCrew },
  {
    ...DESK,
    name: 'dispatch-readme',
    widths: [1180],
    height: 640,
    async act(page) {
      // A city at work: something waits.
      await page.locator('#queue-list [role=option]').nth(1).waitFor({ timeout: 180_000 });
      await openCrew(page);
    },
    readme: { file: 'dispatch-dark.png', theme: 'dark', width: 1180 },
  },
  {
    ...DESK,
    name: 'dispatch-job',
    async act(page) {
      await page.locator('.tab', { hasText: 'Planned' }).click();
      await page.locator('#queue-list [role=option]').nth(1).click();
      await page.locator('.candidate').first().waitFor();
    },
  },
  {
    ...DESK,
    name: 'dispatch-draft',
    async act(page) {
      await page.keyboard.press('o');
      await page.getByRole('button', { name: 'Discard' }).waitFor({ timeout: 60_000 });
    },
  },
  { ...DESK, name: 'dispatch-guide', guide: true, act: (page) => page.locator('.guide').waitFor() },
  {
    ...DESK,
    name: 'dispatch-key-and-menu',
    widths: [1280],
    async act(page) {
      await page.locator('.map-key summary').click();
      await page.locator('.account').click();
    },
  },
  { ...DESK, name: 'dispatch-empty', before: withoutWork },
  {
    ...DESK,
    name: 'dispatch-loading',
    widths: [1280],
    ready: '.row-skeleton',
    before: (page) => page.route('**/api/jobs?*', forEver),
  },
  { ...DESK, name: 'dispatch-estimates', before: withoutRouter, act: (page) => page.locator('.banner-warning').waitFor() },
  {
    ...DESK,
    name: 'dispatch-frozen',
    widths: [1280],
    async act(page) {
      await page.context().setOffline(true);
      await page.locator('.live-frozen').waitFor({ timeout: 60_000 });
    },
  },
  { ...DESK, name: 'dispatch-signed-out', as: 'anybody', ready: '.page-message', widths: [390, 1280] },
];

/** The position a phone of Gothenburg reports while its picture is taken. */
const ON_THE_ROAD = { latitude: 57.7089, longitude: 11.9746, accuracy: 6 };

const PHONE = { as: 'crew', path: '/crew', widths: [390], ready: 'main' } as const;

async function onShift(page: Page): Promise<void> {
  await page.context().grantPermissions(['geolocation']);
  await page.context().setGeolocation(ON_THE_ROAD);
}

/** A plan in the demo comes every few simulated minutes: by then the crew has work. */
const WORK_PATIENCE_MILLIS = 240_000;

/** On shift with a stop, its position shared, whether that begins now or has begun in the picture before. */
async function nextStop(page: Page): Promise<void> {
  const begin = page.getByRole('button', { name: 'Begin shift, share position', exact: true });
  const share = page.getByRole('button', { name: 'Share', exact: true });
  await begin.or(page.locator('[data-map-ready]')).first().waitFor({ timeout: 60_000 });
  if (await begin.isVisible()) await begin.click();
  await page.locator('[data-map-ready]').waitFor({ timeout: 60_000 });
  if (await share.isVisible()) await share.click();
  await page
    .getByText(/^#\d+$/)
    .first()
    .waitFor({ timeout: WORK_PATIENCE_MILLIS });
}

/** Under way to the stop, with the next turn. */
async function driving(page: Page): Promise<void> {
  await nextStop(page);
  for (const name of ['I have seen it', 'Accept', 'Start driving']) {
    const button = page.getByRole('button', { name, exact: true });
    if (await button.isVisible()) await button.click();
    await page.waitForTimeout(1_500);
  }
}

const CREW: readonly Shot[] = [
  { ...PHONE, name: 'crew-sign-in', as: 'anybody', widths: [320, 390] },
  { ...PHONE, name: 'crew-next-stop', before: onShift, act: nextStop },
  {
    ...PHONE,
    name: 'crew-driving',
    before: onShift,
    act: driving,
    readme: { file: 'crew-light.png', theme: 'light', width: 390 },
  },
  {
    ...PHONE,
    name: 'crew-cannot',
    before: onShift,
    async act(page) {
      await nextStop(page);
      await page.getByRole('button', { name: 'Cannot do this job' }).click();
      await page.locator('dialog[open]').waitFor();
    },
  },
  {
    ...PHONE,
    name: 'crew-day',
    before: onShift,
    async act(page) {
      await nextStop(page);
      await page.getByRole('button', { name: 'Day', exact: true }).click();
      await page.locator('dialog[open]').waitFor();
    },
  },
];

/** A place is chosen by street, so that every picture shows the same. */
async function where(page: Page): Promise<void> {
  await page.getByRole('combobox', { name: 'Street or crossing' }).fill('Vasagatan');
  await page.getByRole('option').first().click();
  await page.locator('.chosen-good').waitFor();
}
const goOn = (page: Page): Promise<void> => page.getByRole('button', { name: 'Continue' }).click();

const FORM = { as: 'anybody', path: '/report', ready: '[data-map-ready]', widths: [390, 1280] } as const;
const REPORT: readonly Shot[] = [
  { ...FORM, name: 'report-start' },
  { ...FORM, name: 'report-where', act: where },
  {
    ...FORM,
    name: 'report-what',
    async act(page) {
      await where(page);
      await goOn(page);
      await page.getByRole('radio').first().waitFor();
    },
  },
  {
    ...FORM,
    name: 'report-words',
    async act(page) {
      await where(page);
      await goOn(page);
      await page.getByRole('radio', { name: 'Graffiti' }).check();
      await goOn(page);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  },
  { ...FORM, name: 'report-unknown-link', path: '/case/nothing-under-this-link', ready: 'main', widths: [390] },
];

const FIGURES = { as: 'supervisor', path: '/fleet', ready: '.card', widths: [390, 1280, 1920] } as const;
const FLEET: readonly Shot[] = [
  { ...FIGURES, name: 'fleet-today', whole: true },
  {
    ...FIGURES,
    name: 'fleet-behind',
    widths: [1280],
    async act(page) {
      await page.locator('.card-areas tbody button').first().click();
      await page.waitForTimeout(1_000);
    },
  },
  { ...FIGURES, name: 'fleet-days', path: '/fleet/day', ready: 'main', widths: [1280] },
];

const GALLERY: readonly Shot[] = [
  { name: 'gallery', as: 'anybody', path: '/gallery', ready: '.specimen .candidate', widths: [1920], whole: true },
];

/** Every picture `npm run pictures` takes; a screen's are a list above. */
export const SHOTS: readonly Shot[] = [...DISPATCH, ...CREW, ...REPORT, ...FLEET, ...GALLERY];
