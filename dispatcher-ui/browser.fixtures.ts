import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type Page } from 'playwright-core';
import { DatabaseUnavailable } from '../db/engines/database-unavailable.ts';
import { buildScreens } from '../scripts/build-screens.ts';
import { ensureRoads, NoRoads } from '../scripts/simulator/city-roads.ts';
import { dayOf, inventedRequests, type DayRequest } from '../scripts/simulator/requests.ts';
import { startCity, type RunningCity } from '../scripts/simulator/running-city.ts';
import { loadCity } from '../server/stores/city/load.ts';
import { openStreets } from '../server/stores/city/streets.ts';

const root = path.join(import.meta.dirname, '..');
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];
const MAC = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser of this machine (CHROMIUM names another), or null: then the tests are skipped, and say so. */
export const findBrowser = (): string | null =>
  [process.env['CHROMIUM'] ?? '', ...BROWSERS, ...MAC].find((file) => file !== '' && existsSync(file)) ?? null;

/** Nothing but the page may use the network: what the browser itself likes to fetch is switched off. */
export function launchBrowser(executablePath: string): Promise<Browser> {
  const args = [
    '--no-sandbox',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--ignore-gpu-blocklist',
  ];
  return chromium.launch({ executablePath, headless: true, args });
}

export interface TestCity {
  readonly running: RunningCity;
  /** Invented requests of the day, in order: reported one by one as the tests need them. */
  readonly requests: readonly DayRequest[];
  stop(): Promise<void>;
}

const SERVICE_DAY = '2026-03-02';
const CREWS = 8;

/**
 * Gothenburg at half past seven on a private database, with real roads and the first eight crews; its clock stands
 * still. @throws DatabaseUnavailable, NoRoads when the machine has not what it takes.
 */
