import { expect } from 'chai';
import { freshDb, type FreshDb } from '../../db/testing.ts';
import { systemActor } from './actor.ts';
import { inChange, type ChangeTools } from './change.ts';
import { simulatedClock, type SimulatedClock } from './clock.ts';
import { seededIds } from './ids.ts';
import { Problem } from './problem.ts';
import { quiet } from './test-server.ts';
import { dropTimer, setTimer, timerLoop, type TimerHandler } from './timers.ts';

const start = new Date('2026-01-27T05:00:00Z');
const after = (minutes: number) => new Date(start.getTime() + minutes * 60_000);
const subject = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;

describe('timers', () => {
  let fresh: FreshDb;
  let clock: SimulatedClock;
  let tools: ChangeTools;
  const ran: string[] = [];

  const note: TimerHandler = (change, timer) => {
    ran.push(
      `${timer.kind} ${timer.subjectId.at(-1)} at ${change.now.toISOString().slice(11, 16)} clock ${clock.now().toISOString().slice(11, 16)}`,
    );
    change.emit({ type: 'test.ran', body: { kind: timer.kind } });
    return Promise.resolve();
  };
  const set = (kind: string, n: number, minutes: number) =>
    inChange(tools, systemActor, (change) => setTimer(change, { kind, subjectId: subject(n), dueAt: after(minutes) }));
  const rows = () => fresh.db('timer').orderBy('due_at').select('kind', 'done_at', 'last_error', 'attempts');

  beforeEach(async () => {
    fresh = await freshDb();
    clock = simulatedClock(start);
    tools = { db: fresh.db, clock, ids: seededIds(1), readers: [], committed: () => undefined };
    ran.length = 0;
  });
  afterEach(() => fresh.drop());

  it('runs what is due in order, each at its own time', async () => {
    const loop = timerLoop({ tools, log: quiet, simulated: clock }, { freeze: note, shift_end: note });
    await set('shift_end', 1, 30);
    await set('freeze', 2, 10);
    await set('freeze', 3, 20);
    await set('freeze', 4, 99);
    expect(await loop.runDue(after(30))).to.equal(3);
    expect(ran).to.deep.equal([
      'freeze 2 at 05:10 clock 05:10',
      'freeze 3 at 05:20 clock 05:20',
      'shift_end 1 at 05:30 clock 05:30',
    ]);
    expect(await loop.runDue(after(30))).to.equal(0);
    const at = (await fresh.db('event').orderBy('seq').pluck<Date[]>('at')).map((t) => t.toISOString());
    expect(at).to.deep.equal([10, 20, 30].map((m) => after(m).toISOString()));
  });

  it('moves an open timer, drops it, and keeps one for each kind and subject', async () => {
    const loop = timerLoop({ tools, log: quiet, simulated: clock }, { freeze: note, recall: note });
    await set('freeze', 1, 10);
    await set('freeze', 1, 40);
    await set('recall', 1, 20);
    await inChange(tools, systemActor, (change) => dropTimer(change, 'recall', subject(1)));
    expect(await loop.runDue(after(39))).to.equal(0);
    expect(await loop.runDue(after(40))).to.equal(1);
    // What ran may be set again.
    await set('freeze', 1, 50);
    expect(await loop.runDue(after(50))).to.equal(1);
    expect(ran).to.have.length(2);
  });

  it('takes a refusal as the end of it, and undoes what it had done', async () => {
    const refuse: TimerHandler = async (change, timer) => {
      await setTimer(change, { kind: 'freeze', subjectId: subject(9), dueAt: after(1) });
      change.emit({ type: 'test.never', body: {} });
      throw new Problem(409, 'no-longer-planned', `${timer.kind} came too late.`);
    };
    const loop = timerLoop({ tools, log: quiet, simulated: clock }, { freeze: refuse });
    await set('freeze', 1, 10);
    expect(await loop.runDue(after(10))).to.equal(1);
    expect(await rows()).to.deep.equal([{ kind: 'freeze', done_at: after(10), last_error: 'no-longer-planned', attempts: 0 }]);
    expect(await fresh.db('event').pluck('type')).to.deep.equal([]);
  });

  it('tries again what failed, and does not let it stop the others', async () => {
    let broken = true;
    const sometimes: TimerHandler = (change, timer) =>
      broken && timer.subjectId === subject(1) ? Promise.reject(new Error('not now')) : note(change, timer);
    const loop = timerLoop({ tools, log: quiet, simulated: clock }, { freeze: sometimes });
    await set('freeze', 1, 10);
    await set('freeze', 2, 20);
    expect(await loop.runDue(after(30))).to.equal(1);
    expect(loop.failing()).to.equal(1);
    expect((await rows())[0]).to.include({ done_at: null, last_error: 'Error: not now', attempts: 1 });
    broken = false;
    expect(await loop.runDue(after(30))).to.equal(1);
    expect(loop.failing()).to.equal(0);
    expect(ran.map((line) => line.slice(0, 8))).to.deep.equal(['freeze 2', 'freeze 1']);
  });

  it('runs each once when two loops look at the same time', async () => {
    const real = { ...tools, clock: { kind: 'real' as const, now: () => after(60) } };
    const loops = [1, 2, 3].map(() => timerLoop({ tools: real, log: quiet }, { freeze: note }));
    for (let n = 1; n <= 9; n++) await set('freeze', n, n);
    await Promise.all(loops.map((loop) => loop.runDue(after(60))));
    expect(ran.map((line) => line.slice(7, 8)).sort()).to.deep.equal([...'123456789']);
    expect(await fresh.db('event').pluck('seq')).to.have.length(9);
  });
});
