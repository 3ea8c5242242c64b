import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { FIX_FLAGS } from '../../stores/positions/contract.ts';
import { metresBetween } from '../../stores/positions/distance.ts';
import { NO_EVIDENCE } from '../../stores/positions/store.ts';
import { inspect, ORDINARY_LIMITS, RULES, type DeviceState } from './pipeline.ts';
import type { CandidateFix } from './rules/rule.ts';

const NOON = Date.parse('2026-01-27T12:00:00Z');
const NOW = new Date(NOON);
const NOWHERE: DeviceState = { marker: null, doubted: null };

const aFix = (over: Partial<CandidateFix> & { at?: number } = {}): CandidateFix => {
  const { at = 0, ...rest } = over;
  const time = rest.time ?? new Date(NOON + at * 1000);
  return { deviceSeq: 1, time, fixTime: time, lon: -77.03, lat: 38.9, accuracyMetres: 5, speedMps: null, valid: true, ...rest };
};

const run = (fixes: readonly CandidateFix[], state: DeviceState = NOWHERE, now: Date = NOW) =>
  inspect(fixes, state, now, ORDINARY_LIMITS);
const flagsOf = (fix: CandidateFix, state: DeviceState = NOWHERE): number => run([fix], state).fixes[0]!.flags;

describe('the rules about a fix', () => {
  const marker = aFix({ at: -60 });
  const here: DeviceState = { marker, doubted: null };

  it('find nothing wrong with an ordinary one, which moves the marker', () => {
    const fix = aFix({ lon: -77.029, at: -30 });
    expect(run([fix], here)).to.deep.equal({
      fixes: [{ fix, flags: 0 }],
      state: { marker: fix, doubted: null },
      moveTo: fix,
      found: {},
    });
  });
  it('ahead_of_clock: a stamp a minute and more ahead', () => {
    expect(flagsOf(aFix({ at: 61 }))).to.equal(FIX_FLAGS.ahead_of_clock);
    expect(flagsOf(aFix({ at: 59 }))).to.equal(0);
  });
  it('long_ago: older than any crew is offline', () => {
    expect(flagsOf(aFix({ at: -15 * 86_400 }))).to.equal(FIX_FLAGS.long_ago);
    expect(flagsOf(aFix({ at: -13 * 86_400 }))).to.equal(0);
  });
  it('zero_zero: a receiver that has no place to tell', () => {
    expect(flagsOf(aFix({ lon: 0, lat: 0 }))).to.equal(FIX_FLAGS.zero_zero);
    expect(flagsOf(aFix({ lon: 0.0004, lat: -0.0002 }))).to.equal(FIX_FLAGS.zero_zero);
  });
  it('poor_accuracy: a place from a mast', () => {
    expect(flagsOf(aFix({ accuracyMetres: 151 }))).to.equal(FIX_FLAGS.poor_accuracy);
    expect(flagsOf(aFix({ accuracyMetres: null }))).to.equal(0);
  });
  it('impossible_jump: farther than anything drives in the time', () => {
    // One hundredth of a degree of latitude is 1,112 m.
    expect(flagsOf(aFix({ lat: 38.91, at: -50 }), here)).to.equal(FIX_FLAGS.impossible_jump);
    expect(flagsOf(aFix({ lat: 38.91, at: -20 }), here)).to.equal(0);
  });
  it('impossible_jump: two that agree with each other win over the marker', () => {
    const first = aFix({ lat: 41, at: -50, deviceSeq: 2 });
    const second = aFix({ lat: 41.0002, at: -40, deviceSeq: 3 });
    const inspection = run([first, second], here);
    expect(inspection.fixes.map((f) => f.flags)).to.deep.equal([FIX_FLAGS.impossible_jump, 0]);
    expect(inspection.moveTo).to.equal(second);
  });
  it('out_of_order: older than the marker; it does not move it', () => {
    const late = aFix({ at: -90 });
    const inspection = run([late], here);
    expect(inspection.fixes[0]!.flags).to.equal(FIX_FLAGS.out_of_order);
    expect(inspection.moveTo).to.equal(null);
    expect(inspection.state.marker).to.equal(marker);
  });
  it('duplicate: the same reading under another number', () => {
    const [one, two] = [aFix({ deviceSeq: 1 }), aFix({ deviceSeq: 2 })];
    expect(run([one, two]).fixes.map((f) => f.flags)).to.deep.equal([0, FIX_FLAGS.duplicate]);
  });
  it('not_valid: the receiver says itself that it has no fix', () => {
    const inspection = run([aFix({ valid: false, lon: -77.02 })], here);
    expect(inspection.fixes[0]!.flags).to.equal(FIX_FLAGS.not_valid);
    expect(inspection.moveTo).to.equal(null);
  });
  it('too_frequent: ten a second are kept, and two a second move the marker', () => {
    const moving = (n: number) => aFix({ at: -50 + n / 10, lon: -77.03 + n * 0.00002, speedMps: 17, deviceSeq: n + 1 });
    const inspection = run(
      Array.from({ length: 20 }, (_, n) => moving(n)),
      here,
    );
    expect(inspection.fixes.map((f) => f.flags)).to.deep.equal(
      Array.from({ length: 20 }, (_, n) => (n % 5 === 0 ? 0 : FIX_FLAGS.too_frequent)),
    );
    expect(inspection.found).to.deep.equal({ too_frequent: 16 });
  });
  it('standing_still: the time of the marker goes forward, its place is held', () => {
    const wandering = Array.from({ length: 100 }, (_, n) =>
      aFix({
        at: -50 + n / 2,
        lon: -77.03 + Math.sin(n) * 0.0001,
        lat: 38.9 + Math.cos(n) * 0.0001,
        speedMps: 0.2,
        deviceSeq: n + 2,
      }),
    );
    const inspection = run(wandering, here);
    expect(inspection.fixes.every((f) => f.flags === FIX_FLAGS.standing_still)).to.equal(true);
    expect(inspection.moveTo).to.deep.include({ lon: marker.lon, lat: marker.lat, time: wandering.at(-1)!.time });
    // What is kept is what was read.
    expect(inspection.fixes.map((f) => f.fix)).to.deep.equal(wandering);
  });
  it('standing_still: one that creeps away is not held for ever, one that drives not at all', () => {
    const creeping = Array.from({ length: 20 }, (_, n) =>
      aFix({ at: -50 + n, lat: 38.9 + n * 0.00002, speedMps: 0.4, deviceSeq: n + 2 }),
    );
    const { moveTo } = run(creeping, here);
    expect(metresBetween(moveTo!, creeping.at(-1)!)).to.be.below(15.1);
    expect(moveTo!.lat).to.be.above(marker.lat);
    expect(flagsOf(aFix({ at: -30, lat: 38.9001, speedMps: 2 }), here)).to.equal(0);
  });
  it('standing_still without a speed: by the way it would have gone', () => {
    // 11 m: in half a minute a wandering receiver, in two seconds a vehicle.
    expect(flagsOf(aFix({ at: -30, lat: 38.9001 }), here)).to.equal(FIX_FLAGS.standing_still);
    expect(flagsOf(aFix({ at: -58, lat: 38.9001 }), here)).to.equal(0);
  });
  it('standing_still is no shelter: a fix that is wrong besides neither moves the time nor the place', () => {
    const late = run([aFix({ at: -70, speedMps: 0 })], here);
    expect(late.fixes[0]!.flags).to.equal(FIX_FLAGS.out_of_order);
    expect(late.moveTo).to.equal(null);
  });
  it('each has a flag of its own, and every flag a rule', () => {
    expect(RULES.map((rule) => rule.flag).sort()).to.deep.equal(Object.keys(FIX_FLAGS).sort());
  });
  it('a future stamp that was believed by nobody does not hold the marker still', () => {
    const state = run([aFix({ at: 86_400 })], here).state;
    expect(run([aFix({ at: -10 })], state).moveTo).to.not.equal(null);
  });
});

