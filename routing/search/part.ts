import { FAR, type Instance, NONE } from '../instance.ts';
import { random } from './random.ts';
import type { Solution } from './solution.ts';

/** What one search works on while others work on the rest: nothing else moves. */
export interface Part {
  /** By shift, 1 = its own. */
  readonly own: Uint8Array;
  /** By job, 1 = on one of its shifts, or left out and its to put in. */
  readonly ownJobs: Uint8Array;
  /** The movable jobs of its own. */
  readonly jobs: Int32Array;
}

/** From so many jobs on, searches side by side divide the day instead of all working on the whole of it. */
const DIVIDED_FROM = 300;

/**
 * Whether several searches divide the day. Not where the whole day has one budget or one price: a limit on changes, the
 * greatest lateness, linked jobs.
 */
export const isDivided = (instance: Instance, searches: number, maxChanges: number | null): boolean =>
  searches > 1 &&
  maxChanges === null &&
  instance.jobCount >= DIVIDED_FROM &&
  instance.shiftCount >= 4 * searches &&
  instance.groups.length === 0 &&
  (instance.problem.weights.worstLatePerSecond ?? 0) === 0;

/** Everything is its own. */
export function whole({ jobCount, shiftCount, fixed }: Instance): Part {
  const jobs = Int32Array.from({ length: jobCount }, (_, j) => j).filter((j) => fixed[j] === 0);
  return { own: new Uint8Array(shiftCount).fill(1), ownJobs: new Uint8Array(jobCount).fill(1), jobs };
}

/**
 * The part of one of several searches on a leg. Shifts are ordered by how far their stops lie from a job chosen by chance,
 * each leg another one, and cut into stretches of about as many jobs; shifts without stops go round in turn; jobs left out
 * go where the stops round them went. All searches come to the same division.
 */
export function partOf(instance: Instance, solution: Solution, leg: number, index: number, searches: number): Part {
  const { jobCount, shiftCount, placeCount, fixed } = instance;
  const { seconds, secondsBack } = instance.ways[0]!;
  const chance = random(leg + 1);
  let centre = chance.below(jobCount);
  while (fixed[centre] === 1) centre = chance.below(jobCount);
  const row = centre * placeCount;
  const way = (place: number): number => Math.min(FAR, seconds[row + place]!, secondsBack[row + place]!);
  const used: { shift: number; far: number; jobs: number }[] = [];
  const spare: number[] = [];
  let total = 0;
  for (let s = 0; s < shiftCount; s++) {
    const stops = solution.sequences[s]!;
    if (stops.length === 0) spare.push(s);
    else used.push({ shift: s, far: stops.reduce((sum, j) => sum + way(j), 0) / stops.length, jobs: stops.length });
    total += stops.length;
  }
  used.sort((a, b) => a.far - b.far || a.shift - b.shift);
  const own = new Uint8Array(shiftCount);
  const ownJobs = new Uint8Array(jobCount);
  /** The farthest shift of each stretch. */
  const reach = new Float64Array(searches).fill(Infinity);
  let before = 0;
  for (const { shift, far, jobs } of used) {
    const stretch = Math.min(searches - 1, Math.floor(((before + jobs / 2) * searches) / total));
    before += jobs;
    reach[stretch] = far;
    if (stretch !== index) continue;
    own[shift] = 1;
    for (const j of solution.sequences[shift]!) ownJobs[j] = 1;
  }
  reach[searches - 1] = Infinity;
  spare.forEach((s, k) => {
    if (k % searches === index) own[s] = 1;
  });
  const served = new Uint8Array(jobCount);
  for (const stops of solution.sequences) for (const j of stops) served[j] = 1;
  for (let j = 0; j < jobCount; j++) {
    if (served[j] === 1 || fixed[j] === 1) continue;
    const far = way(j);
    if (reach.findIndex((limit) => far <= limit) === index) ownJobs[j] = 1;
  }
  const jobs = Int32Array.from({ length: jobCount }, (_, j) => (ownJobs[j] === 1 ? j : NONE)).filter((j) => j !== NONE);
  return { own, ownJobs, jobs };
}
