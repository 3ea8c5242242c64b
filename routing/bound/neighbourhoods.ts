import type { Relaxation } from './relaxation.ts';

/** A label remembers at most so many jobs: they must fit the bits of one number. */
const MOST_REMEMBERED = 30;
/** Up to so many movable jobs everything is remembered, and no route visits a job twice. */
export const ALL_REMEMBERED = 24;
const FIRST_SIZE = 8;
const USUAL_MOST = 30;

/**
 * For each job those jobs that a route still remembers to have visited when it is there: the route may come back to one only
 * after it was at a job whose neighbourhood has it not (ng-routes: R. Baldacci et al., Operations Research 59, 2011). They
 * begin with the nearest and grow where routes went in circles.
 *
 * Neighbourhoods only say which impossible routes are let in: a bound is valid with any.
 */
export class Neighbourhoods {
  readonly complete: boolean;
  private readonly jobCount: number;
  private readonly most: number;
  /** Members of j: members[j * most + bit], `sizes[j]` of them; the first is j itself. */
  private readonly members: Int32Array;
  private readonly sizes: Int32Array;
  /** bitOf[j * jobCount + i] = bit of i at j, or -1. */
  readonly bitOf: Int8Array;
  /** kept[(i * jobCount + j) * width + bit at i] = bit at j, or -1 when it is forgotten there. */
  private kept: Int8Array | null = null;

  /** @param nearest for each job all jobs, nearest first */
  constructor({ instance }: Relaxation, nearest: readonly Int32Array[]) {
    const { jobCount } = instance;
    this.jobCount = jobCount;
    this.complete = jobCount <= ALL_REMEMBERED;
    this.most = this.complete ? MOST_REMEMBERED : USUAL_MOST;
    this.members = new Int32Array(jobCount * this.most);
    this.sizes = new Int32Array(jobCount);
    this.bitOf = new Int8Array(jobCount * jobCount).fill(-1);
    const size = this.complete ? jobCount : FIRST_SIZE;
    for (let j = 0; j < jobCount; j++) {
      this.add(j, j);
      for (const i of nearest[j] ?? []) {
        if (this.sizes[j]! >= size) break;
        if (i !== j && instance.fixed[i] === 0) this.add(j, i);
      }
    }
  }

  get width(): number {
    return this.most;
  }

  /** The table that takes what is remembered from one job to the next. */
  table(): Int8Array {
    if (this.kept !== null) return this.kept;
    const { jobCount, most, members, sizes, bitOf } = this;
    const kept = new Int8Array(jobCount * jobCount * most).fill(-1);
    for (let i = 0; i < jobCount; i++) {
      for (let j = 0; j < jobCount; j++) {
        const row = (i * jobCount + j) * most;
        for (let bit = 0; bit < sizes[i]!; bit++) kept[row + bit] = bitOf[j * jobCount + members[i * most + bit]!]!;
      }
    }
    this.kept = kept;
    return kept;
  }

  /** Remembers the shortest circle of a route all the way round, where there is room; true when something was added. */
  grow(route: readonly number[]): boolean {
    let from = -1;
    let to = -1;
    const last = new Map<number, number>();
    for (const [at, j] of route.entries()) {
      const before = last.get(j);
      if (before !== undefined && (from === -1 || at - before < to - from)) [from, to] = [before, at];
      last.set(j, at);
    }
    if (from === -1) return false;
    const j = route[from]!;
    let grown = false;
    for (let at = from + 1; at < to; at++) grown = this.add(route[at]!, j) || grown;
    return grown;
  }

  /** The table goes on being right when `member` joins j as `bit`. */
  private keep(kept: Int8Array, j: number, member: number, bit: number): void {
    const { jobCount, most, bitOf } = this;
    for (let i = 0; i < jobCount; i++) {
      const before = bitOf[i * jobCount + member]!;
      if (before !== -1) kept[(i * jobCount + j) * most + before] = bit;
      kept[(j * jobCount + i) * most + bit] = bitOf[i * jobCount + member]!;
    }
  }

  private add(j: number, member: number): boolean {
    const place = j * this.jobCount + member;
    if (this.bitOf[place] !== -1 || this.sizes[j]! >= this.most) return false;
    const bit = this.sizes[j]!++;
    this.members[j * this.most + bit] = member;
    this.bitOf[place] = bit;
    if (this.kept !== null) this.keep(this.kept, j, member, bit);
    return true;
  }
}