export async function startTestCity(): Promise<TestCity> {
  await buildScreens(root);
  const city = await loadCity(path.join(root, 'cities', 'gothenburg'));
  const home = path.resolve(process.env['THUMA_HOME'] ?? path.join(root, '.thuma'));
  const dataset = await ensureRoads(city.config, { root, home, say: () => undefined });
  const folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-screens-'));
  // The user postgres passes through it when we are root.
  chmodSync(folder, 0o711);
  const startAt = new Date(dayOf(city.config, SERVICE_DAY).startMs + 7.5 * 3_600_000);
  const running = await startCity({ city, home, folder, serviceDay: SERVICE_DAY, startAt, crews: CREWS });
  const { requests } = inventedRequests(city.config, await openStreets(dataset.folder), SERVICE_DAY, 7);
  return {
    running,
    requests: requests.map((request) => ({ ...request, atMs: startAt.getTime() })),
    async stop() {
      await running.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** What a machine may lack; anything else is a failure of ours. */
export const isLacking = (error: unknown): boolean => error instanceof DatabaseUnavailable || error instanceof NoRoads;

/** A city and a browser for a suite's `before`; null when the machine has not what they take: then the suite is skipped. */
export async function openTestCity(): Promise<{ browser: Browser; city: TestCity } | null> {
  const executable = findBrowser();
  if (executable === null) return null;
  try {
    const city = await startTestCity();
    return { browser: await launchBrowser(executable), city };
  } catch (error) {
    if (isLacking(error)) return null;
    throw error;
  }
}

/** A city in which much was reported, and a dispatcher who has signed in at its desk. */
export interface TestDesk {
  readonly browser: Browser;
  readonly city: TestCity;
  readonly desk: Watched;
  readonly page: Page;
  /** What the city's server says to a dispatcher. */
  ask<T>(path: string): Promise<T>;
  close(): Promise<void>;
}

const PATIENCE_MS = 60_000;

/** For a suite's `before`, with the first `reports` requests of the day reported; null when the machine has not what it takes. */
export async function openTestDesk(reports: number): Promise<TestDesk | null> {
  const opened = await openTestCity();
  if (opened === null) return null;
  const { browser, city } = opened;
  for (const request of city.requests.slice(0, reports)) await report(city, request);
  const desk = await openPage(browser, city.running.server.base);
  const { page } = desk;
  page.setDefaultTimeout(PATIENCE_MS);
  await signInAtDesk(city, page);
  return {
    browser,
    city,
    desk,
    page,
    ask: async <T>(path: string) => (await city.running.desk.get<T>(path)).body,
    async close() {
      await browser.close();
      await city.stop();
    },
  };
}

const EVENTUALLY_MS = 60_000;
const ASK_AGAIN_MS = 50;

/** Asked again until it is so. @throws Error that holds the question when it is not within a minute. */
export async function eventually(what: () => Promise<boolean>): Promise<void> {
  for (const begun = Date.now(); !(await what());) {
    if (Date.now() - begun > EVENTUALLY_MS) throw new Error(`not so within ${EVENTUALLY_MS / 1000} s: ${String(what)}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}

/** Reports one of the day's requests as another system would. */
export async function report(city: TestCity, request: DayRequest): Promise<void> {
  await city.running.integrator.post('/api/cases', {
    source: request.source,
    sourceId: request.sourceId,
    serviceType: request.serviceType,
    reportedAt: new Date(request.atMs).toISOString(),
    ...(request.place === null ? {} : { place: request.place }),
  });
}

export interface Watched {
  readonly page: Page;
  /** Everything the page asked of another host than ours. */
  readonly outside: string[];
  /** Errors of the page's own code. */
  readonly errors: string[];
  /** Paths of scripts and styles it loaded. */
  readonly assets: Set<string>;
}

export interface PageWishes {
  /** Somebody who has never been here: the guide opens by itself. */
  readonly firstVisit?: boolean;
}

/** A page in a context of its own (nobody is signed in), watched for what it must not do. */
export async function openPage(
  browser: Browser,
  base: string,
  theme: 'light' | 'dark' = 'dark',
  { firstVisit = false }: PageWishes = {},
): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, baseURL: base });
  const page = await context.newPage();
  const watched: Watched = { page, outside: [], errors: [], assets: new Set() };
  const ours = new URL(base).host;
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol !== 'data:' && url.protocol !== 'blob:' && url.host !== ours) watched.outside.push(request.url());
    if (/^\/assets\/.*\.(?:js|css)$/.test(url.pathname)) watched.assets.add(url.pathname);
  });
  page.on('pageerror', (error) => watched.errors.push(error.message));
  if (!firstVisit) await page.addInitScript(`localStorage.setItem('thuma.guide', 'done')`);
  await page.addInitScript(`if (localStorage.getItem('thuma.theme') === null) localStorage.setItem('thuma.theme', '${theme}')`);
  return watched;
}

/** Kilobytes of these built files as they travel, gzipped. */
export function gzippedKilobytes(assets: Iterable<string>): number {
  let bytes = 0;
  for (const asset of assets) bytes += gzipSync(readFileSync(path.join(root, 'dist', 'ui', asset))).length;
  return bytes / 1000;
}

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds serious or critical on the page as it is now, one line each. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated by the browser's debugger: the page's own policy allows no foreign script.
  await page.evaluate(`${axeSource};undefined`);
  const result = await page.evaluate<AxeResult>(`axe.run(document, { resultTypes: ['violations'] })`);
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
}

/** What axe finds serious on the page in each theme; `what` says in the line what was open. */
export async function seriousInBothThemes(page: Page, what: string): Promise<string[]> {
  const findings: string[] = [];
  for (const theme of ['dark', 'light']) {
    await page.evaluate(`document.documentElement.dataset.theme = '${theme}'`);
    findings.push(...(await seriousFindings(page)).map((line) => `${what}, ${theme}: ${line}`));
  }
  return findings;
}

/** Signs in as a dispatcher by a new link and waits for the queue. */
export async function signInAtDesk(city: TestCity, page: Page): Promise<void> {
  const { url } = (await city.running.links()).find(({ role }) => role === 'dispatcher')!;
  await page.goto(url);
  await page.locator('#queue-list').waitFor({ timeout: 60_000 });
}
