import { expect } from 'chai';
import { quiet, startTestServer, tokenFor } from '../../platform/test-server.ts';
import type { OverrideLedger } from '../../stores/overrides/contract.ts';
import { overrideRoutes } from '../../stores/overrides/http.ts';
import type { PlanView } from '../../stores/plans/contract.ts';
import { getPlanAnswer, getPlanProblem } from '../../stores/plans/store.ts';
import type { PublishOutcome, WorkAnswer } from '../../stores/work/contract.ts';
import { type AskerInThreads, startAsker } from '../planning/asking/start-asker.ts';
import { overridePrices } from '../planning/price-overrides.ts';
import { inTown, openTown, type Town } from '../planning/town.db.test.ts';

const COMMANDS = '/api/assignments/commands';
interface Held {
  id: string;
  job_id: string;
  shift_id: string;
  version: number;
}

const CITY = { zone: 'America/New_York', jobTypes: [{ code: 'snow', label: 'Snow clearing' }] };

describe('the ledger of overrides', () => {
  let town: Town;
  let ledgerOf: (query?: string) => Promise<OverrideLedger>;
  let close: () => Promise<void>;
  /** The plan that was published last. */
  let planId: PlanView['id'];
  const never = new AbortController().signal;
  beforeEach(async () => {
    town = await openTown({ crews: 3 });
    const server = await startTestServer({
      routes: overrideRoutes({ db: town.tools.db, clock: town.tools.clock, city: () => CITY }),
      clock: town.tools.clock,
    });
    ledgerOf = async (query = '') => {
      const reply = await fetch(`${server.url}/api/overrides${query}`, {
        headers: { Authorization: `Bearer ${tokenFor('supervisor')}` },
      });
      expect(reply.status).to.equal(200);
      return (await reply.json()) as OverrideLedger;
    };
    close = server.close;
  });
  afterEach(async () => {
    await close();
    await town.close();
  });

  const say = async (command: object): Promise<WorkAnswer> => {
    const { status, body } = await town.ask<WorkAnswer>('POST', COMMANDS, { envelope: town.envelope(), command });
    expect(status, JSON.stringify(body)).to.equal(200);
    return body;
  };
  const published = async (): Promise<Held[]> => {
    const plan = await town.plan({ iterations: 200 });
    planId = plan.id;
    await town.ask<PublishOutcome>('POST', `/api/plans/${plan.id}/publish`, { envelope: town.envelope() });
    return town.tools
      .db('assignment')
      .where({ state: 'planned' })
      .orderBy('job_id')
      .select<Held[]>('id', 'job_id', 'shift_id', 'version');
  };
  /** Asks of the plans that are kept. */
  const byPlan = async <T>(ask: (asker: AskerInThreads) => Promise<T>): Promise<T> => {
    const { db } = town.tools;
    const read = async (id: PlanView['id']) => ({ record: await getPlanAnswer(db, id), problem: await getPlanProblem(db, id) });
    const asker = startAsker((id) => read(id as PlanView['id']), { log: quiet });
    try {
      return await ask(asker);
    } finally {
      await asker.close();
    }
  };
  /** A dispatcher gives it to another crew; what the ledger then says of that. */
  const moved = ({ id, version }: Held, shiftId: string) =>
    byPlan(async (asker) => {
      const prices = overridePrices({ tools: town.tools, roads: town.roads, policy: town.policy, log: quiet, asker });
      await say({ type: 'assignment.move', assignmentId: id, version, shiftId });
      prices.changed([{ type: 'assignment.moved', body: { by: 'dispatcher' } }]);
      await prices.idle();
      await prices.stop();
      const [first] = (await ledgerOf()).overrides;
      if (first === undefined) throw new Error('nothing was written down');
      return first;
    });
  const anotherThan = (shiftId: string): string => town.shifts.find(({ id }) => id !== shiftId)?.id ?? '';

  it('is empty where nobody changed anything', async () => {
    await town.report(inTown(3));
    await published();
    expect(await ledgerOf()).to.deep.include({ total: 0, againstPlan: 0, patterns: [], overrides: [] });
  });

  it('says who changed what the plan had, from whom to whom, why, and what became of it', async () => {
    await town.report(inTown(6));
    const [moved, off, locked] = await published();
    if (moved === undefined || off === undefined || locked === undefined) throw new Error('too little was planned');
    const to = anotherThan(moved.shift_id);
    const why = 'knows the place';
    await say({ type: 'assignment.move', assignmentId: moved.id, version: moved.version, shiftId: to, why });
    await say({ type: 'assignment.unassign', assignmentId: off.id, version: off.version });
    await say({ type: 'assignment.lock', assignmentId: locked.id, version: locked.version, crew: true });
    // Taking a lock away is no decision about the plan.
    await say({ type: 'assignment.lock', assignmentId: locked.id, version: locked.version + 1, crew: false });

    const who = await town.tools.db('action').first<{ actor_account: string }>('actor_account');
    await town.tools
      .db('account')
      .insert({ id: who.actor_account, role: 'dispatcher', display_name: 'Thandi', created_at: town.tools.clock.now() });

    const { total, againstPlan, overrides } = await ledgerOf();
    expect([total, againstPlan]).to.deep.equal([3, 3]);
    const byKind = new Map(overrides.map((one) => [one.kind, one]));
    expect(byKind.get('move')).to.deep.include({ against: 'plan', jobId: moved.job_id, reason: why, outcome: 'open' });
    expect(byKind.get('move')?.from?.shiftId).to.equal(moved.shift_id);
    expect(byKind.get('move')?.to?.shiftId).to.equal(to);
    expect(byKind.get('move')?.by).to.equal('Thandi');
    expect(byKind.get('take_off')).to.deep.include({ against: 'plan', jobId: off.job_id, to: null, reason: null });
    expect(byKind.get('lock')?.jobId).to.equal(locked.job_id);
    expect((await ledgerOf('?limit=1')).overrides).to.have.length(1);

    // The crew does it, an hour after it was due.
    await town.tools.db('assignment').where({ id: moved.id }).update({
      state: 'completed',
      verification: 'verified',
      working_at: '2026-01-27T17:00:00Z',
      ended_at: '2026-01-27T18:00:00Z',
    });
    const after = (await ledgerOf()).overrides.find(({ kind }) => kind === 'move');
    expect([after?.outcome, after?.lateSeconds]).to.deep.equal(['late', 3_600]);
  });

  it('tells what the plan left out from what no plan knew and from what a person had decided before', async () => {
    const [left] = await town.report(inTown(1), { slots: [{ skills: ['diving'], plant: [] }] });
    await published();
    const [later] = await town.report(inTown(1));
    const shiftId = town.shifts[0]?.id;
    if (left === undefined || later === undefined) throw new Error('no jobs');
    await say({ type: 'assignment.assign', jobId: left.id, version: left.version, slot: 0, shiftId });
    const { assignments } = await say({ type: 'assignment.assign', jobId: later.id, version: later.version, slot: 0, shiftId });
    const [made] = assignments;
    await say({ type: 'assignment.move', assignmentId: made?.id, version: made?.version, shiftId: town.shifts[1]?.id });
    const { overrides, againstPlan } = await ledgerOf();
    expect(overrides.map(({ kind, against }) => [kind, against])).to.have.deep.members([
      ['give', 'left_out'],
      ['give', 'nothing'],
      ['move', 'by_hand'],
    ]);
    expect(againstPlan).to.equal(1);
    expect(overrides.find(({ against }) => against === 'nothing')?.outcome).to.equal('changed_again');
  });

  it('leaves what was undone out of the count, and keeps it in the list', async () => {
    await town.report(inTown(3));
    const [held] = await published();
    await say({ type: 'assignment.unassign', assignmentId: held?.id, version: held?.version });
    await town.ask('POST', '/api/undo', { envelope: town.envelope() });
    const { total, againstPlan, overrides } = await ledgerOf();
    expect([total, againstPlan, overrides[0]?.outcome]).to.deep.equal([1, 0, 'undone']);
  });

  it('puts the price of the moment beside what was given: what the plan says of that crew', async () => {
    await town.report(inTown(6));
    const [held] = await published();
    if (held === undefined) throw new Error('nothing was planned');
    const to = anotherThan(held.shift_id);
    const { against, price } = await moved(held, to);
    const said = await byPlan((asker) => asker.price(planId, { jobId: held.job_id, slot: 0, shiftId: to }, never));
    expect(said).to.be.a('number');
    expect([against, price]).to.deep.equal(['plan', Math.round(said ?? NaN)]);
  });

  it('puts the difference of the two crews beside it where the plan cannot say', async () => {
    await town.report(inTown(6));
    const [held] = await published();
    if (held === undefined) throw new Error('nothing was planned');
    const ask = await town.ask<{ candidates: { shiftId: string; fit: { extraCost: number } | null }[] }>(
      'GET',
      `/api/jobs/${held.job_id}/candidates`,
    );
    const costOf = (id: string): number => ask.body.candidates.find(({ shiftId }) => shiftId === id)?.fit?.extraCost ?? NaN;
    // The crews have driven on since the plan was made.
    const db = town.tools.db;
    await db('plan')
      .where({ id: planId })
      .update({ made_at: new Date(town.tools.clock.now().getTime() - 3_600_000) });
    const to = anotherThan(held.shift_id);
    expect((await moved(held, to)).price).to.equal(Math.round(costOf(to) - costOf(held.shift_id)));
  });

  it('suggests a rule of what is done again and again', async () => {
    await town.report(inTown(24), { serviceSeconds: 600, dueAt: null });
    const held = await published();
    const crews = new Map<string, Held[]>();
    for (const one of held) crews.set(one.shift_id, [...(crews.get(one.shift_id) ?? []), one]);
    const [shiftId, work] = [...crews].sort((a, b) => b[1].length - a[1].length)[0] ?? ['', []];
    expect(work.length).to.be.least(6);
    expect(crews.size).to.be.least(2);
    for (const { id, version } of work) {
      await say({ type: 'assignment.unassign', assignmentId: id, version });
    }
    const { patterns } = await ledgerOf();
    const number = (
      await town.tools
        .db('crew as c')
        .join('crew_shift as s', 's.crew_id', 'c.id')
        .where('s.id', shiftId)
        .first<{ number: number }>('c.number')
    ).number;
    // All of this crew's work, but perhaps for the few hours in which it had little.
    const [first] = patterns;
    expect(patterns).to.have.length(1);
    expect(first).to.deep.include({ what: 'refused', crewNumber: number, elsewhere: 0, area: null });
    expect(first?.support).to.be.within(Math.ceil(0.8 * work.length), work.length);
    // What was sent at once has stayed with it.
    const sent = await town.tools.db('assignment').where({ shift_id: shiftId, state: 'dispatched' });
    expect((first?.of ?? 0) - (first?.support ?? 0)).to.be.within(0, sent.length);
  });
});
