/** A route as it is in the relaxed plan: its jobs, and how much of it is used. */
export interface UsedRoute {
  readonly jobs: readonly number[];
  readonly share: number;
}

export type CutJobs = readonly [number, number, number];

/** Less than this above 1 is not worth a row. */
const LEAST_VIOLATION = 0.02;
/** New cuts that one job may be in, so that they do not all say the same. */
const CUTS_A_JOB = 3;

/**
 * Three jobs of which at most one route of a plan can have two, but the relaxed plan more (subset-row cuts: M. Jepsen et al.,
 * Operations Research 56, 2008). The most violated first, at most `most`, none of those that are known.
 */
export function violatedCuts(jobCount: number, used: readonly UsedRoute[], known: readonly CutJobs[], most: number): CutJobs[] {
  const pair = new Float64Array(jobCount * jobCount);
  const partners = Array.from({ length: jobCount }, () => new Set<number>());
  const routesOf: UsedRoute[][] = Array.from({ length: jobCount }, () => []);
  for (const route of used) {
    for (const a of route.jobs) {
      routesOf[a]!.push(route);
      for (const b of route.jobs) {
        if (a === b) continue;
        pair[a * jobCount + b]! += route.share;
        partners[a]!.add(b);
      }
    }
  }
  const names = new Set(known.map((jobs) => jobs.join()));
  const found: { jobs: CutJobs; over: number }[] = [];
  const consider = (a: number, b: number, c: number): void => {
    const sum = pair[a * jobCount + b]! + pair[a * jobCount + c]! + pair[b * jobCount + c]!;
    if (sum <= 1 + LEAST_VIOLATION) return;
    // A route with all three counts three pairs, but is one route.
    let all = 0;
    for (const { jobs, share } of routesOf[a]!) if (jobs.includes(b) && jobs.includes(c)) all += share;
    const over = sum - 2 * all - 1;
    if (over > LEAST_VIOLATION && !names.has(`${a},${b},${c}`)) found.push({ jobs: [a, b, c], over });
  };
  // Two of the three pairs are used at least: one job is in both.
  const seen = new Set<number>();
  for (let middle = 0; middle < jobCount; middle++) {
    const ends = [...partners[middle]!].sort((x, y) => x - y);
    for (let n = 0; n < ends.length; n++) {
      for (let m = n + 1; m < ends.length; m++) {
        const [a, b, c] = [middle, ends[n]!, ends[m]!].sort((x, y) => x - y) as [number, number, number];
        const key = (a * jobCount + b) * jobCount + c;
        if (seen.has(key)) continue;
        seen.add(key);
        consider(a, b, c);
      }
    }
  }
  found.sort((x, y) => y.over - x.over || x.jobs[0] - y.jobs[0] || x.jobs[1] - y.jobs[1] || x.jobs[2] - y.jobs[2]);
  const uses = new Int32Array(jobCount);
  const chosen: CutJobs[] = [];
  for (const { jobs } of found) {
    if (chosen.length >= most) break;
    if (jobs.some((j) => uses[j]! >= CUTS_A_JOB)) continue;
    for (const j of jobs) uses[j]!++;
    chosen.push(jobs);
  }
  return chosen;
}

/** How often a route counts in a cut: half of its stops among the three, rounded down. */
export function countInCut(cut: CutJobs, jobs: readonly number[]): number {
  let visits = 0;
  for (const j of jobs) if (j === cut[0] || j === cut[1] || j === cut[2]) visits++;
  return visits >> 1;
}
