import { expect } from 'chai';
import type { ProblemBody } from '../../platform/contract.ts';
import { quiet, startTestServer, tokenFor } from '../../platform/test-server.ts';
import type { PlanView } from '../../stores/plans/contract.ts';
import { getPlanAnswer, getPlanProblem } from '../../stores/plans/store.ts';
import { type AskerInThreads, startAsker } from '../planning/asking/start-asker.ts';
import { inTown, openTown, type Town } from '../planning/town.db.test.ts';
import type { Curve, JobWhy, Refined, Why } from './contract.ts';
import { explainingRoutes } from './http.ts';

describe('explaining a plan', () => {
  let town: Town;
  let ask: <T>(address: string, method?: string, body?: object) => Promise<{ status: number; body: T }>;
  let close: () => Promise<void>;
  let loads: number;
  let asker: AskerInThreads;
  beforeEach(async () => {
    town = await openTown({ crews: 3 });
    const { db, clock } = town.tools;
    loads = 0;
    asker = startAsker(
      async (planId) => {
        loads++;
        const id = planId as PlanView['id'];
        return { record: await getPlanAnswer(db, id), problem: await getPlanProblem(db, id) };
      },
      { log: quiet, quietMillis: 0 },
    );
    const server = await startTestServer({
      routes: explainingRoutes({ db, asker }),
      clock,
      checkAnswers: true,
    });
    ask = async <T>(address: string, method = 'GET', sent?: object) => {
      const reply = await fetch(server.url + address, {
        method,
        headers: { Authorization: `Bearer ${tokenFor('dispatcher')}`, 'Content-Type': 'application/json' },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
      return { status: reply.status, body: (await reply.json()) as T };
    };
    close = async () => {
      await asker.close();
      await server.close();
    };
  });
  afterEach(async () => {
    await close();
    await town.close();
  });

  const why = async <A extends Why['answer']>(
    plan: PlanView,
    jobId: string,
    answer: A,
  ): Promise<JobWhy & { why: Extract<Why, { answer: A }> }> => {
    const { status, body } = await ask<JobWhy>(`/api/plans/${plan.id}/jobs/${jobId}/why`);
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(body.why.answer).to.equal(answer);
    return body as JobWhy & { why: Extract<Why, { answer: A }> };
  };

  it('says where a job is, and what every other crew would cost', async () => {
    await town.report(inTown(9));
    const plan = await town.plan({ iterations: 500 });
    const [stop] = plan.stops;
    if (stop === undefined) throw new Error('nothing was planned');
    const { why: said, names } = await why(plan, stop.jobId, 'placed');
    expect(said.shiftId).to.equal(stop.shiftId);
    expect(said.start).to.equal(stop.start);
    expect(said.alternatives.length + said.blocked.length).to.equal(plan.shifts.length - 1);
    const prices = said.alternatives.map(({ price }) => price);
    expect(prices).to.have.length.above(0);
    expect(prices).to.deep.equal([...prices].sort((a, b) => a - b));
    for (const { shiftId } of said.alternatives) expect(names.crews[shiftId]).to.be.a('string').and.not.equal('');
    expect(names.jobs[stop.jobId]?.number).to.equal(stop.jobNumber);
  });

  it('says why nobody has a job, and the smallest change that would fit it', async () => {
    await town.report(inTown(3));
    const [special] = await town.report(inTown(1), { slots: [{ skills: ['diving'], plant: [] }] });
    const plan = await town.plan({ iterations: 200 });
    const { why: said, names } = await why(plan, special?.id ?? '', 'left_out');
    expect(said.reason).to.deep.equal({ code: 'no_crew_with_skills', params: { missing: ['diving'] } });
    expect(said.shifts.map(({ blockedBy, price }) => [blockedBy?.code, price])).to.deep.equal(
      Array(3).fill(['no_crew_with_skills', null]),
    );
    const [first] = said.changes;
    expect(first?.changes).to.have.length(1);
    expect(first?.changes[0]).to.deep.equal({ code: 'skills', params: { shiftId: first?.shiftId, names: ['diving'] } });
    expect(names.crews[first?.shiftId ?? '']).to.be.a('string');
  });

  it('refines the price of a crew by solving again round it, and refuses what is not to be moved', async () => {
    await town.report(inTown(9));
    const plan = await town.plan({ iterations: 500 });
    const [stop] = plan.stops;
    const { why: quick } = await why(plan, stop?.jobId ?? '', 'placed');
    const [other] = quick.alternatives;
    const refine = (shiftId: string) =>
      ask<Refined>(`/api/plans/${plan.id}/jobs/${stop?.jobId ?? ''}/refine`, 'POST', { shiftId, millis: 200 });
    const { status, body } = await refine(other?.shiftId ?? '');
    expect(status, JSON.stringify(body)).to.equal(200);
    if (body.answer !== 'refined') throw new Error(body.answer);
    expect(body.price).to.be.least(0);
    expect(body.alternative.shiftId).to.equal(other?.shiftId);
    const nowhere = await refine('00000000-0000-7000-8000-000000000000');
    expect(nowhere.status).to.equal(404);
  });

  it('says what the day would be like with fewer changes, the calmest first', async () => {
    await town.report(inTown(9));
    const first = await town.plan({ iterations: 300 });
    await town.ask('POST', `/api/plans/${first.id}/publish`, { envelope: town.envelope() });
    await town.report(inTown(14).slice(9));
    const plan = await town.plan({ iterations: 300 });
    const { status, body } = await ask<Curve>(`/api/plans/${plan.id}/curve`);
    expect(status, JSON.stringify(body)).to.equal(200);
    expect(body.points.map(({ moves }) => moves)).to.deep.equal([0, 2, 4, 6, 10, 20, null]);
    const costs = body.points.map(({ cost }) => cost);
    expect(costs).to.deep.equal([...costs].sort((a, b) => b - a));
    expect(costs.at(-1)).to.be.at.most(plan.cost.total);
    for (const { moves, changes } of body.points)
      if (moves !== null) expect(changes).to.be.at.most(moves + (plan.forcedChanges ?? 0));
  });

  it('makes a plan ready to be asked about when it is made, the last of several', async () => {
    await town.report(inTown(6));
    const first = await town.plan({ iterations: 100 });
    const plan = await town.plan({ iterations: 100 });
    asker.changed([
      { type: 'plan.drafted', planId: first.id, body: {} },
      { type: 'plan.drafted', planId: plan.id, body: {} },
    ]);
    await until(() => loads === 1);
    await why(plan, plan.stops[0]?.jobId ?? '', 'placed');
    expect(loads).to.equal(1);
    // One that is not there any more harms nobody.
    asker.changed([{ type: 'plan.published', planId: '00000000-0000-7000-8000-000000000000', body: {} }]);
    await until(() => loads === 2);
    await why(plan, plan.stops[0]?.jobId ?? '', 'placed');
    expect(loads).to.equal(2);
  });

  it('explains a past plan as it was then, and reads it once', async () => {
    const jobs = await town.report(inTown(6));
    const plan = await town.plan({ iterations: 300 });
    const jobId = jobs[0]?.id ?? '';
    const before = await why(plan, jobId, 'placed');
    await town.ask('POST', `/api/plans/${plan.id}/publish`, { envelope: town.envelope() });
    await town.tools.db('job').where({ id: jobId }).update({ due_at: '2026-01-28T16:00:00Z', priority: 4 });
    await town.plan({ iterations: 10 });
    expect((await why(plan, jobId, 'placed')).why).to.deep.equal(before.why);
    // Once for each of the questions' threads, and the other one was not asked.
    expect(loads).to.equal(1);
  });

  it('does not make up an answer: a job the plan did not know, no such plan, a plan that is damaged', async () => {
    await town.report(inTown(2));
    const plan = await town.plan({ iterations: 50 });
    const cost = { ...plan.cost, total: plan.cost.total + 1, travel: plan.cost.travel + 1 };
    await town.tools
      .db('plan')
      .where({ id: plan.id })
      .update({ cost: JSON.stringify(cost) });
    const damaged = await ask<ProblemBody>(`/api/plans/${plan.id}/jobs/${plan.stops[0]?.jobId ?? ''}/why`);
    expect([damaged.status, damaged.body.type]).to.deep.equal([409, '/problems/plan-damaged']);
    const other = await town.plan({ iterations: 50 });
    const [later] = await town.report(inTown(1));
    const unknown = await ask<ProblemBody>(`/api/plans/${other.id}/jobs/${later?.id ?? ''}/why`);
    expect([unknown.status, unknown.body.type]).to.deep.equal([404, '/problems/not-in-plan']);
    const none = await ask<ProblemBody>(`/api/plans/00000000-0000-7000-8000-000000000000/jobs/${later?.id ?? ''}/why`);
    expect([none.status, none.body.type]).to.deep.equal([404, '/problems/no-such-plan']);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  const ends = performance.now() + 10_000;
  while (!isSo()) {
    if (performance.now() > ends) throw new Error('it did not come about within 10 s');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
