import { expect } from 'chai';
import type { EventView } from '../../server/stores/events/contract.ts';
import { bothWanted, isAnythingWanted, NOTHING_WANTED, wantedBy } from './changes.ts';

const anEvent = (type: string, over: Partial<EventView> = {}): EventView => ({
  seq: 1,
  type,
  at: '2026-03-02T08:00:00.000Z',
  by: 'system',
  caseId: null,
  jobId: null,
  assignmentId: null,
  shiftId: null,
  planId: null,
  facts: {},
  ...over,
});

describe('changes', () => {
  it('reads once what many events of one action changed', () => {
    const wanted = wantedBy([
      anEvent('assignment.planned', { jobId: 'j1', shiftId: 's1' }),
      anEvent('job.state_changed', { jobId: 'j1' }),
      anEvent('shift.order_changed', { shiftId: 's1' }),
    ]);
    expect(wanted).to.deep.equal({
      jobs: new Set(['j1']),
      days: new Set(['s1']),
      shifts: true,
      plans: false,
      questions: false,
    });
  });

  it('knows plans and questions by their nouns', () => {
    expect(wantedBy([anEvent('plan.published')]).plans).to.equal(true);
    expect(wantedBy([anEvent('question.asked', { jobId: 'j2' })])).to.include({ questions: true, plans: false });
  });

  it('wants nothing for an event it has no use for', () => {
    expect(isAnythingWanted(wantedBy([anEvent('city.configured')]))).to.equal(false);
    expect(isAnythingWanted(NOTHING_WANTED)).to.equal(false);
  });

  it('keeps both when a reading failed and more came', () => {
    const both = bothWanted(
      wantedBy([anEvent('job.changed', { jobId: 'j1' })]),
      wantedBy([anEvent('plan.drafted', { jobId: 'j2' })]),
    );
    expect([...both.jobs]).to.deep.equal(['j1', 'j2']);
    expect(both.plans).to.equal(true);
  });
});
