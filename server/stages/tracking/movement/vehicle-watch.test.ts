import { expect } from 'chai';
import fc from 'fast-check';
import type { SeenFix } from '../../../stores/movements/watched-shifts.ts';
import type { MovementPolicy } from './movement-policy.ts';
import { ToldMovements } from './told-movements.ts';
import { depotSubject, VehicleWatch, type MovementChange, type WatchedDay, type WatchedPlace } from './vehicle-watch.ts';
import { watchedWay } from './watched-way.ts';

const NOON = Date.parse('2026-01-27T12:00:00Z');
const METRE = 1 / 111_195;
const POLICY: MovementPolicy = {
  fenceMetres: 60,
  longStopSeconds: 1200,
  offWayMetres: 400,
  offWaySeconds: 180,
  silentSeconds: 900,
  speedLimitMps: 33,
  speedingSeconds: 20,
};
const JOB = { lon: -77, lat: 38.9 };
const place = (over: Partial<WatchedPlace> = {}): WatchedPlace => ({
  subject: 'assignment-1',
  jobId: 'job-1',
  assignmentId: 'assignment-1',
  points: [JOB],
  endedAt: null,
  ...over,
});
const day = (over: Partial<WatchedDay> = {}): WatchedDay => ({
  places: [place()],
  onDutySince: NOON - 3_600_000,
  breaks: [],
  leg: null,
  way: null,
  ...over,
});
/** `north` metres north of the job. */
const fix = (seconds: number, north: number, over: Partial<SeenFix> = {}): SeenFix => ({
  vehicleId: 'vehicle',
  time: new Date(NOON + seconds * 1000),
  lon: JOB.lon,
  lat: JOB.lat + north * METRE,
  speedMps: 0,
  ...over,
});
const watch = (): VehicleWatch => new VehicleWatch('vehicle', 'shift', NOON);
const told = (changes: readonly MovementChange[]): string[] =>
  changes.map(({ kind, change, at }) => `${kind} ${change} ${(at - NOON) / 1000}`);
const drive = (fixes: readonly SeenFix[], on: WatchedDay = day(), by = watch()): string[] =>
  told(fixes.flatMap((one) => by.take(one, on, POLICY, one.time.getTime())));

