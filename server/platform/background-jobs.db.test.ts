import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../db/testing.ts';
import { inProcessJobs, queuedJobs, type BackgroundJob, type BackgroundJobs } from './background-jobs.ts';
import { quiet } from './test-server.ts';

describe('background jobs', function () {
  this.timeout(120_000);
  let fresh: FreshDb;
  const opened: BackgroundJobs[] = [];

  before(async () => {
    fresh = await freshDb();
  });
  after(async () => {
    for (const jobs of opened) await jobs.stop();
    await fresh.drop();
  });

  const until = async (holds: () => boolean | Promise<boolean>): Promise<void> => {
    while (!(await holds())) await sleep(20);
  };
  const ring = (name: string) => fresh.db.raw('select graphile_worker.add_job(?)', [name]);
  const open = async (list: readonly BackgroundJob[]): Promise<BackgroundJobs> => {
    const jobs = queuedJobs({ connection: fresh.connection, db: fresh.db, log: quiet })(list);
    opened.push(jobs);
    await jobs.start();
    return jobs;
  };

  it('do the others when one fails, say which, and forget it when it is well again', async () => {
    let isIll = true;
    let done = 0;
    const jobs = await open([
      { name: 'ill', everyMinutes: 60, run: () => (isIll ? Promise.reject(new Error('no disk')) : Promise.resolve()) },
      { name: 'well', everyMinutes: 60, run: () => Promise.resolve(void done++) },
    ]);
    // The queue is there when its tables are.
    await until(() =>
      ring('ill').then(
        () => true,
        () => false,
      ),
    );
    await ring('well');
    await until(() => done === 1 && jobs.failing().length === 1);
    expect(jobs.failing()).to.deep.equal(['ill']);
    isIll = false;
    // The queue tries again by itself, after a pause that grows.
    await until(() => jobs.failing().length === 0);
  });

  it('are one at a time, however many servers there are', async () => {
    let [now, most, runs] = [0, 0, 0];
    const job: BackgroundJob = {
      name: 'slow',
      everyMinutes: 60,
      async run() {
        most = Math.max(most, ++now);
        await sleep(300);
        now--;
        runs++;
      },
    };
    await open([job]);
    await open([job]);
    await ring('slow');
    await ring('slow');
    await until(() => runs >= 1 && now === 0);
    expect(most).to.equal(1);
  });

  it('in one process are begun at once, tried again, and told to end', async () => {
    let ended = false;
    const jobs = inProcessJobs(quiet)([
      { name: 'ill', everyMinutes: 60, run: () => Promise.reject(new Error('no disk')) },
      {
        name: 'long',
        everyMinutes: 60,
        run: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(void (ended = true)))),
      },
    ]);
    await jobs.start();
    await until(() => jobs.failing().length === 1);
    await sleep(50);
    await jobs.stop();
    expect(ended).to.equal(true);
    expect(jobs.failing()).to.deep.equal(['ill']);
  });
});
