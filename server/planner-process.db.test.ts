import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { DateTime } from 'luxon';
import { realClock } from './platform/clock.ts';
import { createLog } from './platform/log.ts';
import { quiet } from './platform/test-server.ts';
import { graphileQueue } from './stages/planning/graphile-queue.ts';
import { planner, type Planner } from './stages/planning/planner.ts';
import { inTown, openTown, type Town } from './stages/planning/town.db.test.ts';
import type { PlanProgress, PlanRequest, RequestPlan } from './stores/plans/contract.ts';

const ROOT = path.join(import.meta.dirname, '..');
const LEASE_SECONDS = 2;
/** A day to come on which the crews work, whatever today is. */
const DAY = DateTime.now().setZone('America/New_York').plus({ weeks: 1 }).set({ weekday: 2 }).toFormat('yyyy-MM-dd');
/** The engine is at it for longer than any of these tests. */
const ENDLESS = 1_000_000;

/** `npm run planner` as a process of its own on the town's database. */
interface Process {
  readonly child: ChildProcess;
  said(): string;
  /** When it has said something that matches, from `since` characters on. */
  hear(what: RegExp, since?: number): Promise<void>;
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number | null>;
}

describe('planner processes', function () {
  this.timeout(120_000);
  let town: Town;
  let home: string;
  const processes: Process[] = [];
  const others: Planner[] = [];

  const startProcess = async (): Promise<Process> => {
    const child = spawn(
      process.execPath,
      ['--import', 'tsx', 'scripts/planner.ts', '--city', 'dc', '--lease', String(LEASE_SECONDS)],
      {
        cwd: ROOT,
        env: { ...process.env, DATABASE_URL: town.connection.url, THUMA_HOME: home, LOG_LEVEL: 'info', OSRM_URL: '' },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    let said = '';
    const heard = new Set<() => void>();
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        for (const look of [...heard]) look();
      });
    }
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    const one: Process = {
      child,
      ended,
      said: () => said,
      hear: (what, since = 0) =>
        new Promise<void>((resolve, reject) => {
          const look = (): void => {
            if (!what.test(said.slice(since))) return;
            heard.delete(look);
            resolve();
          };
          heard.add(look);
          look();
          void ended.then((code) => reject(new Error(`the planner ended with ${code}:\n${said}`)));
        }),
    };
    processes.push(one);
    await one.hear(/^ready planner of dc$/m);
    return one;
  };

  /** A planner in this process whose engine takes a few steps only. */
  const startHere = async (): Promise<Planner> => {
    const { tools, engine, roads, policy, connection } = town;
    const here = planner({
      tools,
      roads,
      policy,
      log: quiet,
      engine: { solveInWorker: (problem, options) => engine.solveInWorker(problem, { ...options, iterations: 20 }) },
      openQueue: graphileQueue({ connection, concurrency: 1, log: createLog({ level: 'silent' }) }),
      leaseMillis: LEASE_SECONDS * 1_000,
    });
    others.push(here);
    await here.start();
    return here;
  };

  beforeEach(async () => {
    home = mkdtempSync(path.join(os.tmpdir(), 'thuma-planner-'));
    // The server takes requests and makes no plans.
    town = await openTown({
      crews: 3,
      serviceDay: DAY,
      clock: realClock,
      queue: (connection) => graphileQueue({ connection, concurrency: 0, log: createLog({ level: 'silent' }) }),
    });
    await town.planner.start();
    await town.report(inTown(40), { dueAt: `${DAY}T18:00:00.000Z` });
  });
  afterEach(async () => {
    for (const { child, ended } of processes.splice(0)) {
      child.kill('SIGKILL');
      await ended;
    }
    for (const other of others.splice(0)) await other.stop();
    await town.close();
    rmSync(home, { recursive: true, force: true });
  });

  const ask = async (iterations: number, over: Partial<RequestPlan> = {}): Promise<PlanRequest> =>
    (await town.ask<PlanRequest>('POST', '/api/plans', { serviceDay: DAY, seed: 1, iterations, ...over })).body;
  const look = async (request: PlanRequest, waitSeconds = 0): Promise<PlanRequest> =>
    (await town.ask<PlanRequest>('GET', `/api/plan-requests/${request.id}?waitSeconds=${waitSeconds}`)).body;
  const ended = async (request: PlanRequest): Promise<PlanRequest> => {
    let now = await look(request, 25);
    while (now.progress !== null) now = await look(request, 25);
    return now;
  };
  const searching = async (request: PlanRequest): Promise<PlanProgress> => {
    for (;;) {
      const { progress, state, failure } = await look(request, 0.1);
      if (progress === null) throw new Error(`the request is ${state}: ${failure ?? ''}`);
      if (progress.phase === 'solving' && progress.bestCost !== null) return progress;
    }
  };
  const row = async (request: PlanRequest) =>
    town.tools.db('plan_request').where({ id: request.id }).first<{ fence: number; state: string; leased_by: string | null }>();
  const plans = () => town.tools.db('plan').select<{ id: string }[]>('id');
  const drafted = async () => (await town.tools.db('event').where({ type: 'plan.drafted' })).length;

  it('make what the server is asked for, and tell it how far they are; a cancel reaches them within about a second', async () => {
    const one = await startProcess();
    const long = await ask(ENDLESS);
    const progress = await searching(long);
    expect(progress.curve.length).to.be.greaterThan(0);
    expect(progress.curve.at(-1)?.cost).to.equal(progress.bestCost);
    expect(progress.elapsedSeconds).to.be.greaterThan(0);
    const before = one.said().length;
    const from = performance.now();
    const cancelled = await town.ask<PlanRequest>('POST', `/api/plan-requests/${long.id}/cancel`);
    expect(cancelled.body.state).to.equal('cancelled');
    await one.hear(/given up/, before);
    expect(performance.now() - from).to.be.below(1_500);
    // Told to stop, it keeps the best so far.
    const next = await ask(ENDLESS);
    await searching(next);
    expect((await town.ask('POST', `/api/plan-requests/${next.id}/stop`)).status).to.equal(200);
    const made = await ended(next);
    expect(made.state).to.equal('made');
    expect(await plans()).to.deep.equal([{ id: made.planId }]);
    expect(await drafted()).to.equal(1);
  });

  it('one that stood still past its lease can neither store a plan nor say anything of it', async () => {
    const stood = await startProcess();
    const request = await ask(ENDLESS);
    await searching(request);
    stood.child.kill('SIGSTOP');
    await startHere();
    const made = await ended(request);
    expect(made.state).to.equal('made');
    const after = await row(request);
    expect([after.fence, after.state]).to.deep.equal([2, 'made']);
    const before = stood.said().length;
    stood.child.kill('SIGCONT');
    await stood.hear(/given up/, before);
    expect(await row(request)).to.deep.equal(after);
    expect(await plans()).to.deep.equal([{ id: made.planId }]);
    expect(await drafted()).to.equal(1);
    // It is well, and takes what comes next.
    for (const other of others.splice(0)) await other.stop();
    expect((await ended(await ask(10))).state).to.equal('made');
  });

  it('one that is killed is followed by another, which makes the plan once', async () => {
    const killed = await startProcess();
    const request = await ask(ENDLESS);
    await searching(request);
    killed.child.kill('SIGKILL');
    await killed.ended;
    await startHere();
    const made = await ended(request);
    expect([made.state, (await row(request)).fence]).to.deep.equal(['made', 2]);
    expect(await plans()).to.deep.equal([{ id: made.planId }]);
    expect(await drafted()).to.equal(1);
  });

  it('one that is told to end gives back what it makes, at once', async () => {
    const first = await startProcess();
    const request = await ask(ENDLESS);
    await searching(request);
    first.child.kill('SIGTERM');
    expect(await first.ended).to.equal(0);
    expect(await row(request)).to.deep.include({ state: 'running', leased_by: null });
    await startHere();
    expect((await ended(request)).state).to.equal('made');
  });
});
