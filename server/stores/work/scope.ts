import type { Change } from '../../platform/events.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { covers, reachOf } from '../../platform/reach.ts';
import { deviceBelongsToShift } from '../crews/store.ts';
import type { Job } from '../jobs/contract.ts';

/** Cases and jobs have areas; shifts have only an organisation, so the scope `area` is their organisation. */
export interface Thing {
  readonly organisationId: string;
  readonly areaIds?: readonly string[];
}

/** @throws Problem 403 `out-of-scope` unless all of these lie within what the actor may change. */
export function requireReach(change: Change, scope: Scope, things: Iterable<Thing>): void {
  const reach = reachOf(change.actor, scope);
  for (const thing of things) {
    if (!covers(reach, thing)) {
      throw new Problem(403, 'out-of-scope', 'This belongs to an organisation or area that you may not change.');
    }
  }
}

/** Whether the acting device is, or was during that shift, bound to a vehicle of it. */
export async function isOwnShift(change: Change, shiftId: string): Promise<boolean> {
  const { deviceId } = change.actor;
  return deviceId !== null && (await deviceBelongsToShift(change.tx, deviceId, shiftId));
}

/** @throws Problem 409 `stale-version` with the present state. */
export function requireVersion(
  what: string,
  present: { readonly version: number },
  seen: number | undefined,
  show: unknown,
): void {
  if (seen === undefined || seen === present.version) return;
  throw new Problem(409, 'stale-version', `The ${what} has changed since you looked; look at it again.`, { present: show });
}

/** @throws Problem 404 when nothing has this id. */
export function required<T>(row: T | undefined, what: 'case' | 'job' | 'assignment' | 'shift', id: string): T {
  if (row === undefined) throw new Problem(404, `no-such-${what}`, `There is no ${what} with the id ${id}.`);
  return row;
}

/** A job as a refusal shows it: answers are kept with their action, so nobody's words are in them. */
export function seenJob(job: Job): Omit<Job, 'decidedReason'> {
  const { decidedReason, ...seen } = job;
  void decidedReason;
  return seen;
}
