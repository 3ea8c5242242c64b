import { expect } from 'chai';
import { ASSIGNMENT_STATES, CANNOT_COMPLETE_REASONS, CANNOT_COMPLETE_RULES } from '../../server/stores/assignments/contract.ts';
import { decideFact } from '../../server/stores/assignments/transitions.ts';
import { enCrew } from '../words/en-crew.ts';
import { aBreak, aDay, assignmentId, aStop } from './sample-day.ts';
import { CANNOT_REASONS, DECLINE_REASONS } from './reasons.ts';
import { breakDue, breakUnderWay, factOfStep, mayDecline, nextStep, orderNews, stepsToJumpTo, stopInHand } from './steps.ts';

describe('steps of a crew', () => {
  it('leads from accepting to done, one step at a time', () => {
    const way: string[] = [];
    let state: (typeof ASSIGNMENT_STATES)[number] = 'dispatched';
    for (let step = nextStep(state); step !== null; step = nextStep(state)) {
      way.push(step);
      const outcome = decideFact({ state, requested: null }, step, false);
      if (outcome.kind !== 'moves') throw new Error(`${step} does not move ${state}`);
      state = outcome.to;
    }
    expect(way).to.deep.equal(['accept', 'travel', 'arrive', 'start', 'complete']);
    expect(state).to.equal('completed');
  });

  it('offers a jump forward that the server takes, and none for what has ended', () => {
    expect(stepsToJumpTo('dispatched')).to.deep.equal(['travel', 'arrive', 'start', 'complete']);
    expect(stepsToJumpTo('paused')).to.deep.equal(['complete']);
    expect(stepsToJumpTo('working')).to.deep.equal([]);
    for (const state of ASSIGNMENT_STATES) {
      for (const step of stepsToJumpTo(state)) {
        expect(decideFact({ state, requested: null }, step, false).kind, `${state} ${step}`).to.equal('moves');
      }
    }
  });

  it('offers to decline exactly where the server takes it', () => {
    for (const state of ASSIGNMENT_STATES) {
      expect(mayDecline(state), state).to.equal(decideFact({ state, requested: null }, 'decline', false).kind === 'moves');
    }
  });

  it('ends the work with the last position’s number', () => {
    expect(factOfStep('complete', 41)).to.deep.equal({ type: 'field.complete', fixesThrough: 41 });
    expect(factOfStep('arrive', 41)).to.deep.equal({ type: 'field.arrive' });
  });

  it('has the first open job in hand, or the one that was chosen while it is open', () => {
    const ended = aStop(9, { state: 'completed', endedAt: '2026-03-02T06:10:00.000Z' });
    const day = aDay([ended, aStop(1), aBreak(), aStop(2)]);
    expect(stopInHand(day, null)?.jobNumber).to.equal(2001);
    expect(stopInHand(day, assignmentId(2))?.jobNumber).to.equal(2002);
    expect(stopInHand(day, assignmentId(9))?.jobNumber).to.equal(2001);
    expect(stopInHand(aDay([ended]), null)).to.equal(null);
  });

  it('offers the break when it comes next and may begin, and says until when it lasts', () => {
    const at = (time: string): number => Date.parse(`2026-03-02T${time}Z`);
    const day = aDay([aBreak(), aStop(1)]);
    expect(breakDue(day, at('09:59:00'))).to.equal(null);
    expect(breakDue(day, at('10:00:00'))?.breakId).to.equal('lunch');
    expect(breakDue(aDay([aStop(1), aBreak()]), at('10:30:00'))).to.equal(null);
    const taken = aDay([aBreak({ takenAt: '2026-03-02T10:05:00.000Z' }), aStop(1)]);
    expect(breakUnderWay(taken, at('10:20:00'))?.untilMs).to.equal(at('10:35:00'));
    expect(breakUnderWay(taken, at('10:35:00'))).to.equal(null);
  });

  it('tells of an order until it is seen, but not that a job is gone which the crew gave back', () => {
    const changes = { since: 3, added: [assignmentId(1)], moved: [assignmentId(2)], removed: [assignmentId(3), assignmentId(4)] };
    const day = aDay([], { acknowledgedVersion: 3, changes });
    expect(orderNews(day, (id) => id === assignmentId(3))).to.deep.include({ removed: [assignmentId(4)], count: 3 });
    expect(orderNews({ ...day, acknowledgedVersion: 4 }, () => false).count).to.equal(0);
  });

  it('has a word and a button for every state and every reason, and says which close the report', () => {
    expect(Object.keys(enCrew.state).sort()).to.deep.equal([...ASSIGNMENT_STATES].sort());
    expect(Object.keys(enCrew.cannot.reason).sort()).to.deep.equal([...CANNOT_COMPLETE_REASONS].sort());
    expect(Object.keys(enCrew.decline.reason).sort()).to.deep.equal([...DECLINE_REASONS].sort());
    expect(CANNOT_REASONS.map(({ reason }) => reason).sort()).to.deep.equal([...CANNOT_COMPLETE_REASONS].sort());
    for (const { reason, closes, asks } of CANNOT_REASONS) {
      const rule = CANNOT_COMPLETE_RULES[reason];
      expect(closes, reason).to.equal(rule.then === 'close_case');
      const fill = rule.then === 'follow_up' ? rule.fill : 'nothing';
      expect(asks === 'plant', reason).to.equal(fill === 'plant');
      expect(asks === 'minutes', reason).to.equal(fill === 'seconds_left');
    }
  });
});
