import { expect } from 'chai';
import * as fc from 'fast-check';
import { decideFact } from '../../server/stores/assignments/transitions.ts';
import { aBreak, aDay, assignmentId, aStop, SHIFT } from './sample-day.ts';
import {
  answered,
  dayAsPressed,
  EMPTY_OUTBOX,
  forgetShown,
  heldNow,
  press,
  releaseHeld,
  renumbered,
  stateAfter,
  takeBack,
  type Outbox,
  type Said,
} from './outbox.ts';
import { isJob } from './steps.ts';

const fact = (type: 'field.accept' | 'field.travel' | 'field.arrive' | 'field.decline', n = 1): Said => ({
  kind: 'fact',
  jobNumber: 2000 + n,
  fact:
    type === 'field.decline'
      ? { type, assignmentId: assignmentId(n), reason: 'no_time' }
      : { type, assignmentId: assignmentId(n) },
});
const done = (n = 1): Said => ({
  kind: 'fact',
  jobNumber: 2000 + n,
  fact: { type: 'field.complete', assignmentId: assignmentId(n), fixesThrough: 12 },
});
const pressAll = (said: readonly Said[], holdMs = 0): Outbox =>
  said.reduce((box, one, i) => press(box, one, { actionId: `action-${i}`, nowMs: 1_000 * i, holdMs }), EMPTY_OUTBOX);
const states = (day: ReturnType<typeof aDay>): string[] => day.stops.filter(isJob).map((s) => `${s.jobNumber} ${s.state}`);

describe('outbox of the crew’s phone', () => {
  it('numbers what is pressed in its order and keeps the time it was pressed at', () => {
    const box = pressAll([fact('field.accept'), fact('field.travel')]);
    expect(box.waiting.map(({ deviceSeq, deviceTime }) => [deviceSeq, deviceTime])).to.deep.equal([
      [1, '1970-01-01T00:00:00.000Z'],
      [2, '1970-01-01T00:00:01.000Z'],
    ]);
    const after = answered(box, 'action-0', { version: 4 });
    expect(press(after, done(), { actionId: 'x', nowMs: 0, holdMs: 0 }).waiting.map(({ deviceSeq }) => deviceSeq)).to.deep.equal([
      2, 3,
    ]);
  });

  it('shows what was pressed before the server has it, and goes on showing it until a day has it', () => {
    const day = aDay([aStop(1), aStop(2)]);
    let box = pressAll([fact('field.accept'), fact('field.travel')]);
    expect(states(dayAsPressed(day, box))).to.deep.equal(['2001 travelling', '2002 dispatched']);
    box = answered(box, 'action-0', { version: 4 });
    box = answered(box, 'action-1', { version: 5 });
    // A day that was read before the answer came.
    box = forgetShown(box, day);
    expect(states(dayAsPressed(day, box))).to.deep.equal(['2001 travelling', '2002 dispatched']);
    const newer = aDay([aStop(1, { state: 'travelling', version: 5 }), aStop(2)]);
    expect(forgetShown(box, newer).settled).to.deep.equal([]);
  });

  it('puts what is finished behind what was finished before, and the next job comes into hand', () => {
    const day = aDay([aStop(9, { state: 'completed', endedAt: '2026-03-02T06:10:00.000Z', way: null }), aStop(1), aStop(2)]);
    const shown = dayAsPressed(day, pressAll([done()], 8_000));
    expect(states(shown)).to.deep.equal(['2009 completed', '2001 completed', '2002 dispatched']);
    expect(shown.stops.filter(isJob)[1]).to.deep.include({ endedAt: day.now, verification: 'pending', way: null });
  });

  it('takes back only what is still held, and lets go of it when the phone is put away', () => {
    const box = pressAll([done()], 8_000);
    expect(heldNow(box, 7_999)?.actionId).to.equal('action-0');
    expect(heldNow(box, 8_000)).to.equal(null);
    expect(states(dayAsPressed(aDay([aStop(1)]), takeBack(box, 'action-0')))).to.deep.equal(['2001 dispatched']);
    expect(heldNow(releaseHeld(box), 0)).to.equal(null);
    expect(releaseHeld(box).waiting).to.have.length(1);
  });

  it('forgets what was refused: the server’s day shows again', () => {
    const day = aDay([aStop(1, { state: 'accepted' })]);
    const box = answered(pressAll([fact('field.decline')]), 'action-0', null);
    expect(states(dayAsPressed(day, box))).to.deep.equal(['2001 accepted']);
  });

  it('never goes back with a shift: signed on stays signed on until a day says so', () => {
    const before = aDay([], { state: 'scheduled', acknowledgedVersion: 0 });
    let box = pressAll([
      { kind: 'shift', shiftId: SHIFT, report: { type: 'sign_on' } },
      { kind: 'seen', shiftId: SHIFT, orderVersion: 4 },
    ]);
    expect(dayAsPressed(before, box)).to.deep.include({ state: 'on_duty', acknowledgedVersion: 4 });
    box = answered(answered(box, 'action-0', { version: null }), 'action-1', { version: null });
    expect(dayAsPressed(before, forgetShown(box, before))).to.deep.include({ state: 'on_duty', acknowledgedVersion: 4 });
    expect(forgetShown(box, aDay([])).settled).to.deep.equal([]);
    // What the server says of a shift that has ended is not undone by an old press.
    expect(dayAsPressed(aDay([], { state: 'ended' }), box).state).to.equal('ended');
  });

  it('shows a break that was begun', () => {
    const box = pressAll([{ kind: 'shift', shiftId: SHIFT, report: { type: 'break_taken', breakId: 'lunch' } }]);
    expect(dayAsPressed(aDay([aBreak()]), box).stops[0]).to.deep.include({ takenAt: '2026-03-02T06:30:00.000Z' });
  });

  it('counts anew for a phone that was enrolled again, and keeps ids, times and order', () => {
    const box = answered(pressAll([fact('field.accept'), fact('field.travel'), done()]), 'action-0', { version: 4 });
    const again = renumbered(box);
    expect(again).to.deep.include({ lastSeq: 2, settled: [] });
    expect(again.waiting.map(({ actionId, deviceSeq }) => [actionId, deviceSeq])).to.deep.equal([
      ['action-1', 1],
      ['action-2', 2],
    ]);
  });

  it('says the same next state as the server’s own rules', () => {
    const open = ['planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused'] as const;
    const facts = ['accept', 'travel', 'arrive', 'start', 'pause', 'resume', 'complete', 'cannot_complete'] as const;
    fc.assert(
      fc.property(fc.constantFrom(...open), fc.constantFrom(...facts), (state, step) => {
        const outcome = decideFact({ state, requested: null }, step, false);
        expect(stateAfter(state, `field.${step}`)).to.equal(outcome.kind === 'moves' ? outcome.to : state);
      }),
    );
  });
});
