// `npm run pictures`: starts the demo, and takes a picture of every screen of the table in `simulator/shots.ts`.
import { spawn, type ChildProcess } from 'node:child_process';
import { copyFile, mkdir, rename, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Browser, BrowserContext } from 'playwright-core';
import { findBrowser, launchBrowser } from '../dispatcher-ui/browser.fixtures.ts';
import type { Status } from '../server/platform/contract.ts';
import { tellFailure, Usage } from './failure.ts';
import { SHOTS, type Audience, type Shot } from './simulator/shots.ts';

const root = path.join(import.meta.dirname, '..');
const HELP = `npm run pictures [-- options]
  --out FOLDER   where they go (dist/pictures)
  --only WORD    only those whose name holds it
The demo is started on a free port and stopped again. The README's pictures are written to docs/ too.`;
const THEMES = ['dark', 'light'] as const;
type Theme = (typeof THEMES)[number];
const READY_MILLIS = 300_000;
/** A picture in the README is fetched by everybody who looks at it. */
const README_MOST_BYTES = 300_000;

let demo: ChildProcess | undefined;
let browser: Browser | undefined;
try {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: path.join('dist', 'pictures') },
      only: { type: 'string', default: '' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) console.log(HELP);
  else await takeAll(path.resolve(root, values.out), values.only);
} catch (error) {
  tellFailure(error);
  process.exitCode = 1;
} finally {
  await browser?.close();
  demo?.kill('SIGTERM');
}

async function takeAll(out: string, only: string): Promise<void> {
  const shots = SHOTS.filter(({ name }) => name.includes(only));
  if (shots.length === 0)
    throw new Usage(`No picture's name holds "${only}". There are: ${SHOTS.map(({ name }) => name).join(', ')}.`);
  const executable = findBrowser();
  if (executable === null) throw new Usage('There is no Chromium on this machine; CHROMIUM=/path/to/it names one.');
  await mkdir(out, { recursive: true });
  const city = await startDemo();
  await dayInProgress(city.base);
  browser = await launchBrowser(executable);
  const signedIn = new Map<Audience, Awaited<ReturnType<BrowserContext['storageState']>>>();
  for (const [role, link] of city.links) {
    if (shots.some((shot) => shot.as === role)) signedIn.set(role, await signIn(browser, link));
  }
  for (const shot of shots) {
    for (const theme of THEMES) {
      for (const width of shot.widths) {
        const file = path.join(out, `${shot.name}-${theme}-${width}.png`);
        const state = shot.as === 'anybody' ? undefined : signedIn.get(shot.as);
        await take(browser, city.base, shot, { theme, width, file, state });
        console.log(path.relative(root, file));
        if (shot.readme?.theme === theme && shot.readme.width === width) await keepForReadme(file, shot.readme.file);
      }
    }
  }
}

interface Frame {
  readonly theme: Theme;
  readonly width: number;
  readonly file: string;
  readonly state: Awaited<ReturnType<BrowserContext['storageState']>> | undefined;
}

async function take(on: Browser, base: string, shot: Shot, { theme, width, file, state }: Frame): Promise<void> {
  const context = await on.newContext({
    baseURL: base,
    viewport: { width, height: shot.height ?? heightOf(width) },
    colorScheme: theme,
    ...(state === undefined ? {} : { storageState: state }),
  });
  try {
    const page = await context.newPage();
    await page.addInitScript(`localStorage.setItem('thuma.theme', '${theme}')`);
    if (shot.guide !== true) await page.addInitScript(`localStorage.setItem('thuma.guide', 'done')`);
    await shot.before?.(page);
    await page.goto(shot.path);
    await page.locator(shot.ready).first().waitFor({ timeout: 180_000 });
    await shot.act?.(page);
    // Tiles that have come are painted, sheets have come to rest.
    await page.waitForTimeout(800);
    await page.screenshot({ path: file, ...(shot.whole === true ? { fullPage: true } : {}) });
  } catch (error) {
    throw new Error(`The picture ${path.basename(file)} could not be taken.`, { cause: error });
  } finally {
    await context.close();
  }
}

function heightOf(width: number): number {
  if (width < 600) return 844;
  return width < 1_600 ? 800 : 1_080;
}

async function keepForReadme(file: string, name: string): Promise<void> {
  const { size } = await stat(file);
  if (size > README_MOST_BYTES)
    throw new Error(`${name} would be ${size} bytes; a picture of the README may have ${README_MOST_BYTES}.`);
  await mkdir(path.join(root, 'docs'), { recursive: true });
  const kept = path.join(root, 'docs', name);
  await copyFile(file, `${kept}.new`);
  await rename(`${kept}.new`, kept);
  console.log(path.relative(root, kept));
}

async function signIn(on: Browser, link: string): Promise<Awaited<ReturnType<BrowserContext['storageState']>>> {
  const context = await on.newContext();
  const page = await context.newPage();
  await page.goto(link);
  // Each role has a screen to come to.
  // A phone takes its code out of the address when it has used it.
  await page.waitForURL((url) => url.pathname !== '/sign-in' && url.hash === '', { timeout: 60_000 });
  if (link.includes('/crew#'))
    await page
      .getByRole('heading', { name: /shift|Sign in/ })
      .first()
      .waitFor({ timeout: 60_000 });
  const state = await context.storageState();
  await context.close();
  return state;
}

/** The demo runs to the morning as fast as it can: the pictures begin when it goes at a speed one can watch. */
async function dayInProgress(base: string): Promise<void> {
  for (;;) {
    const { clock } = (await (await fetch(`${base}/api/status`)).json()) as Status;
    if (clock.pace !== undefined && clock.pace.driver === 'playing') return;
    await sleep(1_000);
  }
}

interface RunningDemo {
  readonly base: string;
  readonly links: ReadonlyMap<Audience, string>;
}

/** The demo as people start it, on a free port: what is seen is what they see. */
function startDemo(): Promise<RunningDemo> {
  const child = (demo = spawn(process.execPath, [path.join(root, 'scripts/demo.mjs')], {
    cwd: root,
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  }));
  return new Promise((resolve, reject) => {
    let said = '';
    const late = setTimeout(
      () => reject(new Error(`The demo was not ready after ${READY_MILLIS / 1000} s:\n${said}`)),
      READY_MILLIS,
    );
    const hear = (chunk: Buffer): void => {
      said += chunk.toString();
      const base = /^ready (http:\S+)$/m.exec(said)?.[1];
      if (base === undefined) return;
      clearTimeout(late);
      const links = [...said.matchAll(/^sign in once as (dispatcher|supervisor)\s+(\S+)$/gm)];
      const phone = /^be .*?(http:\S+\/crew#\S+)/m.exec(said)?.[1];
      resolve({
        base,
        links: new Map([
          ...links.map(([, role, link]): [Audience, string] => [role as Audience, link!]),
          ...(phone === undefined ? [] : [['crew', phone] as [Audience, string]]),
        ]),
      });
    };
    child.stdout.on('data', hear);
    child.stderr.on('data', hear);
    child.on('exit', (code) => reject(new Error(`The demo ended with code ${code}:\n${said}`)));
  });
}
