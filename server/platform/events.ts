import type { Db } from '../../db/knex.ts';
import type { Actor } from './actor.ts';
import type { IdMaker } from './ids.ts';

/** The references an event may carry; ids, states and codes only, never names or free text. */
export interface EventReferences {
  readonly actionId?: string | null;
  readonly caseId?: string | null;
  readonly jobId?: string | null;
  readonly assignmentId?: string | null;
  readonly shiftId?: string | null;
  readonly planId?: string | null;
  readonly organisationId?: string | null;
  readonly configVersionId?: string | null;
}

/** Something that became true. `at` is when it did, in city time; left out, it is the change's own time. */
export interface NewEvent extends EventReferences {
  readonly type: string;
  readonly at?: Date;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A reader of events: which types it takes, and by what their order is kept (case, job, shift or plan id). */
export interface ReaderRegistration {
  readonly reader: string;
  takes(event: NewEvent): boolean;
  key(event: NewEvent): string;
}

/**
 * One transaction that changes state. `tx` is the only query handle in scope; `emit` collects events, which
 * are written as the last statement before commit (the gapless counter is held only that long).
 */
export interface Change {
  readonly tx: Db;
  readonly actor: Actor;
  readonly ids: IdMaker;
  /** City time of the change. */
  readonly now: Date;
  /** When the server had the message, by the city clock. */
  readonly receivedAt: Date;
  readonly actionId: string | null;
  emit(event: NewEvent): void;
}

/**
 * Writes the events of one transaction; must be its last statement.
 * @returns the seq of the first one, or null when there were none.
 */
export async function recordEvents(
  change: Pick<Change, 'tx' | 'actor' | 'now' | 'receivedAt' | 'actionId'>,
  events: readonly NewEvent[],
  readers: readonly ReaderRegistration[],
): Promise<number | null> {
  if (events.length === 0) return null;
  const rows = events.map((event) => ({
    ...event,
    at: (event.at ?? change.now).toISOString(),
    receivedAt: change.receivedAt.toISOString(),
    actorDevice: change.actor.deviceId,
    actorAccount: change.actor.accountId,
    actorRole: change.actor.role,
    actionId: event.actionId ?? change.actionId,
    readers: readers.filter((r) => r.takes(event)).map((r) => ({ reader: r.reader, key: r.key(event) })),
  }));
  const answer = await change.tx.raw<{ rows: { first_seq: string | number }[] }>('select record_events(?::jsonb) as first_seq', [
    JSON.stringify(rows),
  ]);
  return Number(answer.rows[0]!.first_seq);
}
