import type { Instance } from '../instance.ts';

/** What is kept of the times of a plain day; see Routes. */
interface Times {
  readonly instance: Instance;
  readonly next: Int32Array;
  readonly prev: Int32Array;
  readonly depart: Int32Array;
  readonly latest: Int32Array;
  touchStop(j: number): void;
}

/** Plain instances: earliest start for an arrival. */
export function earliestPlain(instance: Instance, j: number, arrival: number): number {
  let start = arrival < instance.release[j]! ? instance.release[j]! : arrival;
  const w = instance.windowFirst[j]!;
  if (w < instance.windowFirst[j + 1]! && start < instance.windowFrom[w]!) start = instance.windowFrom[w]!;
  return start;
}

/** Plain instances: departures from stop j on, until nothing changes any more. */
export function departuresFrom(routes: Times, j: number, s: number): void {
  const { instance, prev, next, depart } = routes;
  const head = instance.jobCount + s;
  const { seconds } = instance.ways[0]!;
  const count = instance.placeCount;
  while (j !== head) {
    const p = prev[j]!;
    const arrival = depart[p]! + seconds[instance.fromPlace[p]! * count + j]!;
    const leaves = earliestPlain(instance, j, arrival) + instance.service[j]!;
    if (leaves === depart[j]) return;
    routes.touchStop(j);
    depart[j] = leaves;
    j = next[j]!;
  }
}

/** Plain instances: latest arrivals from stop j back, until nothing changes any more. */
export function latestBackFrom(routes: Times, j: number, s: number): void {
  const { instance, prev, next, latest } = routes;
  const head = instance.jobCount + s;
  const { seconds } = instance.ways[0]!;
  const count = instance.placeCount;
  while (j !== head) {
    const q = next[j]!;
    let last = latest[q]! - instance.service[j]! - seconds[j * count + instance.toPlace[q]!]!;
    if (last > instance.latestStart[j]!) last = instance.latestStart[j]!;
    if (last === latest[j]) return;
    routes.touchStop(j);
    latest[j] = last;
    j = prev[j]!;
  }
}
