import type { Relaxation } from './relaxation.ts';

/** Every order of every choice of a few jobs. */
export function* allRoutes(jobs: readonly number[], most: number): Generator<number[]> {
  yield [];
  if (most === 0) return;
  for (const j of jobs) {
    for (const rest of allRoutes(
      jobs.filter((other) => other !== j),
      most - 1,
    )) {
      yield [j, ...rest];
    }
  }
}

/** Of a number, the same for the same: a random fraction of the price cap of each job. */
export function somePrices({ instance, mostPrice }: Relaxation, seed: number): Float64Array {
  let state = seed + 1;
  return Float64Array.from({ length: instance.jobCount }, (_, j) => {
    state = (Math.imul(state, 48_271) >>> 0) % 2_147_483_647;
    return Math.floor(mostPrice[j]! * (state / 2_147_483_647));
  });
}