const file = path.join(import.meta.dirname, '../../../../shared/data/gps/jersey-city-garbage-trucks.csv');

/** Tracks of real municipal trucks, one per truck and day, in order, doubles of the same second left out. */
function readTracks(): CandidateFix[][] {
  const tracks = new Map<string, CandidateFix[]>();
  const seen = new Set<string>();
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [lat, lon, truck, , time] = line.split('|');
    if (time === undefined || seen.has(`${truck} ${time}`)) continue;
    seen.add(`${truck} ${time}`);
    const at = new Date(`${time.trim()}Z`);
    const key = `${truck} ${time.slice(0, 10)}`;
    tracks.set(key, [...(tracks.get(key) ?? []), aFix({ time: at, fixTime: at, lon: Number(lon), lat: Number(lat) })]);
  }
  return [...tracks.values()]
    .filter((track) => track.length >= 40)
    .map((track) => track.sort((a, b) => a.time.getTime() - b.time.getTime()).map((fix, i) => ({ ...fix, deviceSeq: i + 1 })));
}

/** The same order for every run. */
function shuffled<T>(items: readonly T[]): T[] {
  const all = [...items];
  let state = 12345;
  for (let i = all.length - 1; i > 0; i--) {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    const j = state % (i + 1);
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}

const shift = (track: readonly CandidateFix[], millis: number): CandidateFix[] =>
  track.map((fix) => ({
    ...fix,
    time: new Date(fix.time.getTime() + millis),
    fixTime: new Date(fix.fixTime.getTime() + millis),
  }));

/** Sends a track in batches as they would have come, and keeps what the device's state becomes. */
function send(batches: readonly (readonly CandidateFix[])[], now: Date, state: DeviceState = NOWHERE) {
  const flags: number[] = [];
  const markerTimes: number[] = [];
  for (const batch of batches) {
    const inspection = run(batch, state, now);
    state = inspection.state;
    flags.push(...inspection.fixes.map((f) => f.flags));
    if (inspection.moveTo) markerTimes.push(inspection.moveTo.time.getTime());
  }
  return { flags, markerTimes, state };
}

const inTens = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / 10) }, (_, i) => items.slice(i * 10, i * 10 + 10));
const rising = (times: readonly number[]): boolean => times.every((time, i) => i === 0 || time > times[i - 1]!);

