import { expect } from 'chai';
import { FIX_FLAGS, type Track } from '../../server/stores/positions/contract.ts';
import { fixBefore, fleetAt, readTracks, ReplayPages, replayTrack, spotAt } from './replay.ts';
import { sampleId } from './sample-desk.ts';

const EIGHT = Date.parse('2026-03-02T08:00:00.000Z');
const VAN = sampleId(830_001);
const point = (second: number, lon: number, flags = 0): Track['points'][number] => ({
  time: new Date(EIGHT + second * 1000).toISOString(),
  lon,
  lat: 57.7,
  accuracyMetres: 5,
  flags,
});
const track = (...points: Track['points']): Track => ({ vehicleId: VAN, points });

describe('a replayed track', () => {
  it('leaves out what was found wrong, and is in order whatever order it comes in', () => {
    const read = replayTrack(track(point(10, 11.2), point(0, 11.1), point(5, 0, FIX_FLAGS.zero_zero)));
    expect(Array.from(read.times)).to.deep.equal([EIGHT, EIGHT + 10_000]);
    expect(Array.from(read.places)).to.deep.equal([11.1, 57.7, 11.2, 57.7]);
    expect([-1, 0, 9_999, 10_000, 99_000].map((ms) => fixBefore(read, EIGHT + ms))).to.deep.equal([-1, 0, 0, 1, 1]);
  });

  it('is on the line between two fixes that follow soon, and its age is the first one’s', () => {
    const read = replayTrack(track(point(0, 11.1), point(10, 11.2)));
    const spot = spotAt(read, EIGHT + 2_500, null)!;
    expect(spot.lon).to.be.closeTo(11.125, 1e-9);
    expect(spot).to.include({ fixAtMs: EIGHT, lat: 57.7 });
    expect(spot.headingDegrees).to.be.closeTo(90, 0.1);
  });

  it('stays where it was seen last while nobody heard of it, and is not there before it was heard of', () => {
    const read = replayTrack(track(point(0, 11.1), point(600, 11.2)));
    expect(spotAt(read, EIGHT + 300_000, null)).to.include({ lon: 11.1, fixAtMs: EIGHT, speedMps: 0 });
    expect(spotAt(read, EIGHT - 1, null)).to.equal(null);
  });

  it('is the crew’s that was in the vehicle at that time', () => {
    const shifts = [
      { shiftId: 'early', vehicleId: VAN, fromMs: EIGHT - 1_000, untilMs: EIGHT + 5_000 },
      { shiftId: 'late', vehicleId: VAN, fromMs: EIGHT + 5_000, untilMs: EIGHT + 9_000 },
    ];
    const tracks = [replayTrack(track(point(0, 11.1)))];
    const shiftAt = (second: number): string | null | undefined =>
      fleetAt(tracks, shifts, EIGHT + second * 1000).get(VAN)?.shiftId;
    expect([0, 5, 9].map(shiftAt)).to.deep.equal(['early', 'late', null]);
  });

  it('is put together from the pages of a replay, each with its own order of vehicles; a fix told twice is one', () => {
    const pages = new ReplayPages();
    const [van, truck] = [
      { vehicleId: VAN, code: 'van-1' },
      { vehicleId: sampleId(830_002), code: 'truck-2' },
    ];
    const time = (second: number): string => new Date(EIGHT + second * 1000).toISOString();
    pages.take({
      vehicles: [van],
      frames: [
        { time: time(0), moved: [0, 11_100_000, 57_700_000, -1, 0] },
        { time: time(10), moved: [0, 11_200_000, 57_700_000, 90, 2] },
      ],
      next: time(20),
    });
    pages.take({
      vehicles: [truck, van],
      frames: [{ time: time(20), moved: [1, 11_200_000, 57_700_000, 90, 12, 0, 11_500_000, 57_800_000, -1, 1] }],
      next: null,
    });
    expect(pages.all()).to.deep.equal([
      { vehicleId: VAN, times: [EIGHT, EIGHT + 8_000], places: [11.1, 57.7, 11.2, 57.7] },
      { vehicleId: truck.vehicleId, times: [EIGHT + 19_000], places: [11.5, 57.8] },
    ]);
  });

  it('is read for every vehicle once, some at a time', async () => {
    let [open, most] = [0, 0];
    const told: number[] = [];
    await readTracks(
      Array.from({ length: 11 }, (_, n) => sampleId(n)),
      async (vehicleId) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open--;
        return { vehicleId, points: [] };
      },
      (tracks) => told.push(tracks.length),
    );
    expect(told).to.deep.equal([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(most).to.equal(4);
  });
});
