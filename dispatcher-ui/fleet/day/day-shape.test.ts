import { expect } from 'chai';
import { busyHours, countLooks, crewAt, leftOutJobs, lookOf, minutesByKind } from './day-shape.ts';
import { aRecordedCrew, aRecordedJob, iso } from './sample-day.ts';

const at = (time: string): number => Date.parse(iso(time));
const crew = aRecordedCrew();

describe('the shape of a recorded day', () => {
  it('a job is unknown, waits, is overdue, is worked on and ends, in that order', () => {
    const looks = ['07:59', '08:00', '10:00', '10:01', '10:30', '10:59', '11:00'].map((time) => lookOf(aRecordedJob(), at(time)));
    expect(looks).to.deep.equal([null, 'waiting', 'waiting', 'overdue', 'working', 'working', 'late']);
    expect(lookOf(aRecordedJob({ lateMinutes: null }), at('12:00'))).to.equal('done');
    expect(lookOf(aRecordedJob({ outcome: 'cannot', begunAt: null }), at('12:00'))).to.equal('cannot');
    expect(lookOf(aRecordedJob({ outcome: 'cancelled' }), at('12:00'))).to.equal(null);
    expect(lookOf(aRecordedJob({ outcome: 'not_today', begunAt: null, endedAt: null, dueAt: null }), at('23:00'))).to.equal(
      'waiting',
    );
    expect(countLooks([aRecordedJob(), aRecordedJob({ begunAt: null, endedAt: null })], at('11:00'))).to.include({
      late: 1,
      overdue: 1,
      done: 0,
    });
  });

  it('a crew is somewhere on its way, at its stop, or off duty', () => {
    const half = crewAt(crew, at('08:05'));
    expect([half?.kind, half?.silent, half?.place[0].toFixed(4)]).to.deep.equal(['drive', true, '11.9800']);
    expect(crewAt(crew, at('08:00'))).to.deep.include({ silent: false, place: [11.97, 57.7] });
    expect(crewAt(crew, at('08:30'))).to.deep.equal({ place: [11.99, 57.7], kind: 'work', silent: false });
    expect(crewAt(crew, at('09:00'))).to.equal(null);
    expect(crewAt(crew, at('07:30'))).to.equal(null);
  });

  it('adds minutes up, and shows the hours in which anybody was out', () => {
    expect(minutesByKind(crew.stretches)).to.deep.equal({ drive: 10, work: 50, break: 0, idle: 0 });
    const day = { from: iso('00:00'), until: iso('23:00') };
    expect(busyHours({ ...day, crews: [crew] })).to.deep.equal({ fromMs: at('08:00'), untilMs: at('09:00') });
    expect(busyHours({ ...day, crews: [] })).to.deep.equal({ fromMs: at('00:00'), untilMs: at('23:00') });
  });

  it('lists what was not done, what presses most first', () => {
    const jobs = [
      aRecordedJob({ number: 1 }),
      aRecordedJob({ number: 2, outcome: 'not_today', priority: 3 }),
      aRecordedJob({ number: 3, outcome: 'cannot', priority: 1 }),
      aRecordedJob({ number: 4, outcome: 'with_crew', priority: 3, reportedAt: iso('07:00') }),
      aRecordedJob({ number: 5, outcome: 'cancelled' }),
    ];
    expect(leftOutJobs(jobs).map(({ number }) => number)).to.deep.equal([3, 4, 2]);
  });
});
