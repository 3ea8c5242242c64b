import { expect } from 'chai';
import { checkPlan } from '../../../../routing/check-plan.ts';
import { readPlanDocument } from '../../../../routing/documents/plan-document.ts';
import { verifyPlan } from '../../../../routing/verify/verify-plan.ts';
import { simulatedClock, type SimulatedClock } from '../../../platform/clock.ts';
import type { ProblemBody } from '../../../platform/contract.ts';
import { quiet, startTestServer, tokenFor } from '../../../platform/test-server.ts';
import { keepCertificate, type PlanCertificate } from '../../../stores/plans/certificates.ts';
import type { PlanOrigin, PlanView } from '../../../stores/plans/contract.ts';
import { getPlan, getPlanProblem } from '../../../stores/plans/store.ts';
import { exportPlan, getPlanToExport } from '../export-plan.ts';
import { readResult } from '../plan-result.ts';
import { readProblem } from '../problem-document.ts';
import { rebuildPlan } from '../rebuild-plan.ts';
import { inTown, MORNING, openTown, type Town } from '../town.db.test.ts';
import type { BetterDraft, PlanProof } from './contract.ts';
import { provingRoutes } from './http.ts';
import { planProver, type PlanProver, type ProverOptions } from './prove-plans.ts';

const QUICK = { millis: 3_000, quietMillis: 1 };
const DRAFTED = [{ type: 'plan.drafted', body: {} }];

