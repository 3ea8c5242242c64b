import { z } from 'zod';
import { CaseId } from '../cases/contract.ts';

export const NotificationChannel = z.enum(['page', 'mail', 'text', 'webhook']);
export type NotificationChannel = z.infer<typeof NotificationChannel>;

/** What we say, as a key for a translation; what it needs to say stands in `params`. */
export const NOTICES = [
  'notice.scheduled',
  'notice.in_progress',
  'notice.on_hold',
  'notice.resolved',
  'notice.resolved_being_confirmed',
  'notice.resolved_confirmed',
  'notice.resolved_unverified',
  'notice.no_action',
  'notice.duplicate',
  'notice.referred',
  'notice.cancelled',
  'notice.reopened',
  'notice.back_in_line',
] as const;
export const Notice = z.enum(NOTICES);
export type Notice = z.infer<typeof Notice>;

/** One thing said to one reporter. `shown` on the page; `waiting` until a mail or text service takes it. */
export const Notification = z.strictObject({
  id: z.uuid(),
  caseId: CaseId,
  /** The event it tells of: it is told once a channel. */
  eventSeq: z.int(),
  channel: NotificationChannel,
  message: Notice,
  /** Numbers, codes and times; nobody's name, address or words. */
  params: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  madeAt: z.iso.datetime(),
  state: z.enum(['shown', 'waiting', 'sent', 'failed']),
});
export type Notification = z.infer<typeof Notification>;
