import { z } from 'zod';
import { WorkAnswer } from '../../stores/work/contract.ts';

/** One's own last action, and whether it can still be taken back. */
export const LastAction = z.strictObject({
  actionId: z.uuid().nullable(),
  /** The command's type. */
  kind: z.string().nullable(),
  at: z.iso.datetime().nullable(),
  /** A sentence; null = it can be taken back, as far as is known. */
  blocked: z.string().nullable(),
});
export type LastAction = z.infer<typeof LastAction>;

/** What taking it back has changed. */
export const Undone = z.strictObject({ actionId: z.uuid(), kind: z.string(), work: z.array(WorkAnswer) });
export type Undone = z.infer<typeof Undone>;
