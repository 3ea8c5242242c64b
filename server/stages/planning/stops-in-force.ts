import type { InForce } from '../../../routing/problem.ts';
import { seconds, type Seconds } from '../../../routing/units.ts';
import type { AssignmentState } from '../../stores/assignments/contract.ts';
import type { SnapshotAssignment, SnapshotJob } from '../../stores/plans/snapshot.ts';
import type { PlanningPolicy } from './planning-policy.ts';

/** Whole seconds after the start of the service day. */
export type At = (time: Date) => Seconds;

/** Who comes first among the stops that the plan must leave where they are. */
const RANK: Readonly<Partial<Record<AssignmentState, number>>> = {
  working: 0,
  on_site: 1,
  travelling: 2,
  paused: 3,
  accepted: 4,
  dispatched: 4,
};
/** The crew is at the stop. */
export const AT_WORK: readonly AssignmentState[] = ['working', 'on_site', 'paused'];

/** The stops of a shift as its crew does them: what is under way, what has been sent, what is planned. */
export function stopsInOrder(assignments: readonly SnapshotAssignment[]): SnapshotAssignment[] {
  const rank = (a: SnapshotAssignment): number => RANK[a.state] ?? 9;
  return [...assignments].sort((a, b) => rank(a) - rank(b) || a.position - b.position || (a.id < b.id ? -1 : 1));
}

/** Whoever meets a crew of another day keeps the agreed time: nobody moves half of them. */
export function inForceOf(
  a: SnapshotAssignment,
  shift: number,
  order: readonly SnapshotAssignment[],
  meetsOtherDay: boolean,
  at: At,
  now: Seconds,
): InForce {
  const position = order.indexOf(a);
  const fixed = a.state !== 'planned';
  const before = order.slice(0, position).findLast((other) => other.plannedStart !== null);
  const start = a.plannedStart ?? before?.plannedStart ?? null;
  return {
    shift,
    position,
    start: start === null ? now : at(start),
    fixed,
    started: fixed && AT_WORK.includes(a.state) && position === 0,
    lockCrew: a.lockCrew || meetsOtherDay,
    lockTime: a.plannedStart !== null && (a.lockTime || meetsOtherDay),
    lockOrder: a.lockOrder,
    promised: a.promised === null ? null : { from: at(a.promised.from), until: at(a.promised.until) },
  };
}

/** Work that is left, as far as is known: what it should take less what it has taken. */
export function serviceLeft(job: SnapshotJob, a: SnapshotAssignment, now: Date, policy: PlanningPolicy): Seconds {
  const present = a.workingSince === null ? 0 : Math.max(0, Math.floor((now.getTime() - a.workingSince.getTime()) / 1000));
  const worked = (a.workedSeconds ?? 0) + present;
  return worked === 0 ? seconds(job.serviceSeconds) : seconds(Math.max(policy.leastServiceSeconds, job.serviceSeconds - worked));
}

/**
 * When a crew that has been sent to meet another one begins at the earliest: as was agreed, though it may be there before. null
 * for whoever meets nobody, and as soon as one of them has begun.
 */
export function agreedStart(a: SnapshotAssignment | undefined, all: readonly SnapshotAssignment[], at: At): Seconds | null {
  if (a === undefined || a.plannedStart === null || a.state === 'planned') return null;
  const meeting = all.filter(({ jobId }) => jobId === a.jobId);
  return meeting.length > 1 && meeting.every(({ state }) => !AT_WORK.includes(state)) ? at(a.plannedStart) : null;
}
