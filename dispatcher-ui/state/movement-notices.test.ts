import { expect } from 'chai';
import type { Notice } from './desk-state.ts';
import { movementNotice } from './movement-notices.ts';

const crewOf = (shiftId: string): string | undefined => ({ one: 'Crew 1', two: 'Crew 2' })[shiftId];
const event = (kind: string, shiftId = 'one') => ({ type: `movement.${kind}`, shiftId });
const shown = (over: Partial<Notice>): Notice => ({
  id: 1,
  tone: 'ok',
  word: 'did.released',
  params: {},
  detail: null,
  undo: null,
  retry: null,
  ...over,
});

describe('what the desk is told of movements', () => {
  it('is the newest, with its crew', () => {
    const notice = movementNotice([event('silent'), event('off_way', 'two')], null, crewOf);
    expect(notice).to.deep.include({ word: 'movement.notice.off_way', tone: 'warning', params: { crew: 'Crew 2' } });
  });
  it('is not that somebody came or went, nor that something is over', () => {
    expect(movementNotice([event('entered'), event('left'), event('silent_over')], null, crewOf)).to.equal(null);
  });
  it('is an alarm before anything else', () => {
    expect(movementNotice([event('panic'), event('silent', 'two')], shown({ tone: 'error' }), crewOf)).to.deep.include({
      word: 'movement.notice.panic',
      tone: 'error',
    });
  });
  it('waits behind what can be taken back or tried again, but not behind an alarm', () => {
    const undoable = shown({ undo: 'action' });
    expect(movementNotice([event('silent')], undoable, crewOf)).to.equal(null);
    expect(movementNotice([event('panic')], undoable, crewOf)).to.not.equal(null);
    expect(movementNotice([event('silent')], shown({}), crewOf)).to.not.equal(null);
  });
  it('is nothing of a crew that the desk does not have', () => {
    expect(movementNotice([event('silent', 'elsewhere')], null, crewOf)).to.equal(null);
  });
});
