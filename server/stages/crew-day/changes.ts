import type { RecordedEvent } from '../../platform/deliveries.ts';
import type { DayChanges } from './contract.ts';

/**
 * What happened to the order of a shift's stops after the version its crew has seen.
 * @param events of the shift, in order, from any seq at or before the event of that version.
 * @param present the assignments that are stops now.
 */
export function changesSince(
  acknowledged: number,
  events: readonly RecordedEvent[],
  present: readonly DayChanges['added'][number][],
): DayChanges {
  if (acknowledged === 0) return { since: 0, added: [...present], moved: [], removed: [] };
  // `shift.order_changed` comes after the changes it stands for, in the same transaction.
  const seen = events.findLastIndex((e) => e.type === 'shift.order_changed' && Number(e.body['orderVersion']) <= acknowledged);
  const known = new Set<string>();
  const planned = new Set<string>();
  const moved = new Set<string>();
  const changed = new Set<string>();
  events.forEach((event, i) => {
    const id = event.assignmentId;
    if (id === null) return;
    if (i <= seen) {
      known.add(id);
      return;
    }
    if (event.type === 'assignment.planned') planned.add(id);
    else if (event.type === 'assignment.moved') moved.add(id);
    else if (event.type === 'assignment.state_changed' || event.type === 'assignment.changed') changed.add(id);
  });
  const there = new Set<string>(present);
  const added = present.filter((id) => (planned.has(id) || moved.has(id)) && !known.has(id));
  return {
    since: acknowledged,
    added,
    moved: present.filter((id) => moved.has(id) && !added.includes(id)),
    removed: [...known].filter((id) => !there.has(id) && (moved.has(id) || changed.has(id))) as DayChanges['removed'],
  };
}