describe('coming to a place and leaving it', () => {
  it('is told once, at the time of the first slow fix there and of the first one away', () => {
    const run = [fix(0, 300, { speedMps: 9 }), fix(10, 50), fix(20, 10), fix(30, 5), fix(40, 80), fix(50, 200), fix(60, 300)];
    expect(drive(run)).to.deep.equal(['fence begin 10', 'fence end 50']);
  });
  it('is not driving through', () => {
    expect(drive([fix(0, 50, { speedMps: 9 }), fix(5, 5, { speedMps: 9 }), fix(10, -50, { speedMps: 9 })])).to.deep.equal([]);
  });
  it('of a tracker that tells no speed: driving through is seen by how far it came', () => {
    const through = Array.from({ length: 40 }, (_, i) => fix(i * 5, 500 - i * 25, { speedMps: null }));
    expect(drive(through)).to.deep.equal([]);
  });
  it('needs a second fix, or two minutes without another', () => {
    const by = watch();
    expect(drive([fix(0, 10)], day(), by)).to.deep.equal([]);
    expect(told(by.wait(NOON + 60_000, null, POLICY))).to.deep.equal([]);
    expect(told(by.wait(NOON + 120_000, null, POLICY))).to.deep.equal(['fence begin 0']);
    expect(told(by.wait(NOON + 180_000, null, POLICY))).to.deep.equal([]);
  });
  it('one wrong fix is neither', () => {
    expect(drive([fix(0, 10), fix(10, 400), fix(20, 380)])).to.deep.equal([]);
    expect(drive([fix(0, 10), fix(10, 10), fix(20, 400), fix(30, 10)])).to.deep.equal(['fence begin 0']);
  });
  it('of a place whose work has ended is no news', () => {
    expect(drive([fix(0, 10), fix(10, 10)], day({ places: [place({ endedAt: NOON - 1000 })] }))).to.deep.equal([]);
  });
  it('of a depot names it', () => {
    const depot = place({ subject: depotSubject('east'), assignmentId: null, jobId: null });
    const by = watch();
    by.take(fix(0, 0), day({ places: [depot] }), POLICY, NOON);
    const [entered] = by.take(fix(5, 0), day({ places: [depot] }), POLICY, NOON + 5000);
    expect(entered?.facts).to.deep.equal({ lon: -77, lat: 38.9, depot: 'east' });
  });

  it('jitter at the edge gives one coming and no leaving', () => {
    const jitter = fc.array(fc.double({ min: 30, max: 89, noNaN: true }), { minLength: 20, maxLength: 200 });
    fc.assert(
      fc.property(jitter, (distances) => {
        const run = [fix(0, 59), ...distances.map((north, i) => fix(10 + i * 10, north)), fix(9990, 59), fix(9995, 59)];
        expect(drive(run).filter((text) => text.startsWith('fence'))).to.have.length(1);
      }),
      { numRuns: 300 },
    );
  });
  it('fixes in any order, and doubled, tell nothing that is not so: at most what those in order tell', () => {
    const approach = Array.from({ length: 30 }, (_, i) => fix(i * 10, 600 - i * 30, { speedMps: i > 18 ? 0 : 3.5 }));
    const stay = Array.from({ length: 20 }, (_, i) => fix(300 + i * 10, 5));
    const leave = Array.from({ length: 20 }, (_, i) => fix(500 + i * 10, 5 + i * 60, { speedMps: 6 }));
    const track = [...approach, ...stay, ...leave];
    fc.assert(
      fc.property(fc.shuffledSubarray([...track, ...track], { minLength: 10 }), (wild) => {
        const lines = drive(wild);
        // Only newer fixes count, so what is told alternates and its times rise.
        const kinds = lines.map((text) => text.split(' ')[1]);
        expect(kinds.every((kind, i) => kind === (i % 2 === 0 ? 'begin' : 'end'))).to.equal(true);
        expect(lines.length).to.be.lessThan(3);
        const times = lines.map((text) => Number(text.split(' ')[2]));
        expect(times.every((time, i) => i === 0 || time >= times[i - 1]!)).to.equal(true);
        // Nothing is told of a time at which it was elsewhere.
        for (const [i, time] of times.entries()) {
          const there = track.find((one) => (one.time.getTime() - NOON) / 1000 === time)!;
          const metres = Math.abs(there.lat - JOB.lat) / METRE;
          expect(i % 2 === 0 ? metres <= 61 : metres >= 89).to.equal(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('a long stop', () => {
  const stand = (from: number, until: number, north = 5_000, step = 60): SeenFix[] =>
    Array.from({ length: Math.floor((until - from) / step) + 1 }, (_, i) => fix(from + i * step, north + (i % 3) * 9));
  it('is standing longer than the policy says, away from every place, from when it stopped', () => {
    const run = [...stand(0, 1800), fix(1860, 6_000), fix(1920, 7_000)];
    expect(drive(run)).to.deep.equal(['long_stop begin 0', 'long_stop end 1860']);
  });
  it('is not standing at a stop, on a break, off duty, or a shorter time', () => {
    expect(drive(stand(0, 3600, 20)).filter((text) => text.startsWith('long'))).to.deep.equal([]);
    expect(drive(stand(0, 1140))).to.deep.equal([]);
    expect(drive(stand(0, 1800), day({ onDutySince: null }))).to.deep.equal([]);
    const breaks = [{ from: NOON, until: NOON + 900_000 }];
    expect(drive(stand(0, 2040), day({ breaks }))).to.deep.equal([]);
    expect(drive(stand(0, 2160), day({ breaks }))).to.deep.equal(['long_stop begin 900']);
  });
  it('after the work has ended counts from its end', () => {
    const ended = day({ places: [place({ endedAt: NOON + 600_000 })] });
    expect(drive(stand(0, 1740, 10), ended)).to.deep.equal([]);
    expect(drive(stand(0, 1860, 10), ended)).to.deep.equal(['long_stop begin 600']);
  });
  it('is not interrupted by one fix that strays', () => {
    const run = [...stand(0, 600), fix(630, 5_300), ...stand(660, 1300)];
    expect(drive(run)).to.deep.equal(['long_stop begin 0']);
  });
});

describe('leaving the planned way', () => {
  const way = watchedWay('assignment-1', [JOB, { lon: -76.9, lat: 38.9 }]);
  const on = day({ places: [], leg: 'assignment-1', way });
  const along = (from: number, until: number, north: number): SeenFix[] =>
    Array.from({ length: (until - from) / 20 + 1 }, (_, i) => {
      const seconds = from + i * 20;
      return fix(seconds, north, { lon: JOB.lon + seconds * 10 * METRE, speedMps: 10 });
    });
  it('is told when it lasts, and again only when it was back', () => {
    const run = [...along(0, 100, 30), ...along(120, 400, 900), ...along(420, 500, 100), ...along(520, 760, 900)];
    expect(drive(run, on)).to.deep.equal(['off_way begin 120', 'off_way end 420', 'off_way begin 520']);
  });
  it('is not a short detour, nor a way that nobody knows', () => {
    expect(drive([...along(0, 100, 30), ...along(120, 280, 900), ...along(300, 600, 30)], on)).to.deep.equal([]);
    expect(drive(along(0, 600, 900), day({ places: [], leg: 'assignment-1' }))).to.deep.equal([]);
  });
  it('jitter between the two limits does not tell it twice', () => {
    const run = [...along(0, 200, 900), ...along(220, 600, 300), ...along(620, 900, 500), ...along(920, 1100, 390)];
    expect(drive(run, on)).to.deep.equal(['off_way begin 0']);
  });
  it('goes on while the way is not known, and ends with the leg', () => {
    const by = watch();
    expect(drive(along(0, 300, 900), on, by)).to.deep.equal(['off_way begin 0']);
    expect(drive([fix(310, 900)], day({ places: [], leg: 'assignment-1' }), by)).to.deep.equal([]);
    expect(drive([fix(320, 900)], day({ places: [] }), by)).to.deep.equal(['off_way end 320']);
  });
});

describe('silence, speed', () => {
  it('silent: on duty and not heard of for longer than the policy says; over with the next fresh fix', () => {
    const by = watch();
    drive([fix(0, 3_000)], day(), by);
    expect(told(by.wait(NOON + 900_000, NOON, POLICY))).to.deep.equal([]);
    expect(told(by.wait(NOON + 901_000, NOON, POLICY))).to.deep.equal(['silent begin 0']);
    expect(told(by.wait(NOON + 2_000_000, NOON, POLICY))).to.deep.equal([]);
    // What it kept while there was no network is no sign of life.
    expect(told(by.take(fix(60, 3_000), day(), POLICY, NOON + 2_000_000))).to.deep.equal([]);
    expect(told(by.take(fix(1990, 9_000), day(), POLICY, NOON + 2_000_000))).to.deep.equal(['silent end 1990']);
  });
  it('silent: a vehicle that was never heard counts from when its crew came on duty; one off duty is not waited for', () => {
    const by = watch();
    expect(told(by.wait(NOON + 2_000_000, null, POLICY))).to.deep.equal([]);
    expect(told(by.wait(NOON + 2_000_000, NOON + 1_500_000, POLICY))).to.deep.equal([]);
    expect(told(by.wait(NOON + 2_500_000, NOON + 1_500_000, POLICY))).to.deep.equal(['silent begin 1500']);
  });
  it('speeding: above the limit for as long as the policy says, over when it is clearly below', () => {
    const speeds = [30, 34, 35, 36, 35, 32.9, 32, 29, 28];
    const run = speeds.map((speedMps, i) => fix(i * 10, 10_000 + i * 300, { speedMps }));
    expect(drive(run, day({ places: [] }))).to.deep.equal(['speeding begin 10', 'speeding end 70']);
  });
  it('speeding: one wild reading is none', () => {
    const run = [30, 60, 30, 60, 30].map((speedMps, i) => fix(i * 10, 10_000 + i * 300, { speedMps }));
    expect(drive(run, day({ places: [] }))).to.deep.equal([]);
  });
});

describe('what has been told', () => {
  it('is not told again, whatever is looked at again', () => {
    const said = new ToldMovements();
    said.know(['shift'], []);
    const begin = (at: number): MovementChange => ({ kind: 'fence', subject: 'a', change: 'begin', at, facts: {} });
    const end = (at: number): MovementChange => ({ kind: 'fence', subject: 'a', change: 'end', at, facts: {} });
    expect(said.end('shift', 'vehicle', end(5))).to.equal(null);
    expect(said.begin('shift', 'vehicle', begin(10))).to.not.equal(null);
    expect(said.begin('shift', 'vehicle', begin(10))).to.equal(null);
    expect(said.goingOn('shift', 'vehicle')).to.deep.equal([{ kind: 'fence', subject: 'a' }]);
    expect(said.end('shift', 'vehicle', end(5))).to.equal(null);
    expect(said.end('shift', 'vehicle', end(20))?.facts).to.deep.equal({ lastedSeconds: 0 });
    expect(said.begin('shift', 'vehicle', begin(15))).to.equal(null);
    expect(said.begin('shift', 'vehicle', begin(30))).to.not.equal(null);
  });
});
