export interface BucketSize {
  readonly burst: number;
  readonly perSecond: number;
}

export interface TokenBucket {
  /** Takes one; false when there is none. */
  take(): boolean;
  /** The last `take` found none. */
  overdrawn(): boolean;
}

/** Refills evenly with the time (milliseconds) that `now` tells. */
export function tokenBucket(size: BucketSize, now: () => number): TokenBucket {
  let left = size.burst;
  let at = now();
  let refused = false;
  return {
    take() {
      const present = now();
      left = Math.min(size.burst, left + ((present - at) / 1000) * size.perSecond);
      at = present;
      refused = left < 1;
      if (!refused) left -= 1;
      return !refused;
    },
    overdrawn: () => refused,
  };
}
