import { expect } from 'chai';
import { aJob, anAssignment, aShift } from '../state/sample-desk.ts';
import { dayWindow, hoursIn, spanIn, timesOf } from './day-strip.ts';

const at = (time: string): number => Date.parse(`2026-03-02T${time}:00.000Z`);

describe('day strip', () => {
  it('reaches from the first start to the last end, by whole hours', () => {
    const shifts = [aShift(1), aShift(2, { from: '2026-03-02T08:30:00.000Z', until: '2026-03-02T17:15:00.000Z' })];
    expect(dayWindow(shifts, at('09:00'))).to.deep.equal({ from: at('06:00'), until: at('18:00') });
    expect(dayWindow([], at('09:00'))).to.equal(null);
  });

  it('shows 16 hours around now when shifts run round the clock', () => {
    const shifts = [aShift(1, { from: '2026-03-02T00:00:00.000Z', until: '2026-03-03T06:00:00.000Z' })];
    const window = dayWindow(shifts, at('12:00'))!;
    expect((window.until - window.from) / 3_600_000).to.equal(16);
    expect(window.from).to.be.at.most(at('12:00'));
    expect(window.until).to.be.at.least(at('12:00'));
  });

  it('cuts what lies half outside and leaves out what lies outside', () => {
    const window = { from: at('06:00'), until: at('16:00') };
    expect(spanIn(window, at('05:00'), at('07:00'))).to.deep.equal({ left: 0, width: 0.1 });
    expect(spanIn(window, at('16:00'), at('17:00'))).to.equal(null);
    expect(hoursIn(window).map(({ share }) => share)).to.deep.equal([0.2, 0.4, 0.6, 0.8]);
  });

  it('takes what happened over what was planned', () => {
    const job = aJob(1);
    expect(timesOf({ job, assignment: anAssignment(1) })).to.deep.equal({ start: at('09:00'), end: at('09:30') });
    expect(timesOf({ job, assignment: anAssignment(1, { onSiteAt: '2026-03-02T09:20:00.000Z' }) })?.start).to.equal(at('09:20'));
    const done = anAssignment(1, {
      state: 'completed',
      onSiteAt: '2026-03-02T09:20:00.000Z',
      endedAt: '2026-03-02T09:45:00.000Z',
    });
    expect(timesOf({ job, assignment: done })).to.deep.equal({ start: at('09:20'), end: at('09:45') });
    expect(timesOf({ job, assignment: anAssignment(1, { plannedStart: null }) })).to.equal(null);
  });
});
