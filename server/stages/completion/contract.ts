import { z } from 'zod';
import { FieldFact } from '../../stores/work/contract.ts';

/** What a client wraps round a fact (`platform/action.ts` says what each means). */
export const FieldEnvelope = z.strictObject({
  actionId: z.uuid(),
  deviceSeq: z.int().min(0).optional(),
  deviceTime: z.iso.datetime({ offset: true }).optional(),
  sentAt: z.iso.datetime({ offset: true }).optional(),
});

/** What happened in the field: POST /api/field, or `fact` on the socket. */
export const FieldReport = z.strictObject({ envelope: FieldEnvelope, command: FieldFact });
export type FieldReport = z.infer<typeof FieldReport>;

/** The answer to one fact: the new state and version, or the problem; the same again when it is sent again. */
export interface FieldAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly repeated: boolean;
}

/** A phone that was offline sends what it has kept: POST /api/field/batch. Taken in device_seq order, whatever the order here. */
export const FieldBatch = z.strictObject({ reports: z.array(FieldReport).min(1).max(200) });
export type FieldBatch = z.infer<typeof FieldBatch>;

/** One answer a report, in the order they were sent; a refusal of one does not stop the others. */
export const FieldBatchAnswer = z.strictObject({
  answers: z.array(z.strictObject({ actionId: z.uuid(), status: z.int(), repeated: z.boolean(), body: z.unknown() })),
});
export type FieldBatchAnswer = z.infer<typeof FieldBatchAnswer>;
