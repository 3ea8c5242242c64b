import { NONE, type GroupLink } from './instance.ts';
import type { Link } from './problem.ts';

/** Jobs that hang together through links, found as connected components; ordered by their first job. */
export function compileLinks(
  links: readonly Link[],
  jobPlace: Int32Array,
  jobCount: number,
): { groupOf: Int32Array; groups: number[][]; groupLinks: GroupLink[][] } {
  const compiled = links
    .map((link): GroupLink => ({
      first: jobPlace[link.first]!,
      second: jobPlace[link.second]!,
      least: link.leastLag,
      most: link.mostLag ?? Infinity,
      sameShift: link.sameShift ?? false,
    }))
    .sort((a, b) => a.first - b.first || a.second - b.second || a.least - b.least || a.most - b.most);
  const root = Int32Array.from({ length: jobCount }, (_, j) => j);
  const rootOf = (j: number): number => {
    while (root[j] !== j) j = root[j] = root[root[j]!]!;
    return j;
  };
  for (const { first, second } of compiled) {
    const a = rootOf(first);
    const b = rootOf(second);
    root[Math.max(a, b)] = Math.min(a, b);
  }
  const groupOf = new Int32Array(jobCount).fill(NONE);
  const groups: number[][] = [];
  const linked = new Set(compiled.flatMap(({ first, second }) => [first, second]));
  for (const j of [...linked].sort((a, b) => a - b)) {
    const top = rootOf(j);
    if (groupOf[top] === NONE) {
      groupOf[top] = groups.length;
      groups.push([]);
    }
    groupOf[j] = groupOf[top]!;
    groups[groupOf[j]]!.push(j);
  }
  const groupLinks: GroupLink[][] = groups.map(() => []);
  for (const link of compiled) groupLinks[groupOf[link.first]!]!.push(link);
  return { groupOf, groups, groupLinks };
}
