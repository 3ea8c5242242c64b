import { expect } from 'chai';
import { cachedRoads } from '../../../routing/roads/cached.ts';
import { estimate } from '../../../routing/roads/estimate.ts';
import { greatCircleMetres } from '../../../routing/units.ts';
import type { Snapshot, SnapshotShift } from '../../stores/plans/snapshot.ts';
import { outlineProblem } from './build-problem.ts';
import { aJob, anAssignment, aPolicy, aShift, aSnapshot, clock } from './fixtures.ts';
import { alongLeg, projectStarts } from './project-starts.ts';

const roads = cachedRoads(estimate({ factor: 1, metresPerSecond: 10, version: 'test' }), { maxPoints: 100 });
const policy = aPolicy({ positionFreshSeconds: 120 });
const WEST = { lon: -77.1, lat: 38.91 };
const project = (snapshot: Snapshot) => projectStarts(snapshot, policy, roads, new AbortController().signal);
const driving = (shift: Partial<SnapshotShift>, travellingAt: string, at = '08:00'): Snapshot =>
  aSnapshot({
    at: clock(at),
    shifts: [aShift(shift)],
    assignments: [anAssignment({ state: 'travelling', travellingAt: clock(travellingAt) })],
  });
/** What the plan says of the crew, and how far from the job it starts. */
const startOf = async (snapshot: Snapshot) => {
  const { starts, places, shifts } = outlineProblem(await project(snapshot), policy, clock('00:00'));
  const { source, ageSeconds } = starts[0]!;
  // The engine's seconds are whole, so a place is good to some metres.
  return { source, ageSeconds, metres: Math.round(greatCircleMetres(places[shifts[0]!.startNode]!, aJob().place) / 10) * 10 };
};

describe('where a crew is that has not been heard of', () => {
  const far = Math.round(greatCircleMetres(WEST, aJob().place) / 10) * 10;

  it('is its position while that is fresh', async () => {
    const fresh = driving({ position: { place: WEST, at: clock('07:58') } }, '07:50');
    expect(await startOf(fresh)).to.deep.equal({ source: 'live_position', ageSeconds: 120, metres: far });
  });
  it('is moved on along the planned way by the time that has gone by', async () => {
    const old = driving({ position: { place: WEST, at: clock('07:55') } }, '07:50');
    expect(await startOf(old)).to.deep.equal({ source: 'projected', ageSeconds: 300, metres: far - 3_000 });
  });
  it('counts from when it set out, if it was seen before', async () => {
    const old = driving({ position: { place: WEST, at: clock('07:40') } }, '07:56');
    expect(await startOf(old)).to.deep.equal({ source: 'projected', ageSeconds: 1_200, metres: far - 2_400 });
  });
  it('is no farther than the stop it drives to', async () => {
    const old = driving({ position: { place: WEST, at: clock('07:10') } }, '07:10');
    expect(await startOf(old)).to.deep.equal({ source: 'projected', ageSeconds: 3_000, metres: 0 });
  });
  it('begins at its last stop when that is newer, at the depot when nothing else is known', async () => {
    const lastStop = { place: WEST, at: clock('07:45') };
    const fromStop = driving({ lastStop, position: { place: aShift().startPlace, at: clock('07:20') } }, '07:55');
    expect(await startOf(fromStop)).to.deep.equal({ source: 'projected', ageSeconds: 900, metres: far - 3_000 });
    const fromDepot = await startOf(driving({}, '07:59'));
    const depot = greatCircleMetres(aShift().startPlace, aJob().place);
    expect(fromDepot).to.include({ source: 'projected', ageSeconds: 60 });
    expect(fromDepot.metres).to.be.closeTo(depot - 600, 10);
  });
  it('is left where the plan has it when it says nothing of driving', async () => {
    const shift = aShift({ position: { place: WEST, at: clock('07:10') }, lastStop: { place: WEST, at: clock('07:10') } });
    const waiting = aSnapshot({ shifts: [shift], assignments: [anAssignment({ state: 'dispatched' })] });
    expect(await project(waiting)).to.deep.equal(waiting);
    expect((await startOf(waiting)).source).to.equal('last_stop');
  });
  it('is left where the plan has it when no road is known', async () => {
    const old = driving({ position: { place: WEST, at: clock('07:10') } }, '07:10');
    const none = { path: () => Promise.reject(new Error('no way')) };
    expect(await projectStarts(old, policy, none, new AbortController().signal)).to.deep.equal(old);
  });
});

describe('a place along a leg', () => {
  const line = [WEST, { lon: -77.05, lat: 38.91 }, aJob().place];
  it('goes by the share of its time', () => {
    expect(alongLeg({ seconds: 100 as never, line }, 0)).to.deep.equal(WEST);
    expect(alongLeg({ seconds: 100 as never, line }, 500)).to.deep.equal(aJob().place);
    const half = alongLeg({ seconds: 100 as never, line }, 50);
    expect(greatCircleMetres(WEST, half)).to.be.closeTo(greatCircleMetres(WEST, aJob().place) / 2, 20);
  });
  it('of no time or no length is its end', () => {
    expect(alongLeg({ seconds: 0 as never, line }, 0)).to.deep.equal(aJob().place);
    expect(alongLeg({ seconds: 10 as never, line: [WEST, WEST] }, 5)).to.deep.equal(WEST);
  });
});
