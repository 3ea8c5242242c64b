import { expect } from 'chai';
import { DateTime } from 'luxon';
import { quiet } from '../../platform/test-server.ts';
import { realClock } from '../../platform/clock.ts';
import type { PlanRequest, PlanView } from '../../stores/plans/contract.ts';
import { graphileQueue } from './graphile-queue.ts';
import type { PlanEngine } from './plan-engine.ts';
import { planWork } from './plan-work.ts';
import { rebuildPlan } from './rebuild-plan.ts';
import { inTown, openTown, type Town, type TownOptions } from './town.db.test.ts';

const DAY = '2026-01-27';
/** A day on which the crews work, whatever today is. */
const TO_COME = DateTime.now().setZone('America/New_York').plus({ weeks: 1 }).set({ weekday: 2 }).toFormat('yyyy-MM-dd');

describe('a large city, planned by zones', function () {
  this.timeout(60_000);
  let town: Town;
  const open = async (options: Partial<TownOptions> = {}): Promise<Town> =>
    (town = await openTown({ crews: 8, policy: { zonesFromJobs: 10 }, ...options }));
  afterEach(() => town.close());
  const parts = () => town.tools.db('plan_part').select();

  it('gives each depot’s crews their own plan, joins them into one draft that can be published, and rebuilds it', async () => {
    await open();
    await town.report(inTown(24));
    const draft = await town.plan({ seed: 3, iterations: 100 });
    expect(draft.zones.length).to.be.greaterThan(1);
    expect(draft.zones.reduce((sum, { jobs }) => sum + jobs, 0)).to.equal(24);
    expect(draft.zones.flatMap(({ shiftIds }) => shiftIds).sort()).to.deep.equal(town.shifts.map(({ id }) => id).sort());
    expect(await parts()).to.deep.equal([]);
    const rebuilt = await rebuildPlan(town.tools.db, town.engine, draft.id);
    expect(rebuilt.differences).to.deep.equal([]);
    expect(rebuilt.same).to.equal(true);
    expect((await town.ask('POST', `/api/plans/${draft.id}/publish`, { envelope: town.envelope() })).status).to.equal(200);
  });

  it('is planned in one piece below the size of the policy, and where a number of changes is asked for', async () => {
    await open();
    await town.report(inTown(9));
    expect((await town.plan({ iterations: 20 })).zones).to.deep.equal([]);
    await town.report(inTown(4));
    expect((await town.plan({ iterations: 20 })).zones).to.not.deep.equal([]);
    const asked = await town.ask<PlanRequest>('POST', '/api/plans', { serviceDay: DAY, iterations: 20, maxChanges: 3 });
    const made = await town.ask<PlanRequest>('GET', `/api/plan-requests/${asked.body.id}?waitSeconds=25`);
    const view = await town.ask<PlanView>('GET', `/api/plans/${made.body.planId ?? ''}`);
    expect(view.body).to.deep.include({ zones: [], maxChanges: 3 });
  });

  it('has its zones made by several planners, each zone by one', async () => {
    // The first zone of each planner waits until another one has begun too: none can make all of them alone.
    let begun = 0;
    const both = (engine: PlanEngine): PlanEngine => {
      let mine = 0;
      return {
        async solveInWorker(problem, options) {
          if (problem.jobs.length > 0 && mine++ === 0) {
            begun++;
            while (begun < 2 && !options.signal?.aborted) await new Promise((resolve) => setTimeout(resolve, 20));
          }
          return engine.solveInWorker(problem, options);
        },
      };
    };
    await open({
      clock: realClock,
      engine: both,
      serviceDay: TO_COME,
      queue: (connection) => graphileQueue({ connection, concurrency: 1, log: quiet }),
    });
    await town.report(inTown(24), { dueAt: `${TO_COME}T18:00:00.000Z` });
    await town.planner.start();
    const { tools, roads, policy, engine, connection } = town;
    const other = planWork({
      tools,
      roads,
      policy,
      engine: both(engine),
      log: quiet,
      openQueue: graphileQueue({ connection, concurrency: 1, log: quiet }),
      holder: 'the other planner',
      onStep: () => undefined,
    });
    await other.start();
    try {
      const draft = await town.plan({ iterations: 50 });
      expect(draft.zones.length).to.be.greaterThan(1);
      expect(new Set(draft.zones.map(({ madeBy }) => madeBy)).size).to.equal(2);
    } finally {
      await other.stop();
    }
  });

  it('gives up all its zones when it is cancelled', async () => {
    const endless = (): PlanEngine => ({
      solveInWorker: (_, { signal }) =>
        new Promise((_resolve, reject) => {
          const end = (): void => reject(signal?.reason as Error);
          // A zone may be given up before its engine has begun.
          if (signal?.aborted === true) end();
          else signal?.addEventListener('abort', end);
        }),
    });
    await open({ engine: endless });
    await town.report(inTown(24));
    const asked = await town.ask<PlanRequest>('POST', '/api/plans', { serviceDay: DAY });
    while ((await parts()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
    expect((await town.ask<PlanRequest>('POST', `/api/plan-requests/${asked.body.id}/cancel`)).body.state).to.equal('cancelled');
    while ((await parts()).length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  });
});
