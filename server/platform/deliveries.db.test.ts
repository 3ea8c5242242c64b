import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../db/testing.ts';
import { systemActor } from './actor.ts';
import { inChange, type ChangeTools } from './change.ts';
import { simulatedClock } from './clock.ts';
import { deliveryLoop, type Reader, type RecordedEvent } from './deliveries.ts';
import type { NewEvent } from './events.ts';
import { seededIds } from './ids.ts';
import { Problem } from './problem.ts';
import { quiet } from './test-server.ts';

const start = new Date('2026-01-27T05:00:00Z');
const id = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
const event = (type: string, caseId: number): NewEvent => ({ type, caseId: id(caseId), body: { n: caseId } });

describe('deliveries', () => {
  let fresh: FreshDb;
  let tools: ChangeTools;
  const handled: string[] = [];
  const seen = (reader: string, got: RecordedEvent) => handled.push(`${reader} ${got.seq} ${got.type}`);

  const reader = (name: string, type: string, handle: Reader['handle']): Reader => ({
    reader: name,
    takes: (given) => given.type.startsWith(type),
    key: (given) => given.caseId ?? id(0),
    handle,
  });
  const loopOf = (readers: readonly Reader[]) => {
    tools = { ...tools, readers };
    return deliveryLoop({ tools, readers, log: quiet });
  };
  const emit = (...events: NewEvent[]) =>
    inChange(tools, systemActor, (change) => {
      for (const one of events) change.emit(one);
      return Promise.resolve();
    });
  const open = () => fresh.db('delivery').orderBy(['seq', 'reader']).select('reader', 'seq', 'attempts');

  beforeEach(async () => {
    fresh = await freshDb();
    tools = { db: fresh.db, clock: simulatedClock(start), ids: seededIds(1), readers: [], committed: () => undefined };
    handled.length = 0;
  });
  afterEach(() => fresh.drop());

  it('hands each event to the readers that take it, in order, and what they cause too', async () => {
    const first = reader('first', 'case.', (change, got) => {
      seen('first', got);
      if (got.type === 'case.received') change.emit({ ...event('job.created', 1), jobId: id(7) });
      return Promise.resolve();
    });
    const second = reader('second', 'job.', (_change, got) => Promise.resolve(void seen('second', got)));
    const loop = loopOf([first, second]);
    await emit(event('case.received', 1), event('shift.order_changed', 1), event('case.updated', 2));
    expect(await loop.drain()).to.equal(3);
    expect(handled).to.deep.equal(['first 1 case.received', 'first 3 case.updated', 'second 4 job.created']);
    expect(await open()).to.deep.equal([]);
    expect(await loop.drain()).to.equal(0);
  });

  it('keeps the order of one case when one of its events fails, and lets other cases pass', async () => {
    let broken = true;
    const loop = loopOf([
      reader('mail', 'case.', (change, got) => {
        if (broken && got.caseId === id(1)) throw new Error('no network');
        seen('mail', got);
        return Promise.resolve(change.emit({ type: 'test.told', body: {} }));
      }),
    ]);
    await emit(event('case.received', 1), event('case.updated', 1), event('case.received', 2));
    expect(await loop.drain()).to.equal(1);
    expect(handled).to.deep.equal(['mail 3 case.received']);
    expect(await open()).to.deep.equal([
      { reader: 'mail', seq: 1, attempts: 1 },
      { reader: 'mail', seq: 2, attempts: 0 },
    ]);
    expect(loop.failing()).to.equal(1);
    broken = false;
    expect(await loop.drain()).to.equal(2);
    expect(handled.slice(1)).to.deep.equal(['mail 1 case.received', 'mail 2 case.updated']);
    expect(loop.failing()).to.equal(0);
  });

  it('takes a refusal as done and undoes what the reader had done', async () => {
    const loop = loopOf([
      reader('plan', 'case.', (change) => {
        change.emit({ type: 'test.never', body: {} });
        return Promise.reject(new Problem(409, 'gone', 'There is nothing to plan any more.'));
      }),
    ]);
    await emit(event('case.received', 1));
    expect(await loop.drain()).to.equal(1);
    expect(await open()).to.deep.equal([]);
    expect(await fresh.db('event').pluck('type')).to.deep.equal(['case.received']);
  });

  it('hands out each event once when several loops work, in the order of its case', async () => {
    const slow = reader('slow', 'case.', async (_change, got) => {
      await new Promise((resolve) => setTimeout(resolve, (got.seq * 7) % 5));
      handled.push(`${got.caseId!.at(-1)}:${got.seq}`);
    });
    const loops = [loopOf([slow]), loopOf([slow]), loopOf([slow])];
    await emit(...Array.from({ length: 60 }, (_, i) => event('case.updated', i % 7)));
    // A loop that finds all it listed taken by others stops early; what is left is taken by the next look.
    while ((await open()).length > 0) await Promise.all(loops.map((loop) => loop.drain()));
    expect(handled).to.have.length(60);
    for (let n = 0; n < 7; n++) {
      const seqs = handled.filter((line) => line.startsWith(`${n}:`)).map((line) => Number(line.slice(2)));
      expect(seqs).to.deep.equal(seqs.toSorted((a, b) => a - b));
    }
  });

  it('works in the background once started, woken by a commit', async () => {
    const done = new Promise<void>((resolve) => {
      const loop = loopOf([reader('live', 'case.', (_change, got) => Promise.resolve(void (seen('live', got), resolve())))]);
      loop.start(60_000);
      void emit(event('case.received', 1)).then(() => loop.wake());
      after(() => loop.stop());
    });
    await done;
    expect(handled).to.deep.equal(['live 1 case.received']);
  });
});
