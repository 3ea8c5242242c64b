import type { Db } from '../../../db/knex.ts';
import { Notification, type NotificationChannel } from './contract.ts';

/** Writes what is said; a case is told of an event once a channel, whoever says it again. Returns how many are new. */
export async function insertNotifications(tx: Db, notifications: readonly Notification[]): Promise<number> {
  if (notifications.length === 0) return 0;
  const rows = await tx('notification')
    .insert(
      notifications.map((n) => ({
        id: n.id,
        case_id: n.caseId,
        event_seq: n.eventSeq,
        channel: n.channel,
        message: n.message,
        params: JSON.stringify(n.params),
        made_at: n.madeAt,
        state: n.state,
      })),
    )
    .onConflict(['case_id', 'event_seq', 'channel'])
    .ignore()
    .returning<{ id: string }[]>('id');
  return rows.length;
}

interface Row {
  id: string;
  case_id: string;
  event_seq: number;
  channel: string;
  message: string;
  params: unknown;
  made_at: Date;
  state: string;
}

/** What a case's reporter was told by one channel, oldest first. */
export async function listNotifications(db: Db, caseId: string, channel: NotificationChannel): Promise<Notification[]> {
  const rows = await db<Row>('notification').where({ case_id: caseId, channel }).orderBy('event_seq');
  return rows.map((row) =>
    Notification.parse({
      id: row.id,
      caseId: row.case_id,
      eventSeq: row.event_seq,
      channel: row.channel,
      message: row.message,
      params: row.params,
      madeAt: row.made_at.toISOString(),
      state: row.state,
    }),
  );
}

/** By what a reporter can be reached, besides the page. Says that an address exists, never which: it reads no personal data. */
export async function listChannels(db: Db, contactId: string): Promise<NotificationChannel[]> {
  const row = await db('private.contact')
    .where({ id: contactId })
    .whereNull('erased_at')
    .first<{ mail: boolean; text: boolean } | undefined>(
      db.raw('email is not null as mail'),
      db.raw('phone is not null as text'),
    );
  return row ? [...(row.mail ? (['mail'] as const) : []), ...(row.text ? (['text'] as const) : [])] : [];
}
