import { expect } from 'chai';
import { ageText, dayIn, dayText, distanceText, dueClock, minutesText, timeOfDay, whenText } from './format.ts';

describe('format', () => {
  it('tells times in the city’s zone, the change of summer time included', () => {
    expect(timeOfDay('2026-03-29T00:30:00Z', 'Europe/Stockholm')).to.equal('01:30');
    expect(timeOfDay('2026-03-29T01:30:00Z', 'Europe/Stockholm')).to.equal('03:30');
    expect(dayIn('America/New_York', Date.parse('2026-01-28T03:00:00Z'))).to.equal('2026-01-27');
    expect(dayText('2026-03-02T07:00:00Z', 'Europe/Stockholm')).to.match(/^Mon,? 2 Mar$/);
  });

  it('names the day only when it is another', () => {
    const now = Date.parse('2026-03-02T12:00:00Z');
    expect(whenText('2026-03-02T07:05:00Z', 'UTC', now)).to.equal('07:05');
    expect(whenText('2026-03-03T07:05:00Z', 'UTC', now)).to.equal('3 Mar 07:05');
  });

  it('keeps spans short', () => {
    expect([0, 12.4, 59.6, 95, 1439, 1440, 4000].map(minutesText)).to.deep.equal([
      '0 min',
      '12 min',
      '1 h 00 min',
      '1 h 35 min',
      '23 h 59 min',
      '1 d 0 h',
      '2 d 18 h',
    ]);
    expect([3, 119, 120, 7200].map(ageText)).to.deep.equal(['3 s', '119 s', '2 min', '2 h 00 min']);
    expect([840, 12_345].map(distanceText)).to.deep.equal(['840 m', '12.3 km']);
  });

  it('has a due clock with five tones', () => {
    const now = Date.parse('2026-03-02T12:00:00Z');
    const due = (minutes: number) => dueClock(new Date(now + minutes * 60_000).toISOString(), now);
    expect([60, 45, 10, 0, -1].map((minutes) => due(minutes).tone)).to.deep.equal(['calm', 'soon', 'near', 'near', 'late']);
    expect(due(-7).text).to.equal('−7 min');
    expect(dueClock(null, now)).to.deep.equal({ text: '–', tone: 'none', minutes: null });
  });
});
