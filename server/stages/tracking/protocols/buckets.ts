import { tokenBucket, type BucketSize, type TokenBucket } from '../../../platform/token-bucket.ts';

/** A token bucket for each of many keys. */
export interface Buckets {
  /** Takes one of this key's; false when there is none. */
  take(key: string): boolean;
  /** Whether this key's last `take` found none; nothing is taken. */
  isEmpty(key: string): boolean;
}

/** @param most keys are remembered, beyond that the one that was used longest ago is forgotten: memory is bounded */
export function buckets(size: BucketSize, most: number, now: () => number): Buckets {
  const known = new Map<string, TokenBucket>();
  return {
    take(key) {
      const bucket = known.get(key) ?? tokenBucket(size, now);
      // The last one used is the last one listed.
      known.delete(key);
      known.set(key, bucket);
      if (known.size > most) known.delete(known.keys().next().value!);
      return bucket.take();
    },
    isEmpty: (key) => known.get(key)?.overdrawn() ?? false,
  };
}
