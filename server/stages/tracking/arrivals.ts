import type { ChangeTools } from '../../platform/change.ts';
import type { Log } from '../../platform/log.ts';
import { AssignmentId } from '../../stores/assignments/contract.ts';
import { listTravelling } from '../../stores/assignments/field.ts';
import { metresBetween } from '../../stores/positions/distance.ts';
import type { Marker, VehicleMove } from '../../stores/positions/store.ts';
import { actAsSystem } from '../../stores/work/act.ts';

export interface FencePolicy {
  readonly radiusMetres: number;
  /** True: entering the fence is the arrival. False: it is a hint on the crew's screen, which asks the crew. */
  readonly stampsArrival: boolean;
}

/** Faster than this it is driving through. */
const STILL_MPS = 3;

/** Whether a vehicle has come to one of these places: inside the fence, and not driving past. */
export function hasArrived(
  position: Pick<Marker, 'lon' | 'lat' | 'speedMps'>,
  places: readonly { readonly lon: number; readonly lat: number }[],
  radiusMetres: number,
): boolean {
  if (position.speedMps !== null && position.speedMps > STILL_MPS) return false;
  return places.some((place) => metresBetween(position, place) <= radiusMetres);
}

/** Stamps the arrival of crews whose vehicle has entered the fence of what they drive to, where the policy says so. */
export async function stampArrivals(
  deps: { readonly tools: ChangeTools; readonly log: Log; readonly policy: () => FencePolicy },
  moves: readonly VehicleMove[],
): Promise<void> {
  const { stampsArrival, radiusMetres } = deps.policy();
  if (!stampsArrival) return;
  const byShift = new Map(moves.flatMap(({ shiftId, marker }) => (shiftId === null ? [] : [[shiftId, marker] as const])));
  for (const going of await listTravelling(deps.tools.db, [...byShift.keys()])) {
    const position = byShift.get(going.shiftId)!;
    if (!hasArrived(position, [going.place, going.roadPoint], radiusMetres)) continue;
    try {
      const assignmentId = AssignmentId.parse(going.assignmentId);
      await actAsSystem(deps.tools, { type: 'fence.arrive', assignmentId, at: position.time.toISOString() });
    } catch (error) {
      // The crew says so itself, or the next fix does.
      deps.log.warn({ err: error, assignment: going.assignmentId }, 'an arrival by fence could not be stamped');
    }
  }
}
