import { expect } from 'chai';
import type { CityClock } from '../../platform/clock.ts';
import type { ProblemBody } from '../../platform/contract.ts';
import type { PlanListed, PlanRequest, PlanView } from '../../stores/plans/contract.ts';
import type { PublishOutcome, WorkAnswer } from '../../stores/work/contract.ts';
import { rebuildPlan } from './rebuild-plan.ts';
import { inTown, MORNING, openTown, type Town, type TownOptions } from './town.db.test.ts';

/** A real city's clock that began then: time stops the engine, as at a desk. */
function clockFrom(start: Date): CityClock {
  const began = Date.now();
  return { kind: 'real', now: () => new Date(start.getTime() + Date.now() - began) };
}

describe('planning, from reports to a published plan', () => {
  let town: Town;
  const open = async (options: Partial<TownOptions> = {}): Promise<Town> => (town = await openTown({ crews: 4, ...options }));
  afterEach(() => town.close());

  const publish = (plan: PlanView) =>
    town.ask<PublishOutcome>('POST', `/api/plans/${plan.id}/publish`, { envelope: town.envelope() });
  const assignments = () =>
    town.tools.db('assignment').whereNot({ state: 'cancelled' }).orderBy(['shift_id', 'position']) as Promise<
      { id: string; job_id: string; shift_id: string; state: string; version: number; planned_start: Date }[]
    >;

  it('gives the work to the crews, and puts the draft into force', async () => {
    await open();
    await town.report(inTown(14));
    const draft = await town.plan({ seed: 1, iterations: 300 });
    expect(draft).to.include({ state: 'draft', roadsSource: 'estimate', seed: 1 });
    expect(draft.summary).to.include({ jobs: 14, assigned: 14, added: 14, leftOut: 0 });
    expect(draft.stops.every((stop) => stop.change === 'new' && stop.stale === null)).to.equal(true);
    expect(draft.lp.length).to.be.greaterThan(0);
    expect(await assignments()).to.have.length(0);

    const outcome = await publish(draft);
    expect(outcome.status).to.equal(200);
    expect(outcome.body).to.include({ assigned: 14, moved: 0 });
    expect(outcome.body.leftAlone).to.deep.equal([]);
    const stored = await assignments();
    expect(stored).to.have.length(14);
    const starts = new Map(draft.stops.map((stop) => [stop.jobId, stop.start]));
    for (const a of stored) expect(a.planned_start.toISOString()).to.equal(starts.get(a.job_id));
    const seen = await town.ask<PlanView>('GET', `/api/plans/${draft.id}`);
    expect(seen.body.state).to.equal('published');
    expect(new Set(seen.body.stops.map((stop) => stop.change))).to.not.include('new');
  });

  it('leaves alone, and lists, what a dispatcher moved meanwhile', async () => {
    await open();
    const jobs = await town.report(inTown(12));
    const draft = await town.plan({ seed: 1, iterations: 200 });
    const mine = jobs[3];
    const shift = town.shifts.at(-1);
    if (mine === undefined || shift === undefined) throw new Error('no job or no shift');
    const given = await town.ask<WorkAnswer>('POST', '/api/assignments/commands', {
      envelope: town.envelope(),
      command: { type: 'assignment.assign', jobId: mine.id, version: mine.version, slot: 0, shiftId: shift.id },
    });
    expect(given.status).to.equal(200);
    const looked = (await town.ask<PlanView>('GET', `/api/plans/${draft.id}`)).body;
    const staleOnes = looked.stops.filter((stop) => stop.stale !== null);
    expect(staleOnes.find((stop) => stop.jobId === mine.id)?.stale).to.equal('job_changed');

    const outcome = (await publish(draft)).body;
    const alone = new Map(outcome.leftAlone.map((left) => [left.jobId as string, left.because]));
    expect([...alone.keys()].sort()).to.deep.equal(staleOnes.map((stop) => stop.jobId).sort());
    for (const stop of staleOnes) expect(alone.get(stop.jobId)).to.equal(stop.stale);
    const kept = (await assignments()).find((a) => a.job_id === mine.id);
    expect(kept).to.include({ shift_id: shift.id, id: given.body.assignments[0]?.id });
  });

  it('keeps what is locked when it plans again, and says what is new', async () => {
    await open();
    await town.report(inTown(10));
    await publish(await town.plan({ seed: 1, iterations: 200 }));
    const [locked] = (await assignments()).filter((a) => a.state === 'planned');
    if (locked === undefined) throw new Error('nothing is planned');
    const other = town.shifts.find(({ id }) => id !== locked.shift_id);
    const move = {
      type: 'assignment.move',
      assignmentId: locked.id,
      version: locked.version,
      shiftId: other?.id,
      lockCrew: true,
    };
    const moved = await town.ask('POST', '/api/assignments/commands', { envelope: town.envelope(), command: move });
    expect(moved.status).to.equal(200);
    await town.report([{ lon: -77.0, lat: 38.93 }], { priority: 1, emergency: true });
    const again = await town.plan({ seed: 2, iterations: 200 });
    expect(again.summary).to.include({ jobs: 11, added: 1, takenOff: 0 });
    expect(again.stops.find((stop) => stop.jobId === locked.job_id)?.shiftId).to.equal(other?.id);
    expect(again.stops.filter((stop) => stop.change === 'fixed')).to.have.length(
      (await assignments()).filter((a) => a.state === 'dispatched').length,
    );
    expect((await publish(again)).body.leftAlone).to.deep.equal([]);
  });

  it('begins with the plan in force, and changes no more of it than it may', async () => {
    await open({ policy: { freezeSeconds: 0 } });
    await town.report(inTown(30));
    await publish(await town.plan({ seed: 1, iterations: 20 }));
    await town.report(inTown(8), { priority: 1, emergency: true, serviceSeconds: 3_600 });
    for (const maxChanges of [0, 2]) {
      const again = await town.plan({ seed: 2, iterations: 2_000, maxChanges });
      expect(again.maxChanges).to.equal(maxChanges);
      expect(again.changes).to.be.at.most(maxChanges);
      expect(again.stops.filter(({ change }) => change === 'other_crew').length).to.be.at.most(maxChanges);
    }
    const free = await town.plan({ seed: 2, iterations: 2_000 });
    expect([free.maxChanges, (free.changes ?? 0) > 2]).to.deep.equal([null, true]);
  });

  it('says why a job is left out, and how old it is', async () => {
    await open();
    await town.report(inTown(1), { slots: [{ skills: ['diving'], plant: [] }] });
    const draft = await town.plan();
    expect(draft.leftOut.map((left) => [left.slot, left.reason, left.ageSeconds])).to.deep.equal([
      [0, { code: 'no_crew_with_skills', params: { missing: ['diving'] } }, 3_600],
    ]);
    expect((await publish(draft)).body).to.include({ assigned: 0, unassigned: 0 });
  });

  it('makes a plan with no crew at all, and one with no work', async () => {
    await open({ crews: 0 });
    expect((await town.plan()).summary).to.include({ jobs: 0, assigned: 0 });
    await town.report(inTown(3));
    const draft = await town.plan();
    expect(draft.leftOut.map((left) => left.reason.code)).to.deep.equal(Array(3).fill('no_crew_on_shift'));
    expect((await publish(draft)).status).to.equal(200);
  });

  it('gives the same plan for the same seed, and rebuilds an old one byte for byte', async () => {
    await open();
    await town.report(inTown(20));
    const one = await town.plan({ seed: 7, iterations: 400 });
    const two = await town.plan({ seed: 7, iterations: 400 });
    const other = await town.plan({ seed: 8, iterations: 400 });
    expect({ ...two, id: one.id }).to.deep.equal(one);
    expect(other.cost.total).to.be.at.most(one.cost.total * 1.2);
    await publish(one);
    for (const { id } of [one, two, other]) {
      const rebuilt = await rebuildPlan(town.tools.db, town.engine, id);
      expect(rebuilt).to.include({ same: true, engine: rebuilt.rebuiltBy, rebuiltHash: rebuilt.storedHash });
      expect(rebuilt.differences).to.deep.equal([]);
    }
  });

  it('rebuilds a plan that was made against the clock, and one that was told to stop, byte for byte', async function () {
    this.timeout(40_000);
    // Long enough for routes of several searches to be put together anew.
    await open({ crews: 8, clock: clockFrom(MORNING), policy: { budgetMillis: 4_500 } });
    await town.report(inTown(60));
    const byTime = await town.plan({});
    const asked = (await town.ask<PlanRequest>('POST', '/api/plans', { serviceDay: '2026-01-27', iterations: 1_000_000 })).body;
    const look = async () => (await town.ask<PlanRequest>('GET', `/api/plan-requests/${asked.id}?waitSeconds=0.1`)).body;
    for (let now = await look(); typeof now.progress?.bestCost !== 'number'; now = await look()) {
      expect(now.progress).to.not.equal(null);
    }
    await town.ask('POST', `/api/plan-requests/${asked.id}/stop`);
    const stopped = (await town.ask<PlanRequest>('GET', `/api/plan-requests/${asked.id}?waitSeconds=10`)).body;
    expect(stopped.state).to.equal('made');
    for (const id of [byTime.id, stopped.planId]) {
      const rebuilt = await rebuildPlan(town.tools.db, town.engine, id!);
      expect(rebuilt.differences).to.deep.equal([]);
      expect(rebuilt.same).to.equal(true);
    }
  });

  it('says where a rebuilt plan differs from the one that was stored', async () => {
    await open();
    await town.report(inTown(6));
    const { id } = await town.plan({ seed: 7, iterations: 50 });
    const { db } = town.tools;
    const before = await db('plan').where({ id }).first<{ result: { plan: { shifts: { travel: number }[] } } }>('result');
    const travel = before.result.plan.shifts[0]?.travel ?? 0;
    await db.raw(`update plan set result = jsonb_set(result, '{plan,shifts,0,travel}', to_jsonb(cast(? as int))) where id = ?`, [
      travel + 1,
      id,
    ]);
    const rebuilt = await rebuildPlan(db, town.engine, id);
    expect(rebuilt.same).to.equal(false);
    expect(rebuilt.rebuiltHash).to.not.equal(rebuilt.storedHash);
    expect(rebuilt.differences).to.deep.equal([`plan.shifts[0].travel: was ${travel + 1}, is ${travel}`]);
  });

  it('still reads a plan that an older version stored', async () => {
    await open();
    await town.report(inTown(3));
    const { id, stops, cost } = await town.plan({ seed: 1, iterations: 50 });
    const older = `update plan set cost = cost - 'unserved' - 'duty' - 'overqualification' - 'area' - 'balance',
      result = jsonb_set(result, '{format}', '1') #- '{plan,pace}' #- '{plan,changes}' #- '{plan,forcedChanges}' #- '{plan,maxChanges}' where id = ?`;
    await town.tools.db.raw(older, [id]);
    const looked = await town.ask<PlanView>('GET', `/api/plans/${id}`);
    expect([looked.status, looked.body.changes, looked.body.maxChanges]).to.deep.equal([200, null, null]);
    expect(looked.body.stops).to.deep.equal(stops);
    expect(looked.body.cost).to.deep.include({ total: cost.total, travel: cost.travel, unserved: 0, balance: 0 });
    const listed = await town.ask<PlanListed[]>('GET', '/api/plans?day=2026-01-27');
    expect(listed.body.map((plan) => plan.id)).to.deep.equal([id]);
  });

  it('publishes once: again by the same action the same answer, by another a sentence', async () => {
    await open();
    await town.report(inTown(5));
    const older = await town.plan();
    const draft = await town.plan();
    const body = { envelope: town.envelope() };
    const address = `/api/plans/${draft.id}/publish`;
    const first = await town.ask<PublishOutcome>('POST', address, body);
    const same = await town.ask<PublishOutcome>('POST', address, body);
    expect(same).to.deep.equal({ ...first, repeated: true });
    const another = await town.ask<ProblemBody>('POST', address, { envelope: town.envelope() });
    expect(another.status).to.equal(409);
    expect(another.body).to.include({ type: '/problems/plan-refused', detail: 'This plan has been published already.' });
    const superseded = await town.ask<ProblemBody>('POST', `/api/plans/${older.id}/publish`, { envelope: town.envelope() });
    expect(superseded.body.detail).to.match(/replaced/);
    const listed = await town.ask<PlanListed[]>('GET', '/api/plans?day=2026-01-27');
    const states = new Map(listed.body.map(({ id, state }) => [id, state]));
    expect([states.get(draft.id), states.get(older.id), states.size]).to.deep.equal(['published', 'superseded', 2]);
  });

  it('discards a draft, which then cannot be published', async () => {
    await open();
    const draft = await town.plan();
    const gone = await town.ask<{ state: string }>('POST', `/api/plans/${draft.id}/discard`, { envelope: town.envelope() });
    expect(gone.body.state).to.equal('discarded');
    expect((await publish(draft)).status).to.equal(409);
  });

  it('refuses to publish a plan that breaks its own rules', async () => {
    await open();
    await town.report(inTown(6));
    const draft = await town.plan();
    const { db } = town.tools;
    await db('plan')
      .where({ id: draft.id })
      .update({ cost: db.raw(`jsonb_set(cost, '{total}', '1')`) });
    const refused = (await publish(draft)) as unknown as { status: number; body: ProblemBody };
    expect(refused.status).to.equal(409);
    expect(refused.body.type).to.equal('/problems/plan-does-not-check');
    expect(await assignments()).to.have.length(0);
    await db('plan').where({ id: draft.id }).update({ problem_hash: 'another' });
    expect(((await publish(draft)).body as unknown as ProblemBody).type).to.equal('/problems/plan-damaged');
  });

  it('answers unknown ids and bad input as problems', async () => {
    await open();
    const id = '00000000-0000-7000-8000-000000000000';
    for (const [method, address, body, status] of [
      ['GET', `/api/plans/${id}`, undefined, 404],
      ['GET', `/api/plan-requests/${id}`, undefined, 404],
      ['POST', `/api/plan-requests/${id}/cancel`, undefined, 404],
      ['POST', `/api/plans/${id}/publish`, { envelope: town.envelope() }, 404],
      ['GET', `/api/jobs/${id}/candidates`, undefined, 404],
      ['GET', '/api/plans?day=tomorrow', undefined, 400],
      ['POST', '/api/plans', { serviceDay: '2026-13-01' }, 400],
      ['POST', '/api/plans', { iterations: -1 }, 400],
      ['POST', '/api/plans', { seeds: 1 }, 400],
      ['GET', `/api/plan-requests/${id}?waitSeconds=900`, undefined, 400],
    ] as const) {
      const answer = await town.ask<ProblemBody>(method, address, body);
      expect([address, answer.status, answer.body.type?.startsWith('/problems/')]).to.deep.equal([address, status, true]);
    }
  });

  it('tells of the draft by an event with ids and figures only', async () => {
    await open();
    await town.report(inTown(2));
    const draft = await town.plan();
    const event = await town.tools.db('event').where({ type: 'plan.drafted' }).first<{ plan_id: string; body: object }>();
    expect(event.plan_id).to.equal(draft.id);
    const request = await town.tools.db('plan_request').first<PlanRequest>();
    expect(event.body).to.deep.equal({
      requestId: request.id,
      serviceDay: '2026-01-27',
      reason: 'dispatcher',
      roadsSource: 'estimate',
      cost: draft.cost.total,
    });
  });
});
