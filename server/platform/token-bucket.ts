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
export const tokenBucket = (size: BucketSize, now: () => number): TokenBucket => new Bucket(size, now);

/** A class, not two closures: each of ten thousand sockets has one. */
class Bucket implements TokenBucket {
  private readonly size: BucketSize;
  private readonly now: () => number;
  private left: number;
  private at: number;
  private refused = false;

  constructor(size: BucketSize, now: () => number) {
    this.size = size;
    this.now = now;
    this.left = size.burst;
    this.at = now();
  }

  take(): boolean {
    const present = this.now();
    this.left = Math.min(this.size.burst, this.left + ((present - this.at) / 1000) * this.size.perSecond);
    this.at = present;
    this.refused = this.left < 1;
    if (!this.refused) this.left -= 1;
    return !this.refused;
  }

  overdrawn(): boolean {
    return this.refused;
  }
}
