import type { PackedPartition } from './partition.ts';
import type { RecombineLimits } from './recombine.ts';

/** What is asked of the recombiner thread: data only, so that it can be posted. */
export interface RecombineRequest {
  readonly id: number;
  readonly packed: PackedPartition;
  readonly limits: RecombineLimits;
  /** Milliseconds since 1970 by `performance`: the clocks of two threads begin at different moments. */
  readonly askedAt: number;
  /** One number in shared memory; not 0 = stop. */
  readonly stopFlag: Int32Array;
}

/** What the thread answers; routes are indices into the problem's. */
export type RecombineAnswer =
  | { readonly kind: 'better'; readonly id: number; readonly routes: Int32Array }
  | { readonly kind: 'done'; readonly id: number; readonly routes: Int32Array | null; readonly proven: boolean }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string; readonly stack: string };
