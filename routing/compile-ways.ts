import { FAR, type Ways } from './instance.ts';
import type { Problem, Shift } from './problem.ts';

/** How a crew drives and what it pays for it: crews with the same values share their matrices. */
interface TravelClass {
  readonly percent: number;
  readonly perSecond: number;
  readonly perKilometre: number;
}

export function travelClassOf(problem: Problem, shift: Shift): TravelClass {
  return {
    percent: shift.travelPercent ?? 100,
    perSecond: shift.rates?.travelPerSecond ?? problem.weights.travelPerSecond,
    perKilometre: shift.rates?.perKilometre ?? 0,
  };
}

/** Seconds of a way for a crew that drives at `percent` of the matrix; -1 stays -1. */
export const percentOf = (value: number, percent: number): number =>
  value <= 0 || percent === 100 ? value : Math.round((value * percent) / 100);

/** What a leg costs a crew. */
export const legCost = (shift: TravelClass, seconds: number, metres: number): number =>
  seconds * shift.perSecond + Math.floor((metres * shift.perKilometre) / 1000);

/** The largest number that is kept in 32 bits, so that four of them can still be added there. */
const MOST_IN_INT32 = 2 ** 29;

/**
 * The matrices of one class between all places. `nodes` are the problem's nodes by place, NONE = "anywhere": no way there
 * costs anything. A way without a road takes and costs FAR.
 */
export function compileWays(problem: Problem, nodes: Int32Array, drives: TravelClass): Ways {
  const count = nodes.length;
  const { size, seconds: cells, metres } = problem.travel;
  const seconds = new Int32Array(count * count);
  const symmetric = isSymmetric(cells, size);
  let longest = 0;
  const { percent } = drives;
  for (let from = 0; from < count; from++) {
    const a = nodes[from]!;
    if (a < 0) continue;
    const row = a * size;
    const into = from * count;
    for (let to = 0; to < count; to++) {
      const b = nodes[to]!;
      if (b < 0) continue;
      const cell = cells[row + b]!;
      if (cell < 0) {
        seconds[into + to] = FAR;
        continue;
      }
      const value = percent === 100 ? cell : percentOf(cell, percent);
      seconds[into + to] = value;
      if (value > longest) longest = value;
    }
  }
  // "Anywhere" is driven to and never from, but a symmetric matrix needs both to be 0, which they are.
  const secondsBack = symmetric ? seconds : turned(seconds, count);
  if (drives.perSecond === 1 && drives.perKilometre === 0) return { seconds, secondsBack, cost: seconds, costBack: secondsBack };
  const dearest = drives.perKilometre === 0 ? 0 : (longestOf(metres) * drives.perKilometre) / 1000;
  const cost =
    longest * drives.perSecond + dearest <= MOST_IN_INT32 ? new Int32Array(count * count) : new Float64Array(count * count);
  if (drives.perKilometre === 0) {
    // Where no road is asked for ("anywhere") the way takes, and costs, nothing.
    for (let way = 0; way < cost.length; way++) cost[way] = seconds[way] === FAR ? FAR : seconds[way]! * drives.perSecond;
  } else {
    for (let from = 0; from < count; from++) {
      const a = nodes[from]!;
      for (let to = 0; to < count; to++) {
        const b = nodes[to]!;
        if (a < 0 || b < 0) continue;
        const time = seconds[from * count + to]!;
        cost[from * count + to] = time === FAR ? FAR : legCost(drives, time, metres[a * size + b]!);
      }
    }
  }
  const costBack = symmetric && (drives.perKilometre === 0 || isSymmetric(metres, size)) ? cost : turned(cost, count);
  return { seconds, secondsBack, cost, costBack };
}

function isSymmetric(cells: Int32Array, size: number): boolean {
  for (let a = 0; a < size; a++) for (let b = 0; b < a; b++) if (cells[a * size + b] !== cells[b * size + a]) return false;
  return true;
}

function longestOf(cells: Int32Array): number {
  let longest = 0;
  for (let i = 0; i < cells.length; i++) if (cells[i]! > longest) longest = cells[i]!;
  return longest;
}

/** Rows and columns turned at once: what they touch fits the nearest cache. */
const TILE = 32;

function turned<T extends Int32Array | Float64Array>(cells: T, count: number): T {
  const back = (cells instanceof Int32Array ? new Int32Array(cells.length) : new Float64Array(cells.length)) as T;
  for (let top = 0; top < count; top += TILE) {
    const bottom = Math.min(count, top + TILE);
    for (let left = 0; left < count; left += TILE) {
      const right = Math.min(count, left + TILE);
      for (let from = top; from < bottom; from++) {
        for (let to = left; to < right; to++) back[to * count + from] = cells[from * count + to]!;
      }
    }
  }
  return back;
}
