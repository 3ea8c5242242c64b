import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import '../../db/testing.ts';
import { randomIds } from '../../server/platform/ids.ts';
import { loadCity } from '../../server/stores/city/load.ts';
import { openStreets } from '../../server/stores/city/streets.ts';
import type { WorkAnswer } from '../../server/stores/work/contract.ts';
import type { JobView } from '../../server/stores/work/contract.ts';
import { chanceOf } from './chance.ts';
import { ensureRoads } from './city-roads.ts';
import { checkHistory, write, type Asked, type HistoryFindings, type Writer, type WriterSetting } from './history.ts';
import { inventedRequests } from './requests.ts';
import { startCity, type RunningCity } from './running-city.ts';

const root = path.join(import.meta.dirname, '../..');
const home = path.resolve(process.env['THUMA_HOME'] ?? path.join(root, '.thuma'));
const DATE = '2026-03-02';
/** A longer drill by hand: THUMA_KILLS=30. */
const KILLS = Number(process.env['THUMA_KILLS'] ?? 3);
const DATABASE_KILLS = Math.max(1, Math.round(KILLS / 6));
const DESK_WRITERS = 4;
const CREW_WRITERS = 4;
/** Under the wrong designs: enough for one of them to be caught in the middle of something. */
const WRONG_KILLS = 2;
const newActionId = (): string => randomIds.next(new Date());
const NOTHING: HistoryFindings = { lost: [], doubled: [], contradicted: [], log: [] };

