import { expect } from 'chai';
import { JOB_STATES } from '../../server/stores/jobs/contract.ts';
import { outcomeOf, recordedJob } from './day-record.ts';

const at = (time: string): Date => new Date(`2026-03-02T${time}:00.000Z`);
const row = (over: Partial<Parameters<typeof recordedJob>[0]> = {}): Parameters<typeof recordedJob>[0] => ({
  id: 'a',
  number: 2042,
  title: 'Fill pothole',
  priority: 3,
  emergency: false,
  lon: 11.97,
  lat: 57.7,
  place_text: 'Main Street',
  state: 'completed',
  reports: 2,
  reported_at: at('07:00'),
  due_at: at('09:00'),
  begun_at: at('09:41'),
  ended_at: at('10:10'),
  verification: 'verified',
  reason: null,
  crew_number: 4,
  ...over,
});
const left = new Map([['a', { code: 'not_today', params: { extraCost: 12 } }]]);

describe('a job of a recorded day', () => {
  it('ends in one way, whatever state it has', () => {
    expect(Object.fromEntries(JOB_STATES.map((state) => [state, outcomeOf(state)]))).to.deep.equal({
      draft: 'aside',
      ready: 'not_today',
      planned: 'with_crew',
      dispatched: 'with_crew',
      under_way: 'with_crew',
      on_hold: 'aside',
      completed: 'done',
      cannot_complete: 'cannot',
      cancelled: 'cancelled',
    });
  });

  it('is late by the minutes its work began after it was due', () => {
    expect(recordedJob(row(), left)).to.include({ outcome: 'done', lateMinutes: 41, verification: 'verified', reason: null });
    expect(recordedJob(row({ begun_at: at('09:00') }), left).lateMinutes).to.equal(null);
    expect(recordedJob(row({ due_at: null }), left).lateMinutes).to.equal(null);
  });

  it('says why it was not done: the crew’s reason, the last plan’s, or none', () => {
    expect(recordedJob(row({ state: 'cannot_complete', reason: 'no_access' }), left).reason).to.deep.equal({
      code: 'no_access',
      params: {},
    });
    expect(recordedJob(row({ state: 'ready', ended_at: null }), left).reason).to.deep.equal({
      code: 'not_today',
      params: { extraCost: 12 },
    });
    expect(recordedJob(row({ id: 'b', state: 'ready' }), left).reason).to.equal(null);
    expect(recordedJob(row({ state: 'ready', verification: null }), left).lateMinutes).to.equal(null);
  });
});
