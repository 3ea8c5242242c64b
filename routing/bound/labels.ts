/** Of a cut that is counted: its jobs, of the instance, and its price. */
export interface PricedCut {
  readonly jobs: readonly [number, number, number];
  readonly price: number;
}

const FIRST_CAPACITY = 1 << 14;
export const CUTS_A_WORD = 31;
/** Words of cuts a label has; what does not fit is not charged, which keeps a bound valid. */
export const CUT_WORDS = 8;

/** Labels of pricing: beginnings of routes, in flat arrays. */
export class Labels {
  count = 0;
  capacity = 0;
  /** Layer times jobs plus place of the last job. */
  node = new Int32Array(0);
  /** Start of the last job. */
  time = new Int32Array(0);
  cost = new Float64Array(0);
  /** With the least that can follow. */
  least = new Float64Array(0);
  load = new Float64Array(0);
  /** Jobs that are remembered, bits of the last job's neighbourhood. */
  seen = new Int32Array(0);
  before = new Int32Array(0);
  beaten = new Uint8Array(0);
  /** Jobs of each cut visited so far, odd = 1; `words` a label. */
  odd = new Int32Array(0);
  words = 0;

  private readonly most: number;

  constructor(most: number) {
    this.most = most;
  }

  clear(words: number): void {
    this.count = 0;
    if (words !== this.words) {
      this.words = words;
      this.odd = new Int32Array(this.capacity * words);
    }
  }

  /** Room for one more; false when there are too many. */
  makeRoom(): boolean {
    if (this.count < this.capacity) return true;
    if (this.capacity >= this.most) return false;
    const capacity = Math.min(this.most, Math.max(FIRST_CAPACITY, 2 * this.capacity));
    const grown = <T extends Int32Array | Float64Array | Uint8Array>(old: T, fresh: T): T => {
      fresh.set(old);
      return fresh;
    };
    this.node = grown(this.node, new Int32Array(capacity));
    this.time = grown(this.time, new Int32Array(capacity));
    this.cost = grown(this.cost, new Float64Array(capacity));
    this.least = grown(this.least, new Float64Array(capacity));
    this.load = grown(this.load, new Float64Array(capacity));
    this.seen = grown(this.seen, new Int32Array(capacity));
    this.before = grown(this.before, new Int32Array(capacity));
    this.beaten = grown(this.beaten, new Uint8Array(capacity));
    this.odd = grown(this.odd, new Int32Array(capacity * this.words));
    this.capacity = capacity;
    return true;
  }
}