/** `kill -9` in the middle of acknowledged work, and the history of every client held against the database. */
describe('kill -9 under eight writers', function () {
  this.timeout(Math.max(240_000, KILLS * 20_000));
  let folder: string;
  let running: RunningCity;
  let jobs: JobView[];
  const chance = chanceOf(5, 'kills');

  before(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'thuma-kill-'));
    // The user postgres passes through it when we are root.
    chmodSync(folder, 0o711);
    const city = await loadCity(path.join(root, 'cities/gothenburg'));
    const dataset = await ensureRoads(city.config, { root, home, say: () => undefined });
    running = await startCity({ city, home, folder, serviceDay: DATE, startAt: new Date(`${DATE}T06:00:00Z`) });
    const { requests } = inventedRequests(city.config, await openStreets(dataset.folder), DATE, 5);
    for (const { source, sourceId, serviceType, place } of requests.filter(({ place }) => place !== null).slice(0, 60)) {
      await running.integrator.post('/api/cases', { source, sourceId, serviceType, place });
    }
    jobs = (await running.desk.get<{ jobs: JobView[] }>('/api/jobs?limit=1000&state=ready')).body.jobs;
    expect(jobs.length).to.be.greaterThan(20);
  });
  after(async () => {
    await running?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Changes one job's priority again and again, each time from the version it was last told. */
  function deskWriter(base: string, headers: Record<string, string>, job: JobView, done: () => boolean): WriterSetting {
    let version = job.version;
    let n = 0;
    return {
      base,
      headers,
      path: '/api/jobs/commands',
      newActionId,
      done,
      next(last) {
        const told = (last as WorkAnswer | null)?.jobs.find(({ id }) => id === job.id)?.version;
        version = told ?? version;
        const change = { priority: 1 + (n++ % 4) };
        return { subject: { table: 'job', id: job.id }, command: { type: 'job.change', jobId: job.id, version, change } };
      },
    };
  }

  /** A crew that accepts, drives, begins, and then pauses and goes on as long as it may. */
  function crewWriter(base: string, token: string, assignmentId: string, done: () => boolean): WriterSetting {
    const beginning = ['accept', 'travel', 'arrive', 'start'];
    let n = 0;
    return {
      base,
      headers: { authorization: `Bearer ${token}` },
      path: '/api/field',
      newActionId,
      done,
      next() {
        const step = beginning[n] ?? (n % 2 === 0 ? 'pause' : 'resume');
        n++;
        return { subject: { table: 'assignment', id: assignmentId }, command: { type: `field.${step}`, assignmentId } };
      },
    };
  }

  /** Work for a crew: a job it can do, given and sent. */
  async function sendWork(count: number): Promise<{ token: string; assignmentId: string }[]> {
    const sent: { token: string; assignmentId: string }[] = [];
    for (const shift of await running.shifts()) {
      if (sent.length === count) break;
      const vehicle = shift.members.find(({ kind }) => kind === 'vehicle');
      const at = jobs.findIndex(({ organisationId }) => organisationId === shift.organisationId);
      const [job] = at < 0 ? [] : jobs.splice(at, 1);
      if (vehicle === undefined || job === undefined) continue;
      const { token } = await running.enrol(vehicle.resourceId, shift.crewName);
      const order = async (command: unknown): Promise<WorkAnswer['assignments'][number]> => {
        const { body } = await running.desk.post<WorkAnswer>('/api/assignments/commands', {
          envelope: { actionId: newActionId() },
          command,
        });
        return body.assignments.find(({ jobId }) => jobId === job.id)!;
      };
      const given = await order({ type: 'assignment.assign', jobId: job.id, version: job.version, shiftId: shift.id });
      // Inside the freeze horizon it was sent at once.
      if (given.state === 'planned') await order({ type: 'assignment.dispatch', assignmentId: given.id, version: given.version });
      sent.push({ token, assignmentId: given.id });
    }
    expect(sent, 'crews with work').to.have.length(count);
    return sent;
  }

  async function versionsOf(subjects: readonly Asked['subject'][]): Promise<Map<string, number>> {
    const versions = new Map<string, number>();
    for (const { table, id } of subjects) {
      versions.set(id, (await running.db(table).where({ id }).first<{ version: number }>('version')).version);
    }
    return versions;
  }

  /** Lets the writers work while `strike` strikes, then lets them finish; what they asked for and what they missed. */
  async function underFire(
    settings: (done: () => boolean) => WriterSetting[],
    strike: (more: (changes: number) => Promise<void>) => Promise<void>,
  ): Promise<{ history: Asked[]; repeats: number; failures: unknown[] }> {
    let over = false;
    const writers = settings(() => over).map((setting) => {
      const writer: Writer = { history: [], repeats: 0 };
      return {
        writer,
        ended: write(setting, writer).then(
          () => null,
          (error: unknown) => error,
        ),
      };
    });
    const asked = (): number => writers.reduce((sum, { writer }) => sum + writer.history.length, 0);
    // So many more changes have been asked for: time decides nothing here.
    const more = async (changes: number): Promise<void> => {
      const until = asked() + changes;
      for (let tries = 0; asked() < until && tries < 6_000; tries++) await sleep(5);
    };
    try {
      await strike(more);
    } finally {
      over = true;
    }
    const failures = (await Promise.all(writers.map(({ ended }) => ended))).filter((failure) => failure !== null);
    return {
      history: writers.flatMap(({ writer }) => writer.history),
      repeats: writers.reduce((sum, { writer }) => sum + writer.repeats, 0),
      failures,
    };
  }

  it(`loses and doubles nothing in ${KILLS} kills of the server and ${DATABASE_KILLS} of the database`, async () => {
    const cookie = await running.cookie('dispatcher');
    const crews = await sendWork(CREW_WRITERS);
    const mine = jobs.splice(0, DESK_WRITERS);
    const { base } = running.server;
    const headers = { cookie, origin: base, 'thuma-request': '1' };
    const versions = await versionsOf([
      ...mine.map(({ id }) => ({ table: 'job' as const, id })),
      ...crews.map(({ assignmentId }) => ({ table: 'assignment' as const, id: assignmentId })),
    ]);
    const { history, repeats, failures } = await underFire(
      (done) => [
        ...mine.map((job) => deskWriter(base, headers, job, done)),
        ...crews.map(({ token, assignmentId }) => crewWriter(base, token, assignmentId, done)),
      ],
      async (more) => {
        for (let n = 0; n < KILLS; n++) {
          await more(10 + chance.below(50));
          process.kill(running.server.pid, 'SIGKILL');
          await running.startServerAgain();
        }
        for (let n = 0; n < DATABASE_KILLS; n++) {
          await more(10 + chance.below(50));
          process.kill(running.database.pid()!, 'SIGKILL');
          await more(20);
        }
      },
    );
    expect(failures.map(String)).to.deep.equal([]);
    expect(repeats, 'requests that met a dead server').to.be.at.least(KILLS);
    expect(history.length, 'changes').to.be.greaterThan(20 * KILLS);
    expect(await checkHistory(running.db, history, versions)).to.deep.equal(NOTHING);
    console.log(`      ${history.length} changes acknowledged, ${repeats} requests sent again`);
  });

  for (const [design, caught] of [
    ['early', 'lost'],
    ['forgetful', 'doubled'],
  ] as const) {
    it(`catches a server that is wrong by design: ${design}`, async () => {
      const mine = jobs.splice(0, DESK_WRITERS);
      const versions = await versionsOf(mine.map(({ id }) => ({ table: 'job' as const, id })));
      let wrong = await startWrong(design, running.database.connection.url, 0);
      const { base } = wrong;
      const { history } = await underFire(
        (done) => mine.map((job) => deskWriter(base, {}, job, done)),
        async (more) => {
          for (let n = 0; n < WRONG_KILLS; n++) {
            await more(30);
            await wrong.kill();
            wrong = await startWrong(design, running.database.connection.url, Number(new URL(base).port));
          }
          await more(10);
        },
      ).finally(() => wrong.kill());
      expect(history.length).to.be.greaterThan(20);
      const found = await checkHistory(running.db, history, versions);
      expect(found[caught], caught).not.to.deep.equal([]);
    });
  }
});

async function startWrong(design: string, url: string, port: number): Promise<{ base: string; kill(): Promise<void> }> {
  const child: ChildProcess = spawn(
    process.execPath,
    ['--import', 'tsx', path.join(import.meta.dirname, 'wrong-server.fixtures.ts'), design, url],
    { cwd: root, env: { ...process.env, PORT: String(port) }, stdio: ['ignore', 'pipe', 'ignore'] },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const base = await new Promise<string>((resolve, reject) => {
    child.stdout!.on('data', (chunk: Buffer) => {
      const ready = /ready (\S+)/.exec(chunk.toString());
      if (ready) resolve(ready[1]!);
    });
    child.once('exit', (code) => reject(new Error(`the wrong server ended with ${code}`)));
  });
  return {
    base,
    kill: () => {
      child.kill('SIGKILL');
      return gone;
    },
  };
}
