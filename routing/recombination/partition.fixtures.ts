import type { PartitionProblem, PoolRoute } from './partition.ts';

/**
 * A problem that keeps HiGHS busy for seconds: shifts of one class with a common depot, random jobs on a map, routes of
 * jobs near each other, so that many plans cost about the same. The plan at hand leaves everything out.
 */
export function busyPartition(jobCount: number, routeCount: number, seed = 1): PartitionProblem {
  let state = seed;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return (state >>> 0) / 2 ** 32;
  };
  const place = Array.from({ length: jobCount }, () => [random() * 1_000, random() * 1_000] as const);
  const metres = (a: readonly [number, number], b: readonly [number, number]): number =>
    Math.round(Math.hypot(a[0] - b[0], a[1] - b[1]));
  const near = place.map((from) =>
    Array.from({ length: jobCount }, (_, j) => j)
      .sort((a, b) => metres(from, place[a]!) - metres(from, place[b]!))
      .slice(0, 15),
  );
  const depot = [500, 500] as const;
  const routes: PoolRoute[] = [];
  for (let r = 0; r < routeCount; r++) {
    const jobs = [r % jobCount];
    const length = 3 + Math.floor(random() * 6);
    while (jobs.length < length) {
      const around = near[jobs.at(-1)!]!;
      const job = around[Math.floor(random() * around.length)]!;
      if (jobs.includes(job)) break;
      jobs.push(job);
    }
    let cost = 0;
    let at: readonly [number, number] = depot;
    for (const job of jobs) {
      cost += metres(at, place[job]!);
      at = place[job]!;
    }
    routes.push({ shift: 0, jobs: Int32Array.from(jobs), cost: cost + metres(at, depot) });
  }
  const shiftCount = Math.ceil(jobCount / 6);
  return {
    shiftCount,
    jobCount,
    leftOutPrice: new Float64Array(jobCount).fill(2_000),
    emptyCost: new Float64Array(shiftCount),
    classOf: new Int32Array(shiftCount),
    routes,
    incumbentCost: 2_000 * jobCount,
  };
}
