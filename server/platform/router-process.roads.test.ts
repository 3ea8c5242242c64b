import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { smallCity, type SmallCity } from '../stages/city/testing.ts';
import { RouterFailed, startRouter, type RouterProcess } from './router-process.ts';

describe('the router process', function () {
  this.timeout(120_000);
  let city: SmallCity;
  let router: RouterProcess | undefined;
  const dataset = (version = 'one') => ({ file: city.dataset.routerFile ?? '', version });
  const start = async () => (router = await startRouter({ routed: city.binaries.routed, dataset: dataset() }));
  const until = async (holds: () => boolean) => {
    while (!holds()) await sleep(10);
  };
  const asks = async (url: string | null): Promise<unknown> => {
    const reply = await fetch(`${url ?? ''}/nearest/v1/driving/11.97,57.7`);
    return ((await reply.json()) as { code: unknown }).code;
  };

  before(async () => {
    city = await smallCity();
  });
  afterEach(async () => {
    await router?.stop();
    router = undefined;
  });

  it('answers on the loopback address once started, and is gone once stopped', async () => {
    const running = await start();
    const url = running.url() ?? '';
    const pid = running.pid() ?? 0;
    expect(url).to.match(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(await asks(url)).to.equal('Ok');
    await running.stop();
    expect(running).to.satisfy((r: RouterProcess) => r.state() === 'stopped' && r.url() === null && r.pid() === null);
    expect(isAlive(pid)).to.equal(false);
  });

  it('comes back by itself when it is killed', async () => {
    const running = await start();
    const killed = running.pid() ?? 0;
    process.kill(killed, 'SIGKILL');
    await until(() => running.pid() === null);
    expect(running.url()).to.equal(null);
    await until(() => running.state() === 'running');
    expect(running.pid()).to.not.equal(killed);
    expect(await asks(running.url())).to.equal('Ok');
  });

  it('changes to another dataset whole, and stays with the old one when the new does not start', async () => {
    const running = await start();
    const before = running.url();
    await running.swap(dataset('two'));
    expect(running.version()).to.equal('two');
    expect(running.url()).to.not.equal(before);
    expect(await asks(before), 'what was asked of the old one is still answered').to.equal('Ok');

    const failed = await running.swap({ file: '/nowhere/roads.osrm', version: 'three' }).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(RouterFailed);
    expect(running.version()).to.equal('two');
    expect(await asks(running.url())).to.equal('Ok');
  });

  it('says why it does not start', async () => {
    const failed = await startRouter({
      routed: city.binaries.routed,
      dataset: { file: '/nowhere/roads.osrm', version: 'x' },
    }).catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(RouterFailed);
    expect(String(failed)).to.contain('nowhere');
    const absent = await startRouter({ routed: '/nowhere/osrm-routed', dataset: dataset() }).catch((error: unknown) => error);
    expect(absent).to.be.instanceOf(RouterFailed);
  });

  it('does not outlive a parent that was killed', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'thuma-orphan-'));
    try {
      const script = path.join(folder, 'parent.mts');
      const module = path.resolve(import.meta.dirname, 'router-process.ts');
      await writeFile(
        script,
        `import { startRouter } from ${JSON.stringify(module)};
         const router = await startRouter(${JSON.stringify({ routed: city.binaries.routed, dataset: dataset() })});
         console.log(router.pid());
         setInterval(() => undefined, 1000);`,
      );
      const parent = spawn(process.execPath, ['--import', 'tsx', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: process.cwd(),
      });
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const pid = Number(said.toString());
      expect(isAlive(pid)).to.equal(true);
      parent.kill('SIGKILL');
      await until(() => !isAlive(pid));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

/** Not a zombie either: one that nobody reaps has ended all the same. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // No /proc on a Mac: there an orphan is reaped at once.
    return true;
  }
}
