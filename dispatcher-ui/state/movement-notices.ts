import type { EventView } from '../../server/stores/events/contract.ts';
import type { Notice } from './desk-state.ts';

/** Of what vehicles are seen to do, what the desk is told without looking: somebody may have to act. */
const TOLD: Readonly<Record<string, { readonly word: string; readonly tone: Notice['tone'] }>> = {
  'movement.panic': { word: 'movement.notice.panic', tone: 'error' },
  'movement.silent': { word: 'movement.notice.silent', tone: 'warning' },
  'movement.long_stop': { word: 'movement.notice.long_stop', tone: 'warning' },
  'movement.off_way': { word: 'movement.notice.off_way', tone: 'warning' },
  'movement.speeding': { word: 'movement.notice.speeding', tone: 'warning' },
};

/**
 * The notice these events are worth, or null. An alarm goes before all else; anything else never takes the place of what somebody
 * at this desk may still want to take back or try again.
 * @param crewOf the name of a shift's crew
 */
export function movementNotice(
  events: readonly Pick<EventView, 'type' | 'shiftId'>[],
  shown: Notice | null,
  crewOf: (shiftId: string) => string | undefined,
): Omit<Notice, 'id'> | null {
  const told = events.filter(({ type }) => type in TOLD);
  const alarm = told.findLast(({ type }) => type === 'movement.panic');
  const newest = alarm ?? told.at(-1);
  if (newest === undefined) return null;
  if (alarm === undefined && shown !== null && (shown.undo !== null || shown.retry !== null || shown.tone === 'error'))
    return null;
  const crew = newest.shiftId === null ? undefined : crewOf(newest.shiftId);
  if (crew === undefined) return null;
  return { ...TOLD[newest.type]!, params: { crew }, detail: null, undo: null, retry: null };
}
