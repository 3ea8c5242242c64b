import type { Change, NewEvent } from '../../platform/events.ts';
import type { Reader, RecordedEvent } from '../../platform/deliveries.ts';
import { CaseState, type Case } from '../../stores/cases/contract.ts';
import { findCase } from '../../stores/cases/store.ts';
import type { Notice, Notification } from '../../stores/notifications/contract.ts';
import { insertNotifications, listChannels, listNotifications } from '../../stores/notifications/store.ts';
import { isWorthAMail, noticeOf } from './notices.ts';

/**
 * The reader of events that tells reporters. It writes what is said; a page shows it, and mails and texts wait for a
 * service that takes them. Safe to run twice: a case is told of one event once.
 */
export const notificationReader: Reader = {
  reader: 'notification',
  takes: (event) => noticeFor(event) !== null,
  key: (event) => event.caseId ?? NOTHING,
  async handle(change, event) {
    const notice = noticeFor(event);
    const told = event.caseId === null ? undefined : await findCase(change.tx, event.caseId);
    if (notice === null || told === undefined) return;
    // A replan takes work off and puts it back; what was said last is not said again.
    const last = (await listNotifications(change.tx, told.id, 'page')).at(-1);
    if (last?.message !== notice) await tell(change, event, told, notice);
  },
};

/** Unused in practice: every event it takes names its case. */
const NOTHING = '00000000-0000-0000-0000-000000000000';

function noticeFor(event: Pick<NewEvent, 'type' | 'body'>): Notice | null {
  // The visit was seen on the track: resolved it was and stays, but no longer "being confirmed".
  if (event.type === 'case.updated') return event.body['why'] === 'confirmed' ? 'notice.resolved_confirmed' : null;
  if (event.type !== 'case.state_changed') return null;
  const from = CaseState.safeParse(event.body['from']);
  const to = CaseState.safeParse(event.body['to']);
  if (!from.success || !to.success) return null;
  return noticeOf({ from: from.data, to: to.data, beingConfirmed: event.body['beingConfirmed'] === true });
}

async function tell(change: Change, event: RecordedEvent, told: Case, message: Notice): Promise<void> {
  const also = told.contactId === null || !isWorthAMail(message) ? [] : await listChannels(change.tx, told.contactId);
  const notifications = (['page', ...also] as const).map((channel): Notification => ({
    id: change.ids.next(change.now),
    caseId: told.id,
    eventSeq: event.seq,
    channel,
    message,
    params: { number: told.number, serviceType: told.serviceType, dueAt: told.dueAt },
    madeAt: event.at.toISOString(),
    state: channel === 'page' ? 'shown' : 'waiting',
  }));
  await insertNotifications(change.tx, notifications);
}
