import { expect } from 'chai';
import type { ProblemBody } from '../../platform/contract.ts';
import { realClock } from '../../platform/clock.ts';
import { systemActor } from '../../platform/actor.ts';
import { randomIds } from '../../platform/ids.ts';
import { quiet } from '../../platform/test-server.ts';
import { PlannerCrashed } from '../../../routing/worker/start-planner.ts';
import type { PlanProgress, PlanRequest, RequestPlan } from '../../stores/plans/contract.ts';
import type { PlanEngine, SolveOptions } from './plan-engine.ts';
import { graphileQueue } from './graphile-queue.ts';
import { planner } from './planner.ts';
import { aPolicy } from './fixtures.ts';
import { inTown, openTown, type Town, type TownOptions } from './town.db.test.ts';

const DAY = '2026-01-27';

/** An engine that waits at a gate: so that a test says when a plan is being made. */
function gated() {
  let open = (): void => undefined;
  let arrived = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const here = new Promise<void>((resolve) => (arrived = resolve));
  const before = (engine: PlanEngine): PlanEngine => ({
    async solveInWorker(problem, options) {
      arrived();
      await Promise.race([
        gate,
        new Promise((_, reject) => options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error))),
      ]);
      return engine.solveInWorker(problem, options);
    },
  });
  return { before, open: () => open(), here };
}

