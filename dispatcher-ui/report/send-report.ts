import type { CaseReceipt, ReportCase } from '../../server/stores/cases/contract.ts';
import { ApiProblem } from '../state/api.ts';
import type { Pending } from './draft.ts';

export type SendResult =
  | { readonly kind: 'sent'; readonly receipt: CaseReceipt }
  /** An earlier try had arrived after all: the receipt is for what was sent then. */
  | { readonly kind: 'sent-before'; readonly receipt: CaseReceipt }
  /** Nobody answered: the same is to be sent again. */
  | { readonly kind: 'waiting' }
  /** A new try needs a new key: the refusal is remembered under this one. */
  | { readonly kind: 'refused'; readonly problem: ApiProblem };

type Post = (body: ReportCase, key: string) => Promise<CaseReceipt>;

/**
 * Sends a report under its key. However often it is sent, and whatever was changed between two tries, it is one case:
 * when the key is known for what was written first, that is what has arrived.
 */
export async function sendReport(pending: Pending, body: ReportCase, post: Post): Promise<SendResult> {
  try {
    return { kind: 'sent', receipt: await post(body, pending.key) };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    if (isPassing(error)) return { kind: 'waiting' };
    if (error.type !== 'action-reused') return { kind: 'refused', problem: error };
  }
  try {
    return { kind: 'sent-before', receipt: await post(pending.body, pending.key) };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return isPassing(error) ? { kind: 'waiting' } : { kind: 'refused', problem: error };
  }
}

/** A failure of the server's own is not an answer either: nothing was kept under the key. */
const isPassing = (problem: ApiProblem): boolean => problem.passing || problem.status >= 500;

const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 30_000;

/** How long to wait before the next try. */
export const pauseBefore = (attempt: number): number => Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
