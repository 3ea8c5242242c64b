import { crewRules } from './constraints/all.ts';
import type { Pair } from './constraints/constraint.ts';
import { boundShift } from './constraints/locked-crew.ts';
import { type Instance, LOCK_PRICE, NEVER, NONE } from './instance.ts';
import type { Job, Problem } from './problem.ts';
import { driveFixedStops, fitsAlone } from './schedule.ts';
import { seconds } from './units.ts';
import { validateProblem } from './validate-problem.ts';

const byId = (list: readonly { readonly id: string }[]): number[] =>
  list
    .map((_, index) => index)
    .sort((a, b) => {
      const x = list[a]?.id ?? '';
      const y = list[b]?.id ?? '';
      return x < y ? -1 : x > y ? 1 : a - b;
    });

/** The job's price of being left out, without the lock. */
export function leftOutPrice(problem: Problem, job: Job): number {
  const promised = job.inForce !== null && !job.inForce.fixed && job.inForce.promised !== null;
  return job.waiting + (promised ? problem.weights.brokenPromise : 0);
}

const isLocked = (job: Job): boolean => boundShift(job) !== null || job.inForce?.lockTime === true;

/** Reads the problem once; throws InvalidProblem when it is malformed. */
export function compile(problem: Problem): Instance {
  validateProblem(problem);
  const shiftOrder = byId(problem.shifts);
  const jobOrder = byId(problem.jobs);
  const shiftPlace = new Int32Array(shiftOrder.length);
  shiftOrder.forEach((index, place) => (shiftPlace[index] = place));
  const shifts = shiftOrder.flatMap((index) => problem.shifts[index] ?? []);
  const jobs = jobOrder.flatMap((index) => problem.jobs[index] ?? []);
  const ints = (of: (job: Job) => number): Int32Array => Int32Array.from(jobs, of);
  const doubles = (of: (job: Job) => number): Float64Array => Float64Array.from(jobs, of);

  const breaks = shifts.map((shift) =>
    shift.breaks
      .map((b, index) => ({ ...b, index }))
      .sort(
        (a, b) =>
          a.window.from - b.window.from || a.window.until - b.window.until || a.length - b.length || (a.id < b.id ? -1 : 1),
      ),
  );
  const allBreaks = breaks.flat();
  const windows = jobs.map((job) => [...job.windows].sort((a, b) => a.from - b.from || a.until - b.until));
  const allWindows = windows.flat();
  const fixedStops = shifts.map((_, s) =>
    jobs
      .map((job, j) => ({ held: job.inForce, j }))
      .filter(({ held }) => held !== null && held.fixed && shiftPlace[held.shift] === s)
      .sort((a, b) => (a.held?.position ?? 0) - (b.held?.position ?? 0) || a.j - b.j)
      .map(({ j }) => j),
  );

  const draft = {
    problem,
    size: problem.travel.size,
    travel: problem.travel.seconds,
    shiftCount: shifts.length,
    jobCount: jobs.length,
    shiftIndex: Int32Array.from(shiftOrder),
    jobIndex: Int32Array.from(jobOrder),
    startNode: Int32Array.from(shifts, (s) => s.startNode),
    endNode: Int32Array.from(shifts, (s) => s.endNode ?? NONE),
    freeAt: Int32Array.from(shifts, (s) => Math.max(s.from, problem.now)),
    until: Int32Array.from(shifts, (s) => s.until),
    limit: Int32Array.from(shifts, (s) => s.until + s.overtime),
    breakFirst: firsts(breaks),
    breakFrom: Int32Array.from(allBreaks, (b) => b.window.from),
    breakUntil: Int32Array.from(allBreaks, (b) => b.window.until),
    breakLength: Int32Array.from(allBreaks, (b) => b.length),
    breakIndex: Int32Array.from(allBreaks, (b) => b.index),
    breakLost: new Uint8Array(allBreaks.length),
    fixedStops,
    freeAfterFixed: new Int32Array(shifts.length),
    nodeAfterFixed: new Int32Array(shifts.length),
    node: ints((job) => job.node),
    service: ints((job) => job.service),
    release: ints((job) => Math.max(job.release, problem.now)),
    due: doubles((job) => job.due ?? Infinity),
    latePerSecond: doubles((job) => job.latePerSecond),
    waitingPerHour: doubles((job) => job.waitingPerHour ?? 0),
    price: doubles((job) => leftOutPrice(problem, job) + (isLocked(job) ? LOCK_PRICE : 0)),
    windowFirst: firsts(windows),
    windowFrom: Int32Array.from(allWindows, (w) => w.from),
    windowUntil: Int32Array.from(allWindows, (w) => w.until),
    fixed: Uint8Array.from(jobs, (job) => (job.inForce?.fixed ? 1 : 0)),
    started: Uint8Array.from(jobs, (job) => (job.inForce?.fixed && job.inForce.started ? 1 : 0)),
    locked: Uint8Array.from(jobs, (job) => (isLocked(job) ? 1 : 0)),
    lockedStart: ints((job) => (job.inForce?.lockTime ? job.inForce.start : NEVER)),
    order: ints((job) => (job.inForce?.lockOrder && !job.inForce.fixed ? job.inForce.position : NONE)),
    forceShift: ints((job) => (job.inForce === null ? NONE : (shiftPlace[job.inForce.shift] ?? NONE))),
    forcePosition: ints((job) => job.inForce?.position ?? NONE),
    forceStart: ints((job) => job.inForce?.start ?? 0),
    promisedFrom: doubles((job) => job.inForce?.promised?.from ?? -Infinity),
    promisedUntil: doubles((job) => job.inForce?.promised?.until ?? Infinity),
    allowed: new Uint8Array(jobs.length * shifts.length),
  } satisfies Instance;

  for (let s = 0; s < shifts.length; s++) {
    dropWhatCannotBeTimed(draft, s);
    for (let j = 0; j < jobs.length; j++) {
      const pair = pairOf(draft, s, j);
      if (draft.fixed[j] === 0 && crewRules.every((rule) => rule.blocks(pair) === null)) draft.allowed[j * shifts.length + s] = 1;
    }
  }
  return draft;
}

