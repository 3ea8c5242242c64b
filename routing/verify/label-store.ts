import type { Stock } from './route-space.ts';

/**
 * Partial routes in flat arrays, each with its start at its last job, its cost, what is on board, what it remembers and which cuts it has
 * half filled; and which of them another one makes needless. Candidates are those of one route space.
 */
export class LabelStore {
  /** Words of 32 jobs. */
  readonly words: number;
  count = 0;
  at = new Int32Array(FIRST);
  start = new Float64Array(FIRST);
  cost = new Float64Array(FIRST);
  /** 1 = the break is still to be taken. */
  pending = new Uint8Array(FIRST);
  before = new Int32Array(FIRST);
  /** 1 = another label makes it needless. */
  dropped = new Uint8Array(FIRST);
  private memory: Int32Array;
  private halves: Int32Array;
  /** What is on board, in each dimension of stock. */
  private load: Float64Array;
  private readonly stock: readonly Stock[];
  private readonly cutWords: number;
  private readonly cutPrices: Float64Array;
  /** For each candidate the cuts it is in. */
  private readonly cutsOfJob: readonly Int32Array[];
  /** For each candidate the bits of those cuts. */
  private readonly cutBits: Int32Array;
  /** For each candidate, then once more with the break to come, its labels that are not dropped, the cheapest first. */
  private readonly kept: number[][];

  constructor(
    candidates: number,
    cuts: readonly { readonly jobs: readonly number[]; readonly price: number }[],
    stock: readonly Stock[],
  ) {
    this.stock = stock;
    this.load = new Float64Array(FIRST * stock.length);
    this.words = Math.max(1, Math.ceil(candidates / 32));
    this.cutWords = Math.ceil(cuts.length / 32);
    this.memory = new Int32Array(FIRST * this.words);
    this.halves = new Int32Array(FIRST * this.cutWords);
    this.cutPrices = Float64Array.from(cuts, ({ price }) => price);
    this.cutsOfJob = Array.from({ length: candidates }, (_, a) =>
      Int32Array.from(cuts.flatMap(({ jobs }, c) => (jobs.includes(a) ? [c] : []))),
    );
    this.cutBits = new Int32Array(candidates * this.cutWords);
    this.cutsOfJob.forEach((own, a) => own.forEach((c) => (this.cutBits[a * this.cutWords + (c >> 5)]! |= 1 << (c & 31))));
    this.kept = Array.from({ length: 2 * candidates }, () => []);
  }

  remembers(label: number, b: number): boolean {
    return ((this.memory[label * this.words + (b >> 5)]! >> (b & 31)) & 1) === 1;
  }

  /** What the cuts charge when b follows: the price of each that it fills for the second time. */
  cutCost(label: number, b: number): number {
    const own = this.cutsOfJob[b]!;
    let cost = 0;
    for (let i = 0; i < own.length; i++) {
      const c = own[i]!;
      if ((this.halves[label * this.cutWords + (c >> 5)]! >> (c & 31)) & 1) cost += this.cutPrices[c]!;
    }
    return cost;
  }

  /** Is there stock left for b behind this label (-1 = at the start)? */
  hasStockFor(label: number, b: number): boolean {
    const { stock, load } = this;
    for (let d = 0; d < stock.length; d++) {
      const { uses, room } = stock[d]!;
      if ((label < 0 ? 0 : load[label * stock.length + d]!) + uses[b]! > room) return false;
    }
    return true;
  }

  /** The jobs up to this label, in their order. */
  routeOf(label: number): number[] {
    const route: number[] = [];
    for (let l = label; l >= 0; l = this.before[l]!) route.push(this.at[l]!);
    return route.reverse();
  }

  /**
   * Keeps the label that goes from `from` (-1 = none) to b, and drops those that it makes needless.
   * @param near for each candidate the bits of its neighbourhood
   * @returns its number; -1 when another label makes it needless
   */
  add(from: number, b: number, pending: boolean, start: number, cost: number, near: Int32Array): number {
    const label = this.count;
    if (label >= this.at.length) this.grow();
    const { words, cutWords, memory, halves, stock } = this;
    const mine = label * words;
    for (let w = 0; w < words; w++) memory[mine + w] = from < 0 ? 0 : memory[from * words + w]! & near[b * words + w]!;
    memory[mine + (b >> 5)]! |= 1 << (b & 31);
    const own = label * cutWords;
    for (let w = 0; w < cutWords; w++) {
      halves[own + w] = (from < 0 ? 0 : halves[from * cutWords + w]!) ^ this.cutBits[b * cutWords + w]!;
    }
    this.at[label] = b;
    this.start[label] = start;
    this.cost[label] = cost;
    this.pending[label] = pending ? 1 : 0;
    for (let d = 0; d < stock.length; d++) {
      this.load[label * stock.length + d] = (from < 0 ? 0 : this.load[from * stock.length + d]!) + stock[d]!.uses[b]!;
    }
    this.before[label] = from;
    this.dropped[label] = 0;
    const kept = this.kept[pending ? this.cutsOfJob.length + b : b]!;
    let i = 0;
    for (; i < kept.length && this.cost[kept[i]!]! <= cost; i++) {
      if (this.replaces(kept[i]!, label)) return -1;
    }
    const place = i;
    let left = place;
    for (; i < kept.length; i++) {
      const other = kept[i]!;
      if (this.replaces(label, other)) this.dropped[other] = 1;
      else kept[left++] = other;
    }
    kept.length = left;
    kept.splice(place, 0, label);
    this.count++;
    return label;
  }

  /** Can whatever follows label y follow label x, and cost no more there? Both end at the same job. */
  private replaces(x: number, y: number): boolean {
    if (this.start[x]! > this.start[y]!) return false;
    const dimensions = this.stock.length;
    for (let d = 0; d < dimensions; d++) if (this.load[x * dimensions + d]! > this.load[y * dimensions + d]!) return false;
    const { words, cutWords, memory, halves } = this;
    for (let w = 0; w < words; w++) if ((memory[x * words + w]! & ~memory[y * words + w]!) !== 0) return false;
    let cost = this.cost[x]!;
    const most = this.cost[y]!;
    if (cost > most) return false;
    for (let w = 0; w < cutWords; w++) {
      let only = halves[x * cutWords + w]! & ~halves[y * cutWords + w]!;
      while (only !== 0) {
        const bit = 31 - Math.clz32(only);
        cost += this.cutPrices[w * 32 + bit]!;
        if (cost > most) return false;
        only &= ~(1 << bit);
      }
    }
    return true;
  }

  private grow(): void {
    const size = this.at.length * 2;
    const more = <T extends Int32Array | Float64Array | Uint8Array>(old: T, length: number): T => {
      const larger = new (old.constructor as new (length: number) => T)(length);
      larger.set(old);
      return larger;
    };
    this.at = more(this.at, size);
    this.start = more(this.start, size);
    this.cost = more(this.cost, size);
    this.load = more(this.load, size * this.stock.length);
    this.pending = more(this.pending, size);
    this.before = more(this.before, size);
    this.dropped = more(this.dropped, size);
    this.memory = more(this.memory, size * this.words);
    this.halves = more(this.halves, size * this.cutWords);
  }
}

const FIRST = 4096;
