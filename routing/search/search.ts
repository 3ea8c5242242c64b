import type { Draft } from '../draft.ts';
import { fixedCount } from '../draft.ts';
import { FAR, type Instance } from '../instance.ts';
import type { Random } from './random.ts';

/** What every move works on. */
export interface Search {
  readonly draft: Draft;
  /** The jobs nearest to a job by travel there and back, nearest first. */
  readonly near: (j: number) => readonly number[];
}

/** One way to change a draft. */
export interface Move {
  readonly name: string;
  /** Tries one change, chosen by chance; makes it if it costs less than `allowance` more, and says whether it did. */
  attempt(search: Search, random: Random, allowance: number): boolean;
}

const NEIGHBOURS = 30;

/** Neighbour lists, made when first asked for. */
export function neighbours(instance: Instance): (j: number) => readonly number[] {
  const lists = new Array<readonly number[] | undefined>(instance.jobCount);
  const { jobCount, placeCount } = instance;
  const { seconds } = instance.ways[0] ?? { seconds: new Int32Array() };
  return (j) => {
    const known = lists[j];
    if (known !== undefined) return known;
    const both = new Float64Array(jobCount);
    const others: number[] = [];
    for (let i = 0; i < jobCount; i++) {
      const there = seconds[j * placeCount + i]!;
      const back = seconds[i * placeCount + j]!;
      both[i] = there + back;
      if (i !== j && there < FAR && back < FAR) others.push(i);
    }
    others.sort((a, b) => both[a]! - both[b]! || a - b);
    const list = others.slice(0, NEIGHBOURS);
    lists[j] = list;
    return list;
  };
}

/** Any movable stop of the draft, or null when there is none. */
export function someStop(draft: Draft, random: Random): { shift: number; position: number; job: number } | null {
  const { instance, shifts } = draft;
  if (shifts.length === 0) return null;
  const first = random.below(shifts.length);
  for (let i = 0; i < shifts.length; i++) {
    const shift = (first + i) % shifts.length;
    const { sequence } = shifts[shift]!;
    const fixed = fixedCount(instance, shift);
    if (sequence.length === fixed) continue;
    const position = fixed + random.below(sequence.length - fixed);
    return { shift, position, job: sequence[position]! };
  }
  return null;
}

/** One of the items, or undefined when there are none. */
export const oneOf = <T>(items: readonly T[], random: Random): T | undefined => items[random.below(items.length)];
