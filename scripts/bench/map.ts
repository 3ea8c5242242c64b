// `npm run bench:map`: what a fleet on the move costs the dispatcher's page, in a headless browser.
import '../../db/testing.ts';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { openPage, openTestCity, report, signInAtDesk } from '../../dispatcher-ui/browser.fixtures.ts';
import { feedFleet, WATCH_PUSHES } from '../../dispatcher-ui/dispatch/fed-fleet.fixtures.ts';
import { tellFailure, Usage } from '../failure.ts';

const HELP = `npm run bench:map [-- options]
  --vehicles N   how many are on the move (5000)
  --seconds N    how long each case is measured (20)
  --pictures F   a folder for a picture of each case, and of the map when nothing has come for a while
  --json         one line of JSON instead of the table
A test city is started on a private database; every vehicle tells its place once a second, a tenth of them with each frame.
push_p95_ms: what the page's main thread spends on one push of vehicles to the map. The browser draws in software.`;
/** Nothing has come for so long when the picture of that is taken. */
const FROZEN_MILLIS = 15_000;
/** How many times closer than the first sight of the city. */
const CASES = [
  { name: 'whole_city', closer: 0 },
  { name: 'streets', closer: 3 },
] as const;

try {
  const { values } = parseArgs({
    options: {
      vehicles: { type: 'string', default: '5000' },
      seconds: { type: 'string', default: '20' },
      pictures: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(HELP);
  else await measure(Number(values.vehicles), Number(values.seconds), values.json, values.pictures ?? null);
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
}

async function measure(vehicles: number, seconds: number, json: boolean, pictures: string | null): Promise<void> {
  if (!(vehicles > 0 && seconds > 0)) throw new Usage('--vehicles and --seconds are numbers above 0.');
  const opened = await openTestCity();
  if (opened === null) throw new Usage('This machine has no Chromium, no database or no road engine for a test city.');
  const { browser, city } = opened;
  try {
    // A desk with nothing to do has no queue to wait for.
    for (const request of city.requests.slice(0, 8)) await report(city, request);
    const { page } = await openPage(browser, city.running.server.base);
    const fleet = await feedFleet(page, {
      vehicles,
      crewed: 0.1,
      silent: 0.05,
      cutOff: 0.02,
      places: city.requests.flatMap(({ place }) => (place === null ? [] : [place])),
      atMs: city.requests[0]!.atMs,
    });
    await signInAtDesk(city, page);
    await page.locator('[data-map-ready]').waitFor({ timeout: 120_000 });
    await page.evaluate(WATCH_PUSHES);
    const cases = [];
    for (const { name, closer } of CASES) {
      for (let n = 0; n < closer; n++) {
        await page.locator('.maplibregl-ctrl-zoom-in').dispatchEvent('click');
        await page.waitForTimeout(1_000);
      }
      // What the first sight of it costs is not what is measured.
      for (let n = 0; n < 3; n++) await fleet.second();
      await page.evaluate('void (window.pushes = [])');
      for (let n = 0; n < seconds; n++) await fleet.second();
      const pushes = (await page.evaluate<number[]>('window.pushes')).sort((a, b) => a - b);
      const at = (share: number): number | null => pushes[Math.min(pushes.length - 1, Math.floor(pushes.length * share))] ?? null;
      if (pictures !== null) await page.screenshot({ path: path.join(pictures, `${name}.png`) });
      cases.push({ name, pushes: pushes.length, push_p50_ms: at(0.5), push_p95_ms: at(0.95) });
    }
    if (pictures !== null) {
      await page.waitForTimeout(FROZEN_MILLIS);
      await page.screenshot({ path: path.join(pictures, 'frozen.png') });
    }
    const push_p95_ms = Math.max(...cases.map((one) => one.push_p95_ms ?? Infinity));
    if (json) console.log(JSON.stringify({ vehicles, seconds, rendering: 'software', push_p95_ms, cases }));
    else {
      console.log(`${vehicles} vehicles at 1 Hz, drawn in software:`);
      console.table(cases);
    }
  } finally {
    await browser.close();
    await city.stop();
  }
}
