import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { inChange, type ChangeTools } from './change.ts';
import type { Change, NewEvent } from './events.ts';
import { Problem } from './problem.ts';

/** What a client wraps round everything it does. The same id again gets the same answer and no second effect. */
export const Envelope = z.strictObject({
  /** UUIDv7 made by the client. */
  actionId: z.uuid(),
  /** The device's own count of what it sent: its facts are taken in this order. */
  deviceSeq: z.int().min(0).optional(),
  /** When it happened, by the device's clock. */
  deviceTime: z.iso.datetime({ offset: true }).optional(),
  /** The device's clock when the request left: gives the offset of its clock. */
  sentAt: z.iso.datetime({ offset: true }).optional(),
});
export type Envelope = z.infer<typeof Envelope>;

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  /** It had been done before: this is the answer it got then. */
  readonly repeated: boolean;
}

/** Device time plus the offset of the device's clock, estimated from the request's own clock; `receivedAt` when it names no time. */
export function correctedTime(envelope: Envelope, receivedAt: Date): Date {
  if (envelope.deviceTime === undefined) return receivedAt;
  const offset = envelope.sentAt === undefined ? 0 : receivedAt.getTime() - Date.parse(envelope.sentAt);
  const corrected = Date.parse(envelope.deviceTime) + offset;
  // Nothing has happened after we heard of it.
  return new Date(Math.min(corrected, receivedAt.getTime()));
}

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, v]) => v !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, canonical(v)]),
  );
};

/** Actor, kind and body, whatever the order of the keys. */
export function fingerprint(actor: Actor, kind: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([actor.accountId, actor.deviceId, actor.caseId, kind, canonical(body)]))
    .digest('base64url');
}

interface ActionRow {
  id: string;
  fingerprint: string;
  status: number;
  answer: unknown;
}

/**
 * Does `work` once for one action id and remembers its answer in the same transaction, refusals (a thrown
 * Problem below 500) included: then nothing else is written. A concurrent duplicate waits and gets the first's answer.
 * @throws Problem 422 `action-reused` when the id came before with another body, actor or kind.
 */
export async function answerOnce(
  tools: ChangeTools,
  actor: Actor,
  envelope: Envelope,
  kind: string,
  body: unknown,
  work: (change: Change) => Promise<{ status: number; body: unknown }>,
): Promise<Answer> {
  const print = fingerprint(actor, kind, body);
  return inChange(
    tools,
    actor,
    async (change) => {
      const inserted = await change
        .tx('action')
        .insert({
          id: envelope.actionId,
          actor_device: actor.deviceId,
          actor_account: actor.accountId,
          actor_role: actor.role,
          kind,
          fingerprint: print,
          device_seq: envelope.deviceSeq ?? null,
          device_time: envelope.deviceTime ?? null,
          corrected_time: correctedTime(envelope, change.receivedAt),
          received_at: change.receivedAt,
          status: 0,
          answer: JSON.stringify(null),
        })
        .onConflict('id')
        .ignore()
        .returning<{ id: string }[]>('id');
      if (inserted.length === 0) {
        const before = await change
          .tx<ActionRow>('action')
          .where({ id: envelope.actionId })
          .first('fingerprint', 'status', 'answer');
        if (before?.fingerprint !== print) {
          throw new Problem(
            422,
            'action-reused',
            'This action id was used before for something else; make a new id for a new action.',
          );
        }
        return { status: before.status, body: before.answer, repeated: true };
      }
      const answer = await answerOrRefusal(change, work);
      await change
        .tx('action')
        .where({ id: envelope.actionId })
        .update({ status: answer.status, answer: JSON.stringify(answer.body ?? null) });
      return { ...answer, repeated: false };
    },
    { actionId: envelope.actionId },
  );
}

/** Runs the work behind a savepoint: a refusal leaves its answer and nothing else. */
async function answerOrRefusal(
  change: Change,
  work: (change: Change) => Promise<{ status: number; body: unknown }>,
): Promise<{ status: number; body: unknown }> {
  const events: NewEvent[] = [];
  try {
    const answer = await change.tx.transaction((savepoint) =>
      work({ ...change, tx: savepoint, emit: (event) => events.push(event) }),
    );
    for (const event of events) change.emit(event);
    return answer;
  } catch (error) {
    if (error instanceof Problem && error.status < 500) return { status: error.status, body: error.toJSON() };
    throw error;
  }
}
