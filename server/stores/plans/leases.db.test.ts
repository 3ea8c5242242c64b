import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../../db/testing.ts';
import { randomIds } from '../../platform/ids.ts';
import type { PlanProgress, PlanRequestId } from './contract.ts';
import {
  endPlanRequest,
  giveBackLease,
  listPlanRequestsToTake,
  renewLease,
  takePlanRequest,
  type Taken,
  type Taker,
} from './leases.ts';
import { askToFinishEarly, cancelPlanRequest, getPlanRequest, insertPlanRequest, type NewPlanRequest } from './requests.ts';

const AT = new Date('2026-01-27T13:00:00Z');
const LONG = 60_000;
const PROGRESS: PlanProgress = {
  phase: 'solving',
  share: 0.5,
  bestCost: 10,
  bestCostByTerm: null,
  elapsedSeconds: 1,
  budgetSeconds: 2,
  curve: [{ seconds: 0.5, cost: 10 }],
  finishing: false,
};
const taker = (holder: string, leaseMillis = LONG): Taker => ({ holder, runsIn: 'queue', leaseMillis });

describe('the lease of a plan request', () => {
  let fresh: FreshDb;
  beforeEach(async () => {
    fresh = await freshDb();
  });
  afterEach(() => fresh.drop());

  const ask = async (serviceDay = '2026-01-27', over: Partial<NewPlanRequest> = {}): Promise<PlanRequestId> => {
    const id = randomIds.next(AT) as PlanRequestId;
    const asked: NewPlanRequest = {
      id,
      serviceDay,
      requestedBy: null,
      requestedRole: 'dispatcher',
      requestedAt: AT,
      reason: 'dispatcher',
      options: {},
      runsIn: 'queue',
      ...over,
    };
    expect(await insertPlanRequest(fresh.db, asked)).to.equal(true);
    return id;
  };
  const take = async (id: PlanRequestId, by: Taker): Promise<Taken> => {
    const taken = await takePlanRequest(fresh.db, id, by);
    if (taken === null) throw new Error(`${by.holder} could not take it`);
    return taken;
  };
  const toTake = async () => (await listPlanRequestsToTake(fresh.db, 'queue')).map(({ id }) => id);
  const end = (lease: Taken) => endPlanRequest(fresh.db, lease, { state: 'failed', failure: 'A test.' }, AT);
  /** Everything a planner can write. Each says whether it was taken. */
  const writes = async (lease: Taken): Promise<boolean[]> => {
    const renewed = (await renewLease(fresh.db, lease, LONG, PROGRESS)) !== null;
    await giveBackLease(fresh.db, lease);
    return [renewed, await end(lease)];
  };

  it('is one planner’s at a time, and every taking raises the fence', async () => {
    const id = await ask();
    expect(await toTake()).to.deep.equal([id]);
    const first = await take(id, taker('first', 50));
    expect([first.fence, first.lapses, first.request.state]).to.deep.equal([1, 0, 'running']);
    expect(await takePlanRequest(fresh.db, id, taker('second'))).to.equal(null);
    expect(await toTake()).to.deep.equal([]);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await toTake()).to.deep.equal([id]);
    const second = await take(id, taker('second'));
    expect([second.fence, second.lapses]).to.deep.equal([2, 1]);
  });

  it('of many that take at once, one has it', async () => {
    const id = await ask();
    const all = await Promise.all(Array.from({ length: 8 }, (_, i) => takePlanRequest(fresh.db, id, taker(`planner ${i}`))));
    expect(all.filter((taken) => taken !== null)).to.have.length(1);
  });

  it('once lost, nothing is written under it: neither after it ran out, nor under a newer fence', async () => {
    const id = await ask();
    const first = await take(id, taker('first', 50));
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await writes(first)).to.deep.equal([false, false]);
    const second = await take(id, taker('second'));
    expect(await writes(first)).to.deep.equal([false, false]);
    expect(await getPlanRequest(fresh.db, id)).to.deep.include({ state: 'running', progress: null });
    expect(await renewLease(fresh.db, second, LONG, PROGRESS)).to.deep.equal({ finishEarly: false });
    expect((await getPlanRequest(fresh.db, id)).progress).to.deep.equal(PROGRESS);
    expect(await end(second)).to.equal(true);
    expect(await writes(second)).to.deep.equal([false, false]);
  });

  it('ends with the request: what was cancelled is nobody’s any more', async () => {
    const id = await ask();
    const taken = await take(id, taker('first'));
    expect(await askToFinishEarly(fresh.db, id)).to.equal(true);
    expect(await renewLease(fresh.db, taken, LONG, PROGRESS)).to.deep.equal({ finishEarly: true });
    expect(await cancelPlanRequest(fresh.db, id, AT)).to.equal(true);
    expect(await writes(taken)).to.deep.equal([false, false]);
    expect(await toTake()).to.deep.equal([]);
    expect(await cancelPlanRequest(fresh.db, id, AT)).to.equal(false);
    expect((await getPlanRequest(fresh.db, id)).state).to.equal('cancelled');
  });

  it('given back, can be taken at once, and counts as no lapse', async () => {
    const id = await ask();
    await giveBackLease(fresh.db, await take(id, taker('first')));
    expect(await toTake()).to.deep.equal([id]);
    expect(await take(id, taker('second'))).to.include({ fence: 2, lapses: 0 });
  });

  it('of one day, one is made at a time and one waits', async () => {
    const first = await take(await ask(), taker('first'));
    const next = await ask();
    const other = await ask('2026-01-28');
    expect(await toTake()).to.deep.equal([other]);
    expect(await takePlanRequest(fresh.db, next, taker('second'))).to.equal(null);
    const twice = { serviceDay: '2026-01-27', requestedBy: null, requestedRole: 'dispatcher', requestedAt: AT } as const;
    const third = {
      ...twice,
      id: randomIds.next(AT) as PlanRequestId,
      reason: 'dispatcher',
      options: {},
      runsIn: 'queue',
    } as const;
    expect(await insertPlanRequest(fresh.db, third)).to.equal(false);
    await end(first);
    expect((await toTake()).sort()).to.deep.equal([next, other].sort());
  });

  it('is not for planners of another kind', async () => {
    const id = await ask('2026-01-27', { runsIn: 'server' });
    expect(await toTake()).to.deep.equal([]);
    expect(await takePlanRequest(fresh.db, id, taker('a planner process'))).to.equal(null);
  });
});
