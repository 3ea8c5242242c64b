import { FAR, type Instance } from '../instance.ts';

/** What lies near what, worked out once: where the search looks first. */
export interface Nearness {
  /** For each job the jobs nearest to it, nearest first: near[j * width ...], `counts[j]` of them. */
  readonly width: number;
  readonly jobs: Int32Array;
  readonly counts: Int32Array;
  /** For each job the shifts that may take it, those that start nearest first. */
  readonly shifts: readonly Int32Array[];
}

/** Longest lists: beyond that a string of removals would not be local any more. */
const MOST_NEAR = 200;

/**
 * Nearest by the shorter of the two ways between them, so that a one-way street does not hide a neighbour. Ties go to
 * the lower index, so the lists are the same on every machine.
 */
export function nearness(instance: Instance): Nearness {
  const { jobCount, shiftCount, placeCount } = instance;
  const { seconds, secondsBack } = instance.ways[0] ?? { seconds: new Int32Array(0), secondsBack: new Int32Array(0) };
  const width = Math.max(0, Math.min(MOST_NEAR, jobCount - 1));
  const jobs = new Int32Array(jobCount * width);
  const counts = new Int32Array(jobCount);
  // Distance and index in one number: sorting numbers is several times as fast as sorting by a comparison.
  const keys = new Float64Array(jobCount);
  for (let j = 0; j < jobCount; j++) {
    if (instance.fixed[j] === 1) continue;
    let reached = 0;
    for (let i = 0; i < jobCount; i++) {
      if (i === j || instance.fixed[i] === 1) continue;
      const way = Math.min(seconds[j * placeCount + i]!, secondsBack[j * placeCount + i]!);
      if (way !== FAR) keys[reached++] = way * jobCount + i;
    }
    const count = Math.min(width, reached);
    smallestFirst(keys, reached, count);
    const sorted = keys.subarray(0, count).sort();
    counts[j] = count;
    for (let k = 0; k < count; k++) jobs[j * width + k] = sorted[k]! % jobCount;
  }
  const shifts: Int32Array[] = [];
  const byStart = new Float64Array(shiftCount);
  for (let j = 0; j < jobCount; j++) {
    let able = 0;
    for (let s = 0; s < shiftCount; s++) {
      if (instance.allowed[j * shiftCount + s] === 0) continue;
      const way = secondsBack[j * placeCount + instance.fromPlace[jobCount + s]!]!;
      byStart[able++] = way * shiftCount + s;
    }
    const sorted = byStart.subarray(0, able).sort();
    shifts.push(Int32Array.from(sorted, (key) => key % shiftCount));
  }
  return { width, jobs, counts, shifts };
}

/** Brings the `count` smallest of the first `length` keys, which all differ, to the front, in any order (Hoare's selection). */
function smallestFirst(keys: Float64Array, length: number, count: number): void {
  let low = 0;
  let high = length - 1;
  while (low < high) {
    const pivot = keys[(low + high) >> 1]!;
    let i = low;
    let k = high;
    while (i <= k) {
      while (keys[i]! < pivot) i++;
      while (keys[k]! > pivot) k--;
      if (i > k) break;
      const key = keys[i]!;
      keys[i++] = keys[k]!;
      keys[k--] = key;
    }
    if (count <= k) high = k;
    else if (count > i) low = i;
    else return;
  }
}
