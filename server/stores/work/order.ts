import { isActive } from '../assignments/contract.ts';
import type { AssignmentRecord } from '../assignments/store.ts';
import { Problem } from '../../platform/problem.ts';
import { changePosition, type Desk } from './desk.ts';

/** The active stops of a shift that is held whole, in their order. */
export const stopsOf = (desk: Desk, shiftId: string): AssignmentRecord[] =>
  [...desk.assignments.values()]
    .filter((a) => a.shiftId === shiftId && isActive(a))
    .sort((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));

/** A position after everything the shift has ever had. */
export const endPosition = (desk: Desk, shiftId: string): number =>
  Math.max(-1, ...[...desk.assignments.values()].filter((a) => a.shiftId === shiftId).map((a) => a.position)) + 1;

/**
 * Puts an active stop of the shift before another one, or at the end, moving as few others as it takes.
 * @throws Problem 409 `not-in-order` when `before` is not an active stop of this shift.
 */
export function placeStop(desk: Desk, id: string, shiftId: string, before: string | undefined): void {
  const others = stopsOf(desk, shiftId).filter((a) => a.id !== id);
  const index = before === undefined ? others.length : others.findIndex((a) => a.id === before);
  if (index < 0)
    throw new Problem(409, 'not-in-order', 'The stop it should come before is not (any more) in the order of this shift.');
  setOrder(desk, [...others.slice(0, index).map((a) => a.id), id, ...others.slice(index).map((a) => a.id)]);
}

/** Gives stops rising positions in this order; those that rise already keep theirs. Returns whether any changed. */
export function setOrder(desk: Desk, ids: readonly string[]): boolean {
  let last = -1;
  let changed = false;
  for (const id of ids) {
    const { position } = desk.assignments.get(id)!;
    if (position > last) {
      last = position;
      continue;
    }
    changePosition(desk, id, ++last);
    changed = true;
  }
  return changed;
}

/**
 * The order of a shift under a new plan. `wanted`: the plan's place for each stop it names, counted over all stops it
 * knew; the places between belong to those that are with the crew already. What the plan does not know comes in by
 * its planned start; without one, work the crew has been told of comes first and other work last.
 */
export function mergeOrder(stops: readonly AssignmentRecord[], wanted: ReadonlyMap<string, number>): string[] {
  const named = stops.filter((a) => wanted.has(a.id)).sort((a, b) => wanted.get(a.id)! - wanted.get(b.id)!);
  const told = stops.filter((a) => !wanted.has(a.id) && a.state !== 'planned');
  const order: AssignmentRecord[] = [];
  for (const a of named) {
    while (order.length < wanted.get(a.id)! && told.length > 0) order.push(told.shift()!);
    order.push(a);
  }
  const untimed = told.filter((a) => a.plannedStart === null);
  order.unshift(...untimed);
  const rest = [
    ...told.filter((a) => a.plannedStart !== null),
    ...stops.filter((a) => !wanted.has(a.id) && a.state === 'planned'),
  ];
  for (const a of rest) {
    const { plannedStart } = a;
    const index =
      plannedStart === null
        ? -1
        : order.findIndex((o, i) => i >= untimed.length && (o.plannedStart === null || o.plannedStart > plannedStart));
    if (index < 0) order.push(a);
    else order.splice(index, 0, a);
  }
  return order.map((a) => a.id);
}