describe('the planner', () => {
  let town: Town;
  const start = async (options: Partial<TownOptions> = {}): Promise<Town> => (town = await openTown({ crews: 3, ...options }));
  afterEach(() => town.close());
  const ask = (body: Partial<RequestPlan> = {}) => town.ask<PlanRequest>('POST', '/api/plans', { serviceDay: DAY, ...body });
  const waitFor = (request: PlanRequest, seconds = 25) =>
    town.ask<PlanRequest>('GET', `/api/plan-requests/${request.id}?waitSeconds=${seconds}`);

  /** Its progress as soon as `holds`; fails when the request ends before. */
  const until = async (request: PlanRequest, holds: (progress: PlanProgress) => boolean): Promise<PlanProgress> => {
    for (;;) {
      const { progress, state, failure } = (await waitFor(request, 0.05)).body;
      if (progress === null) throw new Error(`the request is ${state}: ${failure ?? ''}`);
      if (holds(progress)) return progress;
    }
  };

  it('answers a second request at once: one runs, one waits, and whoever asks again is given the one that waits', async () => {
    const gate = gated();
    await start({ engine: gate.before });
    await town.report(inTown(5));
    const first = await ask();
    expect([first.status, first.body.state]).to.deep.equal([202, 'waiting']);
    await gate.here;
    const second = await ask();
    const third = await ask({ reason: 'emergency' });
    expect(second.body.id).to.not.equal(first.body.id);
    expect(third.body.id).to.equal(second.body.id);
    const other = await town.ask<ProblemBody>('POST', '/api/plans', { serviceDay: DAY, seed: 5 });
    expect([other.status, other.body.type]).to.deep.equal([409, '/problems/plan-waiting']);
    const running = (await waitFor(first.body, 0)).body;
    expect([running.state, running.progress?.phase, running.progress?.bestCost]).to.deep.equal(['running', 'solving', null]);
    gate.open();
    const made = [await waitFor(first.body), await waitFor(second.body)];
    expect(made.map(({ body }) => [body.state, body.progress])).to.deep.equal([
      ['made', null],
      ['made', null],
    ]);
    expect(made[0]?.body.planId).to.not.equal(made[1]?.body.planId);
  });

  it('refuses a day decades away at once, and the planner stays well', async () => {
    await start();
    for (const serviceDay of ['2199-01-01', '1980-01-01']) {
      const far = await town.ask<ProblemBody>('POST', '/api/plans', { serviceDay });
      expect([far.status, far.body.type, far.body.errors?.[0]?.path]).to.deep.equal([
        400,
        '/problems/invalid-input',
        'serviceDay',
      ]);
    }
    expect(await town.tools.db('plan_request')).to.deep.equal([]);
    expect(town.planner.lastFailure()).to.equal(null);
  });

  it('gives up a plan that is being made, and one that waits, and goes on with the next', async () => {
    const gate = gated();
    await start({ engine: gate.before });
    const first = await ask();
    await gate.here;
    const second = await ask();
    const cancelled = await town.ask<PlanRequest>('POST', `/api/plan-requests/${second.body.id}/cancel`);
    expect(cancelled.body.state).to.equal('cancelled');
    const third = await ask();
    expect((await town.ask<PlanRequest>('POST', `/api/plan-requests/${first.body.id}/cancel`)).body.state).to.equal('cancelled');
    gate.open();
    expect((await waitFor(third.body)).body.state).to.equal('made');
    const again = await town.ask<ProblemBody>('POST', `/api/plan-requests/${first.body.id}/cancel`);
    expect([again.status, again.body.detail]).to.deep.equal([409, 'This plan has been cancelled already.']);
    expect(await town.tools.db('plan')).to.have.length(1);
  });

  it('says in a sentence that the engine died, and makes the next plan', async () => {
    let dies = true;
    await start({
      engine: (engine) => ({
        solveInWorker: (problem, options) =>
          dies ? Promise.reject(new PlannerCrashed('out of memory')) : engine.solveInWorker(problem, options),
      }),
    });
    const first = await ask();
    const failed = (await waitFor(first.body)).body;
    expect(failed.state).to.equal('failed');
    expect(failed.failure).to.match(/^The planner stopped unexpectedly.*\.$/);
    expect(town.planner.lastFailure()).to.equal(failed.failure);
    dies = false;
    expect((await waitFor((await ask()).body)).body.state).to.equal('made');
    expect(town.planner.lastFailure()).to.equal(null);
  });

  it('after a restart makes what was being made, and what waited', async () => {
    const gate = gated();
    await start({ engine: gate.before });
    const running = await ask();
    await gate.here;
    const waiting = await ask();
    await town.planner.stop();
    const { tools, engine, roads, policy } = town;
    expect((await town.planner.get(running.body.id)).state).to.equal('running');
    const next = planner({ tools, engine, roads, policy, log: quiet });
    await next.start();
    try {
      const never = new AbortController().signal;
      expect((await next.wait(running.body.id, 20_000, never)).state).to.equal('made');
      expect((await next.wait(waiting.body.id, 20_000, never)).state).to.equal('made');
      expect(await tools.db('plan')).to.have.length(2);
    } finally {
      await next.stop();
    }
  });

  it('stops the search when it is told to, and keeps the best so far', async () => {
    // An engine that has found something, and would go on for ever.
    const endless = (engine: PlanEngine): PlanEngine => ({
      async solveInWorker(problem, options) {
        options.onBetter?.(1_234);
        await new Promise<void>((resolve, reject) => {
          if (options.finishEarly?.aborted) resolve();
          options.finishEarly?.addEventListener('abort', () => resolve());
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error));
        });
        return engine.solveInWorker(problem, options);
      },
    });
    await start({ engine: endless });
    const asked = await ask();
    const waiting = await ask({ serviceDay: '2026-01-28' });
    const early = await town.ask<ProblemBody>('POST', `/api/plan-requests/${waiting.body.id}/stop`);
    expect([early.status, early.body.detail]).to.deep.equal([409, 'This plan has not been begun yet; it can be cancelled.']);
    const progress = await until(asked.body, (now) => now.bestCost === 1_234);
    expect(progress.finishing).to.equal(false);
    expect(progress.curve.map(({ cost }) => cost)).to.deep.equal([1_234]);
    const stopped = await town.ask<PlanRequest>('POST', `/api/plan-requests/${asked.body.id}/stop`);
    expect(stopped.status).to.equal(200);
    const made = (await waitFor(asked.body)).body;
    expect(made.state).to.equal('made');
    expect((await town.ask('GET', `/api/plans/${made.planId ?? ''}`)).status).to.equal(200);
    const again = await town.ask<ProblemBody>('POST', `/api/plan-requests/${asked.body.id}/stop`);
    expect([again.status, again.body.detail]).to.deep.equal([409, 'This plan has been made already.']);
  });

  it('makes plans from the shared queue, also after every connection to the database was cut', async () => {
    await start({ clock: realClock, queue: (connection) => graphileQueue({ connection, concurrency: 1, log: quiet }) });
    await town.planner.start();
    const first = await ask({ iterations: 10 });
    expect((await waitFor(first.body)).body.state).to.equal('made');
    const cut =
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()';
    await town.tools.db.raw(cut);
    // A request that gets a connection which was cut is refused as such (503), and may be sent again.
    let second = await ask({ iterations: 10 });
    for (let tries = 0; second.status === 503 && tries < 50; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      second = await ask({ iterations: 10 });
    }
    expect(second.status).to.equal(202);
    expect((await waitFor(second.body)).body.state).to.equal('made');
    const requests = await town.tools.db('plan_request').select<{ fence: number }[]>('fence');
    expect(requests.map(({ fence }) => fence)).to.deep.equal([1, 1]);
  });

  it('hands the engine how many changes are allowed, and refuses what is no number of changes', async () => {
    const given: SolveOptions['maxChanges'][] = [];
    await start({
      engine: (engine) => ({
        solveInWorker(problem, options) {
          given.push(options.maxChanges);
          return engine.solveInWorker(problem, options);
        },
      }),
    });
    const asked = await ask({ maxChanges: 2 });
    expect(asked.body.maxChanges).to.equal(2);
    await waitFor(asked.body);
    for (const maxChanges of [undefined, null]) {
      const any = await ask(maxChanges === undefined ? {} : { maxChanges });
      expect(any.body.maxChanges).to.equal(null);
      await waitFor(any.body);
    }
    expect(given).to.deep.equal([2, null, null]);
    for (const maxChanges of [-1, 1.5, '3']) {
      const refused = await town.ask<ProblemBody>('POST', '/api/plans', { serviceDay: DAY, maxChanges });
      expect([refused.status, refused.body.errors?.[0]?.path]).to.deep.equal([400, 'maxChanges']);
    }
  });

  it('allows as many changes as the policy says where nobody says otherwise', async () => {
    await start({ policy: { maxChanges: 4 } });
    expect((await ask({})).body.maxChanges).to.equal(4);
    const asked = await town.ask<PlanRequest>('POST', '/api/plans', { serviceDay: '2026-01-28', maxChanges: null });
    expect(asked.body.maxChanges).to.equal(null);
  });

  it('tells of each step, in order', async () => {
    const told: string[] = [];
    await start({ onProgress: (request) => told.push(`${request.state} ${request.progress?.phase ?? '-'}`) });
    await town.plan({ iterations: 50 });
    expect(told.filter((line, i) => line !== told[i - 1])).to.deep.equal([
      'waiting waiting',
      'running reading',
      'running roads',
      'running solving',
      'running storing',
      'made -',
    ]);
  });

  it('asked of a real city, stops by time', async () => {
    await start({ clock: realClock, policy: { budgetMillis: 200 } });
    const request = await ask({ serviceDay: DAY });
    expect((await waitFor(request.body)).body.state).to.equal('made');
  });

  it('makes a draft by itself where the policy says so, and only in a real city', async () => {
    await start();
    const { tools, engine, roads } = town;
    const configVersionId = (await tools.db('config_version').first<{ id: string }>('id')).id;
    const policy = () => Promise.resolve(aPolicy({ configVersionId, replanSeconds: 0.05, budgetMillis: 20 }));
    const simulated = planner({ tools, engine, roads, policy, log: quiet });
    await simulated.start();
    let heard = (): void => undefined;
    const twice = new Promise<void>((resolve) => (heard = resolve));
    let made = 0;
    const onProgress = (request: PlanRequest): void => {
      if (request.state === 'made' && ++made === 2) heard();
    };
    const real = planner({
      tools: { ...tools, clock: realClock, ids: randomIds },
      engine,
      roads,
      policy,
      log: quiet,
      onProgress,
    });
    await real.start();
    try {
      await twice;
      const asked = await tools.db('plan_request').select<{ reason: string; requested_at: Date }[]>('reason', 'requested_at');
      // The simulated city stands in January: had it asked for a plan, one would carry that time.
      for (const { reason, requested_at } of asked) {
        expect(reason).to.equal('interval');
        expect(requested_at.getTime()).to.be.greaterThan(tools.clock.now().getTime() + 3_600_000);
      }
    } finally {
      await simulated.stop();
      await real.stop();
    }
    const stopped = await real.request(systemActor, { reason: 'dispatcher' }).catch((error: unknown) => error);
    expect(stopped).to.include({ status: 503, type: 'closing' });
  });
});