/** Start of each list when all lists lie one after another, and the end of the last. */
function firsts(lists: readonly (readonly unknown[])[]): Int32Array {
  const first = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => (first[i + 1] = (first[i] ?? 0) + list.length));
  return first;
}

/** Drives the fixed stops alone: those without a road are taken out, breaks that can no longer be taken are marked. */
function dropWhatCannotBeTimed(instance: Instance & { fixedStops: number[][] }, s: number): void {
  for (;;) {
    const stops = instance.fixedStops[s] ?? [];
    const driven = driveFixedStops(instance, s, stops);
    instance.freeAfterFixed[s] = driven.freeAt;
    instance.nodeAfterFixed[s] = driven.freeNode;
    if (driven.lostBreak !== NONE) instance.breakLost[driven.lostBreak] = 1;
    else if (driven.unreachable !== NONE) instance.fixedStops[s] = stops.filter((j) => j !== driven.unreachable);
    else return;
  }
}

/** The pair as the rules of `constraints/` see it. Indices are the instance's. */
export function pairOf(instance: Instance, s: number, j: number): Pair {
  const { problem } = instance;
  const shiftIndex = instance.shiftIndex[s] ?? 0;
  const shift = problem.shifts[shiftIndex];
  const job = problem.jobs[instance.jobIndex[j] ?? 0];
  if (shift === undefined || job === undefined) throw new RangeError(`no shift ${s} or no job ${j}`);
  return {
    shiftIndex,
    shift,
    job,
    travel: problem.travel,
    freeAt: seconds(instance.freeAfterFixed[s] ?? 0),
    freeNode: instance.nodeAfterFixed[s] ?? 0,
    fits: () => fitsAlone(instance, s, j),
  };
}
