import type { CaseState } from '../../stores/cases/contract.ts';
import type { Notice } from '../../stores/notifications/contract.ts';

/** What a change of a case's state says to its reporter. */
export interface CaseChange {
  readonly from: CaseState;
  readonly to: CaseState;
  /** The work is done as the crew says, and its visit is not confirmed yet. */
  readonly beingConfirmed: boolean;
}

/**
 * The message a change of state deserves; null = none: plans move work about all day, and a reporter is told what
 * changes for the reporter. Pure.
 */
export function noticeOf(change: CaseChange): Notice | null {
  switch (change.to) {
    case 'received':
      return null;
    case 'triaged':
      // Work that had begun or ended and now waits again: not done after all.
      return change.from === 'in_progress' || isEnd(change.from) ? 'notice.back_in_line' : null;
    case 'scheduled':
      return change.from === 'in_progress' ? 'notice.back_in_line' : 'notice.scheduled';
    case 'in_progress':
      return 'notice.in_progress';
    case 'on_hold':
      return 'notice.on_hold';
    case 'resolved':
      if (change.beingConfirmed) return 'notice.resolved_being_confirmed';
      return change.from === 'resolved_unverified' ? 'notice.resolved_confirmed' : 'notice.resolved';
    case 'resolved_unverified':
      return 'notice.resolved_unverified';
    case 'duplicate':
      return 'notice.duplicate';
    case 'referred':
      return 'notice.referred';
    case 'no_action':
      return 'notice.no_action';
    case 'cancelled':
      return 'notice.cancelled';
    case 'reopened':
      return 'notice.reopened';
    default:
      return change.to satisfies never;
  }
}

const isEnd = (state: CaseState): boolean =>
  ['resolved', 'resolved_unverified', 'no_action', 'referred', 'duplicate', 'cancelled'].includes(state);

/** Worth a mail or a text, besides the page: that it is done, will not be done, or is open again. */
export const isWorthAMail = (notice: Notice): boolean =>
  notice !== 'notice.scheduled' && notice !== 'notice.in_progress' && notice !== 'notice.back_in_line';
