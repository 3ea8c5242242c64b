import type { Pair } from './constraints/constraint.ts';
import type { InForce, Job, Problem, Shift, TravelMatrix, Weights } from './problem.ts';
import { seconds } from './units.ts';

/** Builders for tests: a whole valid value, with what the test is about laid over it. */

export const aShift = (over: Partial<Shift> = {}): Shift => ({
  id: 'shift',
  startNode: 0,
  endNode: 0,
  from: seconds(0),
  until: seconds(10_000),
  overtime: seconds(0),
  breaks: [],
  skills: [],
  plant: [],
  ...over,
});

export const aJob = (over: Partial<Job> = {}): Job => ({
  id: 'job',
  node: 0,
  service: seconds(600),
  release: seconds(0),
  windows: [],
  due: null,
  latePerSecond: 1,
  waiting: 5_000,
  skills: [],
  plant: [],
  inForce: null,
  ...over,
});

export const inForce = (over: Partial<InForce> = {}): InForce => ({
  shift: 0,
  position: 0,
  start: seconds(0),
  fixed: false,
  lockCrew: false,
  lockTime: false,
  lockOrder: false,
  promised: null,
  ...over,
});

export const someWeights = (over: Partial<Weights> = {}): Weights => ({
  travelPerSecond: 1,
  overtimePerSecond: 3,
  changeOfCrew: 300,
  moveOfStartPerSecond: 1,
  startTolerance: seconds(900),
  brokenPromise: 2_000,
  useOfShift: 0,
  ...over,
});

/** Nodes on a line: `at` are their places in seconds of driving; ten metres a second. */
export function onALine(at: readonly number[]): TravelMatrix {
  const size = at.length;
  const cells = at.flatMap((from) => at.map((to) => Math.abs(to - from)));
  return { size, seconds: Int32Array.from(cells), metres: Int32Array.from(cells, (s) => s * 10), source: 'estimate' };
}

/** A problem on a line of nodes 0, 100, 200 ... 900 seconds from the first. */
export const aProblem = (over: Partial<Problem> = {}): Problem => ({
  epochUnixSeconds: 1_769_500_000,
  now: seconds(0),
  shifts: [aShift()],
  jobs: [],
  travel: onALine([0, 100, 200, 300, 400, 500, 600, 700, 800, 900]),
  weights: someWeights(),
  ...over,
});

/** A crew free at its start, at the beginning of its shift, and a job; on the line of aProblem. */
export const aPair = (over: Partial<Omit<Pair, 'shift' | 'job'>> & { shift?: Partial<Shift>; job?: Partial<Job> } = {}): Pair => {
  const { shift, job, ...rest } = over;
  const whole = aShift(shift);
  return {
    shiftIndex: 0,
    shift: whole,
    job: aJob(job),
    travel: aProblem().travel,
    freeAt: whole.from,
    freeNode: whole.startNode,
    fits: () => true,
    ...rest,
  };
};
