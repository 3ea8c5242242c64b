import type { CachedRoads } from '../../../routing/roads/cached.ts';
import type { RoadLeg } from '../../../routing/roads/road-network.ts';
import { greatCircleMetres, type LonLat } from '../../../routing/units.ts';
import type { Snapshot, SnapshotAssignment, SnapshotShift } from '../../stores/plans/snapshot.ts';
import type { PlanningPolicy } from './planning-policy.ts';
import { stopsInOrder } from './stops-in-force.ts';

const MOST_AT_ONCE = 8;

/**
 * The snapshot with where crews should be by now that drive and have not been heard of for longer than the policy says: moved on
 * from where they were known along the planned way by the time that has gone by, and no farther than the stop they drive to.
 * Whoever says nothing of driving is left where the plan has him. A way that the road engine does not know changes nothing.
 */
export async function projectStarts(
  snapshot: Snapshot,
  policy: Pick<PlanningPolicy, 'positionFreshSeconds'>,
  roads: Pick<CachedRoads, 'path'>,
  signal: AbortSignal,
): Promise<Snapshot> {
  const jobs = new Map<string, LonLat>(snapshot.jobs.map(({ id, place }) => [id, place]));
  const project = async (shift: SnapshotShift): Promise<SnapshotShift> => {
    const [first] = stopsInOrder(snapshot.assignments.filter((a) => a.shiftId === shift.id && jobs.has(a.jobId)));
    const to = first?.state === 'travelling' ? jobs.get(first.jobId) : undefined;
    if (first === undefined || to === undefined || isFresh(shift, snapshot.at, policy)) return shift;
    const known = lastKnown(shift, first);
    const left = Math.max(0, (snapshot.at.getTime() - known.leftAt.getTime()) / 1000);
    try {
      const path = await roads.path([known.place, to], signal);
      const place = alongLeg(path.legs[0]!, left);
      return { ...shift, projected: { place, knownAt: known.at } };
    } catch (error) {
      if (signal.aborted) throw error;
      return shift;
    }
  };
  const shifts: SnapshotShift[] = [];
  for (let k = 0; k < snapshot.shifts.length; k += MOST_AT_ONCE) {
    shifts.push(...(await Promise.all(snapshot.shifts.slice(k, k + MOST_AT_ONCE).map(project))));
  }
  return { ...snapshot, shifts };
}

const isFresh = (shift: SnapshotShift, now: Date, policy: Pick<PlanningPolicy, 'positionFreshSeconds'>): boolean =>
  shift.position !== null && now.getTime() - shift.position.at.getTime() <= policy.positionFreshSeconds * 1000;

/** Where a crew that drives was known last, when that was, and when it left from there. */
function lastKnown(shift: SnapshotShift, first: SnapshotAssignment): { place: LonLat; at: Date; leftAt: Date } {
  const places = [shift.position, shift.lastStop].filter((one) => one !== null);
  const newest = places.reduce((a, b) => (b.at > a.at ? b : a), { place: shift.startPlace, at: new Date(0) });
  const setOut = first.travellingAt ?? newest.at;
  // A position from before it set out: it stood there until then.
  return { ...newest, at: newest.at.getTime() === 0 ? setOut : newest.at, leftAt: newest.at > setOut ? newest.at : setOut };
}

/** Where one is on a leg after so many seconds at its mean speed; its end when there is more time than way. */
export function alongLeg(leg: Pick<RoadLeg, 'seconds' | 'line'>, seconds: number): LonLat {
  const { line } = leg;
  const run = [0];
  for (let i = 1; i < line.length; i++) run.push(run[i - 1]! + greatCircleMetres(line[i - 1]!, line[i]!));
  const share = leg.seconds <= 0 ? 1 : Math.min(1, Math.max(0, seconds / leg.seconds));
  const driven = share * run.at(-1)!;
  const next = run.findIndex((metres) => metres >= driven);
  const [a, b] = [line[Math.max(0, next - 1)]!, line[Math.max(0, next)]!];
  const length = run[Math.max(0, next)]! - run[Math.max(0, next - 1)]!;
  const part = length <= 0 ? 1 : (driven - run[Math.max(0, next - 1)]!) / length;
  return { lon: a.lon + (b.lon - a.lon) * part, lat: a.lat + (b.lat - a.lat) * part };
}
