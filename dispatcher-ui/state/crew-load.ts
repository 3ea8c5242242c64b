import type { DispatcherShift } from '../../server/stores/crews/contract.ts';
import { isHeld, isUnderWay, type DeskAssignment, type DeskJob } from './desk-job.ts';
import type { VehicleSpot } from './vehicle-spot.ts';

/** One assignment of a shift with its job. */
export interface CrewStopSeen {
  readonly assignment: DeskAssignment;
  readonly job: DeskJob;
}

/** What the shifts hold or have done, in the order of their stops. */
export function stopsByShift(jobs: ReadonlyMap<string, DeskJob>): ReadonlyMap<string, readonly CrewStopSeen[]> {
  const stops = new Map<string, CrewStopSeen[]>();
  for (const job of jobs.values()) {
    for (const assignment of job.assignments) {
      const done = assignment.state === 'completed' || assignment.state === 'cannot_complete';
      if (!done && !isHeld(assignment)) continue;
      const of = stops.get(assignment.shiftId);
      if (of === undefined) stops.set(assignment.shiftId, [{ assignment, job }]);
      else of.push({ assignment, job });
    }
  }
  for (const of of stops.values()) of.sort((a, b) => a.assignment.position - b.assignment.position);
  return stops;
}

export type CrewState = 'not_on' | 'free' | 'on_the_way' | 'on_site' | 'ended';

export interface CrewSeen {
  readonly shift: DispatcherShift;
  readonly state: CrewState;
  /** Whether its place is known now; a crew that is not on duty owes none. */
  readonly signal: 'fresh' | 'lost' | 'not_due';
  readonly stops: readonly CrewStopSeen[];
  readonly open: number;
  readonly done: number;
  /** Done and open work as a share of the shift, 0 to 1 and above. */
  readonly load: number;
  readonly next: CrewStopSeen | null;
  /** Of the last fix; null: none today. */
  readonly ageSeconds: number | null;
  /** Who says where it is: crew_phone, tracker. */
  readonly source: string | null;
}

/** A crew as the list of crews shows it. */
export function seeCrew(
  shift: DispatcherShift,
  stops: readonly CrewStopSeen[],
  position: VehicleSpot | undefined,
  nowMs: number,
  freshSeconds: number,
): CrewSeen {
  const open = stops.filter(({ assignment }) => isHeld(assignment));
  const done = stops.length - open.length;
  const current = open.find(({ assignment }) => isUnderWay(assignment));
  const ageSeconds = position === undefined ? null : Math.max(0, (nowMs - position.fixAtMs) / 1000);
  const lengthSeconds = (Date.parse(shift.until) - Date.parse(shift.from)) / 1000;
  const workSeconds = stops.reduce((sum, { job }) => sum + job.serviceSeconds, 0);
  return {
    shift,
    state: stateOf(shift, current),
    signal: shift.state !== 'on_duty' ? 'not_due' : ageSeconds === null || ageSeconds > freshSeconds ? 'lost' : 'fresh',
    stops,
    open: open.length,
    done,
    load: lengthSeconds > 0 ? workSeconds / lengthSeconds : 0,
    next: current ?? open[0] ?? null,
    ageSeconds,
    source: position?.source ?? null,
  };
}

function stateOf(shift: DispatcherShift, current: CrewStopSeen | undefined): CrewState {
  if (shift.state === 'ended') return 'ended';
  if (shift.state === 'scheduled') return 'not_on';
  if (current === undefined) return 'free';
  return current.assignment.state === 'travelling' ? 'on_the_way' : 'on_site';
}

/** The vehicle's id of a shift: the member of that kind who is in it now, else the last. */
export function vehicleOf(shift: DispatcherShift, nowMs: number): { readonly id: string; readonly code: string } | null {
  const vehicles = shift.members.filter(({ kind }) => kind === 'vehicle');
  const present = vehicles.find(({ from, until }) => Date.parse(from) <= nowMs && nowMs < Date.parse(until)) ?? vehicles.at(-1);
  return present === undefined ? null : { id: present.resourceId, code: present.code };
}