describe('the rules on the tracks of real trucks', () => {
  let tracks: CandidateFix[][] = [];
  before(function () {
    if (!existsSync(file)) {
      console.warn(`\n*** SKIPPED: tests on real tracks, ${file} is not here.\n`);
      this.skip();
    }
    tracks = readTracks();
    expect(tracks.length).to.be.greaterThan(20);
  });
  const endOf = (track: readonly CandidateFix[]): Date => track.at(-1)!.time;

  it('believe nearly all of them as they are', () => {
    const all = tracks.flatMap((track) => send(inTens(track), endOf(track)).flags);
    const believed = all.filter((flags) => (flags & NO_EVIDENCE) === 0).length;
    expect(believed / all.length).to.be.greaterThan(0.97);
  });
  it('shuffled and doubled: the marker only goes forward and ends where it should', () => {
    for (const track of tracks) {
      const orderly = send(inTens(track), endOf(track));
      const wild = send(inTens(shuffled([...track, ...track])), endOf(track));
      expect(rising(wild.markerTimes)).to.equal(true);
      expect(wild.state.marker?.time).to.deep.equal(orderly.state.marker?.time);
    }
  });
  it('a day ahead: none is believed, and the truck is not frozen when the clock is right again', () => {
    for (const track of tracks) {
      const ahead = send(inTens(shift(track, 86_400_000)), track[0]!.time);
      expect(ahead.flags.every((flags) => flags === FIX_FLAGS.ahead_of_clock)).to.equal(true);
      const after = send([[track[0]!]], track[0]!.time, ahead.state);
      expect(after.state.marker).to.equal(track[0]);
    }
  });
  it('a year behind: kept, not believed', () => {
    for (const track of tracks) {
      const behind = send(inTens(shift(track, -365 * 86_400_000)), endOf(track));
      expect(behind.flags.every((flags) => flags === FIX_FLAGS.long_ago)).to.equal(true);
      expect(behind.markerTimes).to.deep.equal([]);
    }
  });
  it('0/0 strewn in: the marker goes the way it would have gone without', () => {
    for (const track of tracks) {
      const strewn = track.flatMap((fix) => [fix, { ...fix, lon: 0, lat: 0, deviceSeq: fix.deviceSeq + 100_000 }]);
      expect(send(inTens(strewn), endOf(track)).state.marker).to.deep.equal(send(inTens(track), endOf(track)).state.marker);
    }
  });
  it('one wrong fix 300 km away: flagged, and the next ones are believed', () => {
    for (const track of tracks) {
      const middle = Math.floor(track.length / 2);
      const time = new Date(track[middle]!.time.getTime() + 500);
      const lost = { ...track[middle]!, lat: track[middle]!.lat + 2.7, deviceSeq: 100_000, time, fixTime: time };
      const bent = [...track.slice(0, middle + 1), lost, ...track.slice(middle + 1)];
      const { flags, state } = send(inTens(bent), endOf(track));
      expect(flags[middle + 1]).to.equal(FIX_FLAGS.impossible_jump);
      expect(state.marker).to.deep.equal(send(inTens(track), endOf(track)).state.marker);
    }
  });
  it('parked at its end with a wandering receiver: never older than its newest fix, and where it stopped', () => {
    for (const track of tracks) {
      const driven = send(inTens(track), endOf(track)).state;
      const until = endOf(track).getTime();
      const parked = Array.from({ length: 60 }, (_, n) => {
        const time = new Date(until + (n + 1) * 10_000);
        return {
          ...aFix({ time, fixTime: time, speedMps: 0 }),
          deviceSeq: 10_000 + n,
          lon: driven.marker!.lon + Math.sin(n) * 0.00005,
          lat: driven.marker!.lat,
        };
      });
      const now = parked.at(-1)!.time;
      const { flags, state, markerTimes } = send(inTens(shuffled([...parked, ...parked])), now, driven);
      expect(rising(markerTimes)).to.equal(true);
      expect(state.marker).to.deep.include({ time: now, lon: driven.marker!.lon, lat: driven.marker!.lat });
      expect(flags.every((f) => (f & NO_EVIDENCE) === 0)).to.equal(true);
    }
  });
  it('told ten times a second: thinned for the map, kept for the track', () => {
    for (const track of tracks) {
      let at = track[0]!.time.getTime();
      const dense = track.map((fix) => ({
        ...fix,
        lon: track[0]!.lon + (fix.deviceSeq % 50) * 0.00003,
        lat: track[0]!.lat,
        speedMps: 20,
        time: new Date((at += 100)),
      }));
      const { flags, markerTimes } = send(inTens(dense), new Date(at));
      expect(flags.filter((f) => f & FIX_FLAGS.too_frequent).length / flags.length).to.be.within(0.6, 0.85);
      expect(markerTimes.every((time, i) => i === 0 || time - markerTimes[i - 1]! >= 500)).to.equal(true);
    }
  });
  it('driven at 300 km/h: found on every truck that has a stretch of some hundred metres', () => {
    let found = 0;
    for (const track of tracks) {
      let at = track[0]!.time.getTime();
      const fast = track.map((fix, i) => {
        if (i > 0) at += Math.max(1000, (metresBetween(track[i - 1]!, fix) / (300 / 3.6)) * 1000);
        return { ...fix, time: new Date(at), fixTime: new Date(at) };
      });
      const long = track.some((fix, i) => i > 0 && metresBetween(track[i - 1]!, fix) > 300);
      const { flags } = send(inTens(fast), endOf(fast));
      if (long) expect(flags.some((f) => f & FIX_FLAGS.impossible_jump)).to.equal(true);
      found += flags.filter((f) => f & FIX_FLAGS.impossible_jump).length;
    }
    expect(found).to.be.greaterThan(100);
  });
});
