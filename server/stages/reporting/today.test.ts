import { expect } from 'chai';
import type { DayCrew } from '../../stores/work/day-crews.ts';
import { crewLoads, everyHour, lookedAtDay, remembered } from './today.ts';

const aCrew = (over: Partial<DayCrew> = {}): DayCrew => ({
  shiftId: 's1',
  crewNumber: 1,
  crewName: 'Crew 1',
  state: 'on_duty',
  from: new Date('2026-03-02T06:00:00Z'),
  until: new Date('2026-03-02T14:00:00Z'),
  availableSeconds: 27_000,
  workedSeconds: 3_600,
  drivenSeconds: 600,
  workAheadSeconds: 7_200,
  done: 2,
  notDone: 0,
  open: 2,
  notSetOut: [
    { jobId: 'a', slot: 0 },
    { jobId: 'b', slot: 0 },
  ],
  ...over,
});

describe('the day that is looked at', () => {
  it('is the local one, with 23 hours when the clocks go forward', () => {
    const day = lookedAtDay('Europe/Stockholm', new Date('2026-03-28T23:30:00Z'));
    expect([day.serviceDay, day.from.toISOString(), day.until.toISOString()]).to.deep.equal([
      '2026-03-29',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ]);
  });

  it('shows quiet hours between, and none before the first or after now', () => {
    const day = {
      from: new Date('2026-03-01T23:00:00Z'),
      until: new Date('2026-03-02T23:00:00Z'),
      now: new Date('2026-03-02T09:10:00Z'),
    };
    const hours = everyHour(
      [
        { hour: 7, reports: 3, done: 0 },
        { hour: 9, reports: 1, done: 2 },
      ],
      day,
    );
    expect(hours.map(({ hour, reports, done }) => [hour, reports, done])).to.deep.equal([
      [7, 3, 0],
      [8, 0, 0],
      [9, 1, 2],
      [10, 0, 0],
    ]);
    expect(hours[0]?.from).to.equal('2026-03-02T06:00:00.000Z');
    expect(everyHour([], day)).to.deep.equal([]);
  });

  it('takes driving to come from the plan in force, of this crew’s own stops only, and says what is in no plan', () => {
    const leg = (shiftId: string, jobId: string) => ({ shiftId, jobId, slot: 0, travelSeconds: 300, metres: 2_000 });
    const [load] = crewLoads([aCrew()], [leg('s1', 'a'), leg('s1', 'gone'), leg('s2', 'b')], []);
    expect(load).to.include({ driveAheadSeconds: 300, stopsWithoutDriving: 1, metres: 4_000, metresFrom: 'plan' });
    const fixes = [{ shiftId: 's1', metres: 12_345, fixes: 10, lastFixAt: new Date() }];
    expect(crewLoads([aCrew()], [leg('s1', 'a')], fixes)[0]).to.include({ metres: 12_345, metresFrom: 'fixes' });
    expect(crewLoads([aCrew()], [], [])[0]).to.include({ metres: null, metresFrom: 'unknown' });
  });
});

describe('a remembered reading', () => {
  it('is shared by who asks the same, for a while; a failure is not kept', async () => {
    let now = 0;
    let reads = 0;
    const remember = remembered<number>(1_000, () => now);
    const read = () => Promise.resolve(++reads);
    expect(await Promise.all([remember('a', read), remember('a', read), remember('b', read)])).to.deep.equal([1, 1, 2]);
    now = 999;
    expect(await remember('a', read)).to.equal(1);
    now = 1_000;
    expect(await remember('a', read)).to.equal(3);
    const failed = await remember('c', () => Promise.reject(new Error('away'))).catch((error: Error) => error.message);
    expect(failed).to.equal('away');
    expect(await remember('c', read)).to.equal(4);
  });
});