describe('proving a plan', () => {
  let town: Town;
  let clock: SimulatedClock;
  let prover: PlanProver;
  let ask: <T>(address: string, method?: 'GET' | 'POST', body?: object) => Promise<{ status: number; body: T }>;
  let closeServer: () => Promise<void>;

  /** The town with a prover and what can be asked of it. */
  const open = async (crews: number, options: Partial<ProverOptions> = {}): Promise<void> => {
    clock = simulatedClock(MORNING);
    town = await openTown({ crews, clock });
    prover = planProver({ tools: town.tools, log: quiet, ...QUICK, ...options });
    const server = await startTestServer({
      routes: provingRoutes({ tools: town.tools, prover }),
      clock: town.tools.clock,
      checkAnswers: true,
    });
    closeServer = () => server.close();
    ask = async <T>(address: string, method: 'GET' | 'POST' = 'GET', sent?: object) => {
      const reply = await fetch(server.url + address, {
        method,
        headers: { Authorization: `Bearer ${tokenFor('dispatcher')}`, 'Content-Type': 'application/json' },
        ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
      });
      return { status: reply.status, body: (await reply.json()) as T };
    };
  };
  afterEach(async () => {
    await prover.stop();
    await closeServer();
    await town.close();
  });

  const proofOf = async ({ id }: Pick<PlanView, 'id'>): Promise<PlanProof> => {
    const { status, body } = await ask<PlanProof>(`/api/plans/${id}/proof`);
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  };
  const proveAll = async (): Promise<void> => {
    prover.changed(DRAFTED);
    await prover.idle();
  };
  const aCertificate = ({ id, cost }: PlanView, over: Partial<PlanCertificate> = {}): PlanCertificate => ({
    planId: id,
    certificate: { relaxed: ['breaks'], cuts: [] },
    bound: Math.floor(cost.total * 0.9),
    kind: 'routes',
    verified: true,
    refusals: [],
    seconds: 2.5,
    passes: 7,
    routes: 120,
    better: null,
    betterPlanId: null,
    madeAt: town.tools.clock.now(),
    ...over,
  });

  it('claims of a bound what is verified, and tells apart what could not be checked from what did not hold', async () => {
    await open(3);
    await town.report(inTown(3));
    const plan = await town.plan({ iterations: 50 });
    const { db } = town.tools;
    const nothing = { bound: null, gapPercent: null };
    expect(await proofOf(plan)).to.deep.include({ state: 'waiting', why: null, kind: null, ...nothing, cost: plan.cost.total });
    await keepCertificate(db, aCertificate(plan, { verified: false, refusals: ['cheaper_route', 'too_many_labels'] }));
    expect(await proofOf(plan)).to.deep.include({ state: 'refused', refusals: ['cheaper_route', 'too_many_labels'], ...nothing });
    const document = async () => {
      const text = await exportPlan(db, await getPlanToExport(db, plan.id));
      return JSON.parse(text.toString()) as { plan: { bound: number | null }; certificate: { relaxed: string[] } | null };
    };
    expect((await document()).certificate).to.equal(null);
    await keepCertificate(db, aCertificate(plan, { verified: false, refusals: ['too_many_labels', 'too_many_labels'] }));
    expect(await proofOf(plan)).to.deep.include({ state: 'not_checked', refusals: ['too_many_labels'], ...nothing });
    // Whoever has more memory can check it, but nothing is claimed.
    expect((await document()).certificate).to.deep.include({ relaxed: ['breaks'] });
    expect((await document()).plan.bound).to.equal(null);
    await keepCertificate(db, aCertificate(plan));
    const said = await proofOf(plan);
    const bound = Math.floor(plan.cost.total * 0.9);
    expect(said).to.deep.include({ state: 'proven', bound, kind: 'routes', relaxed: ['breaks'] });
    expect(said.programme).to.deep.equal({ passes: 7, routes: 120, cuts: 0 });
    expect(said.gapPercent).to.be.within(10, 10.1);
    expect((await town.ask<PlanView>('GET', `/api/plans/${plan.id}`)).body.bound).to.equal(bound);
  });

  it('proves a plan by itself: bound, certificate, checked by the verifier, and tells so', async () => {
    await open(3);
    await town.report(inTown(5));
    const plan = await town.plan({ iterations: 500 });
    await proveAll();
    const body = await proofOf(plan);
    expect(body.state).to.equal('proven');
    expect(body.bound).to.be.within(1, plan.cost.total);
    expect(body.gapPercent).to.be.within(0, 100);
    expect(body.programme?.passes).to.be.above(0);
    expect(body.programme?.routes).to.be.above(0);
    const told = await town.tools
      .db('event')
      .where({ type: 'plan.proven', plan_id: plan.id })
      .first<{ body: { verified: boolean } }>('body');
    expect(told.body.verified).to.equal(true);
  });

  it('makes room for a plan that is about to be made, and goes on afterwards', async () => {
    await open(3);
    await town.report(inTown(5));
    const plan = await town.plan({ iterations: 100 });
    const room = prover.makeRoom();
    await proveAll();
    expect((await proofOf(plan)).state).to.equal('waiting');
    room.done();
    await prover.idle();
    expect((await proofOf(plan)).state).to.equal('proven');
  });

  it('says that it is at work, and that what nobody decides by any more is not proven', async () => {
    await open(3, { millis: 60_000 });
    await town.report(inTown(16));
    const plan = await town.plan({ iterations: 20 });
    prover.start();
    for (let said = ''; said !== 'working';) {
      said = (await proofOf(plan)).state;
      expect(said).to.be.oneOf(['waiting', 'working']);
    }
    const room = prover.makeRoom();
    await prover.idle();
    await town.ask('POST', `/api/plans/${plan.id}/discard`, { envelope: town.envelope() });
    expect(await proofOf(plan)).to.deep.include({ state: 'not_proven', why: 'discarded' });
    await town.report(inTown(18).slice(16));
    const next = await town.plan({ iterations: 20 });
    await town.tools.db('plan').where({ id: next.id }).update({ made_at: '2026-01-20T09:00:00Z' });
    expect(await proofOf(next)).to.deep.include({ state: 'not_proven', why: 'too_old' });
    await town.tools.db('plan').where({ id: next.id }).update({ made_at: next.madeAt, problem_hash: 'another' });
    room.done();
    await prover.idle();
    expect(await proofOf(next)).to.deep.include({ state: 'not_proven', why: 'failed' });
  });

  it('makes a draft of the cheaper plan that came up: checked, proven by the same certificate, rebuilt byte for byte', async () => {
    await open(5);
    await town.report(inTown(24));
    const plan = await town.plan({ iterations: 0 });
    await proveAll();
    const { better, bound } = await proofOf(plan);
    if (better === null || bound === null) throw new Error('no cheaper plan than one without a search was found');
    expect(better).to.deep.include({ planId: null, offered: true });
    expect(better.cost).to.be.within(bound, plan.cost.total - 1);
    clock.set(new Date(MORNING.getTime() + 60_000));
    const take = (envelope = town.envelope()) => ask<BetterDraft>(`/api/plans/${plan.id}/better`, 'POST', { envelope });
    const { status, body } = await take();
    expect(status, JSON.stringify(body)).to.equal(200);
    // Two desks that look at it look at one draft.
    expect((await take()).body).to.deep.equal(body);
    const draft = (await town.ask<PlanView>('GET', `/api/plans/${body.planId}`)).body;
    expect(draft).to.deep.include({ state: 'draft', bound, madeAt: plan.madeAt, serviceDay: plan.serviceDay });
    expect(draft.cost.total).to.equal(better.cost);
    expect(draft.stops.every(({ stale }) => stale === null)).to.equal(true);
    const { db } = town.tools;
    const record = await getPlan(db, draft.id);
    const problem = await readProblem(await getPlanProblem(db, draft.id));
    expect(checkPlan(problem, readResult(record).plan)).to.deep.equal([]);
    const text = (await exportPlan(db, await getPlanToExport(db, draft.id))).toString();
    const document = readPlanDocument(JSON.parse(text));
    expect(verifyPlan(document.problem, document.plan, document.certificate)).to.deep.include({ accepted: true, bound });
    const rebuilt = await rebuildPlan(db, town.engine, draft.id);
    expect(rebuilt.differences).to.deep.equal([]);
    expect(rebuilt.same).to.equal(true);
    const origin = (await town.ask<PlanOrigin>('GET', `/api/plans/${draft.id}/origin`)).body;
    expect(origin).to.deep.include({ cheaperThan: plan.id, reason: null, number: 2, ofDay: 2, publishedBy: null, jobs: 24 });

    // Published, it takes the other's place, and nothing cheaper is offered any more.
    const published = await town.ask('POST', `/api/plans/${draft.id}/publish`, { envelope: town.envelope() });
    expect(published.status).to.equal(200);
    expect((await getPlan(db, plan.id)).state).to.equal('superseded');
    expect((await proofOf(plan)).better).to.deep.include({ planId: draft.id, offered: false });
    const late = await ask<ProblemBody>(`/api/plans/${plan.id}/better`, 'POST', { envelope: town.envelope() });
    expect([late.status, late.body.type]).to.deep.equal([409, '/problems/plan-refused']);
    const none = await ask<ProblemBody>(`/api/plans/${draft.id}/better`, 'POST', { envelope: town.envelope() });
    expect(none.status).to.equal(409);
    expect((await town.ask<PlanOrigin>('GET', `/api/plans/${draft.id}/origin`)).body.publishedBy).to.be.a('string');
  });

  it('has no cheaper plan to offer of one that is the best', async () => {
    await open(2);
    await town.report(inTown(2));
    const plan = await town.plan({ iterations: 500 });
    await proveAll();
    expect((await proofOf(plan)).better).to.equal(null);
    const none = await ask<ProblemBody>(`/api/plans/${plan.id}/better`, 'POST', { envelope: town.envelope() });
    expect([none.status, none.body.type]).to.deep.equal([404, '/problems/no-better-plan']);
  });
});
