import { compileLinks } from './compile-links.ts';
import { compileWays, percentOf, travelClassOf } from './compile-ways.ts';
import { crewRules } from './constraints/all.ts';
import { areaCost } from './constraints/areas.ts';
import type { Pair } from './constraints/constraint.ts';
import { boundShift } from './constraints/locked-crew.ts';
import { overqualificationCost } from './constraints/skill-levels.ts';
import { type Instance, LOCK_PRICE, NEVER, NONE, UNLIMITED } from './instance.ts';
import type { Break, Job, Problem, Shift } from './problem.ts';
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
  const shiftPlace = placesIn(shiftOrder);
  const jobPlace = placesIn(jobOrder);
  const shifts = shiftOrder.flatMap((index) => problem.shifts[index] ?? []);
  const jobs = jobOrder.flatMap((index) => problem.jobs[index] ?? []);
  const ints = (of: (job: Job) => number): Int32Array => Int32Array.from(jobs, of);
  const doubles = (of: (job: Job) => number): Float64Array => Float64Array.from(jobs, of);
  const shiftInts = (of: (shift: Shift) => number): Int32Array => Int32Array.from(shifts, of);

  const breaks = shifts.map(breaksOf);
  const allBreaks = breaks.flat();
  const gaps = shifts.map(gapsOf);
  const allGaps = gaps.flat();
  const windows = jobs.map((job) => [...job.windows].sort((a, b) => a.from - b.from || a.until - b.until));
  const allWindows = windows.flat();
  const fixedStops = shifts.map((_, s) =>
    jobs
      .map((job, j) => ({ held: job.inForce, j }))
      .filter(({ held }) => held !== null && held.fixed && shiftPlace[held.shift] === s)
      .sort((a, b) => (a.held?.position ?? 0) - (b.held?.position ?? 0) || a.j - b.j)
      .map(({ j }) => j),
  );

  const terminals = new Map<number, number>();
  const terminal = (node: number): number => {
    const known = terminals.get(node);
    if (known !== undefined) return known;
    const place = jobs.length + terminals.size;
    terminals.set(node, place);
    return place;
  };
  const startPlace = shiftInts((shift) => terminal(shift.startNode));
  const endPlace = shiftInts((shift) => terminal(shift.endNode ?? NONE));
  const nodeOfPlace = Int32Array.from([...jobs.map((job) => job.node), ...terminals.keys()]);

  const travelClasses = new Map<string, number>();
  const travelClass = shiftInts((shift) => rowOf(travelClasses, JSON.stringify(travelClassOf(problem, shift))));
  const ways = [...travelClasses.keys()].map((key) => compileWays(problem, nodeOfPlace, JSON.parse(key)));
  const servicePercents = new Map<string, number>();
  const serviceRow = shiftInts((shift) => rowOf(servicePercents, String(shift.servicePercent ?? 100)) * jobs.length);
  const speeds = problem.travel.speedByTime ?? [];
  const stock = compileStock(problem, shifts, jobs, jobPlace);
  const kinds = kindsOf(jobs);
  const links = compileLinks(problem.links ?? [], jobPlace, jobs.length);

  const draft = {
    problem,
    shiftCount: shifts.length,
    jobCount: jobs.length,
    placeCount: nodeOfPlace.length,
    shiftIndex: Int32Array.from(shiftOrder),
    jobIndex: Int32Array.from(jobOrder),
    shiftPlace,
    jobPlace,
    ways,
    travelClass,
    speedFrom: speeds.length === 0 ? null : Int32Array.from(speeds, (piece) => piece.from),
    speedPercent: speeds.length === 0 ? null : Int32Array.from(speeds, (piece) => piece.percent),
    topSpeedPercent: speeds.reduce((top, piece) => Math.max(top, piece.percent), 100),
    fromPlace: Int32Array.from([...jobs.keys(), ...startPlace]),
    toPlace: Int32Array.from([...jobs.keys(), ...endPlace]),
    startPlace,
    endsAnywhere: Uint8Array.from(shifts, (shift) => (shift.endNode === null ? 1 : 0)),
    nodeOfPlace,
    freeAt: shiftInts((shift) => Math.max(shift.from, problem.now)),
    until: shiftInts((shift) => shift.until),
    limit: shiftInts((shift) => shift.until + shift.overtime),
    breakFirst: firsts(breaks),
    breakFrom: Int32Array.from(allBreaks, (b) => b.window.from),
    breakUntil: Int32Array.from(allBreaks, (b) => b.window.until),
    breakLength: Int32Array.from(allBreaks, (b) => b.length),
    breakIndex: Int32Array.from(allBreaks, (b) => b.index),
    gapFirst: firsts(gaps),
    gapFrom: Int32Array.from(allGaps, (gap) => gap.from),
    gapUntil: Int32Array.from(allGaps, (gap) => gap.until),
    breakLost: new Uint8Array(allBreaks.length),
    fixedStops,
    freeAfterFixed: new Int32Array(shifts.length),
    nodeAfterFixed: new Int32Array(shifts.length),
    costOfFixed: new Float64Array(shifts.length),
    breakAfterFixed: new Int32Array(shifts.length),
    travelOfFixed: new Int32Array(shifts.length),
    workOfFixed: new Int32Array(shifts.length),
    emptyCost: new Float64Array(shifts.length),
    use: Float64Array.from(shifts, (shift) => shift.rates?.use ?? problem.weights.useOfShift),
    dutyPerHour: Float64Array.from(shifts, (shift) => shift.rates?.dutyPerHour ?? 0),
    maxJobs: shiftInts((shift) => shift.maxJobs ?? UNLIMITED),
    maxTravel: shiftInts((shift) => shift.maxTravel ?? UNLIMITED),
    maxDuration: shiftInts((shift) => shift.maxDuration ?? UNLIMITED),
    fairWork: shiftInts((shift) => shift.fairWork ?? UNLIMITED),
    shiftClass: new Int32Array(shifts.length),
    shiftClassCount: 0,
    service: Int32Array.from(
      [...servicePercents.keys()].flatMap((percent) => jobs.map((job) => percentOf(job.service, Number(percent)))),
    ),
    serviceRow,
    release: ints((job) => Math.max(job.release, problem.now)),
    due: doubles((job) => job.due ?? Infinity),
    latePerSecond: doubles((job) => job.latePerSecond),
    severeAfter: doubles((job) => job.severeAfter ?? Infinity),
    severePerSecond: doubles((job) => job.severePerSecond ?? 0),
    waitingPerHour: doubles((job) => job.waitingPerHour ?? 0),
    price: doubles((job) => leftOutPrice(problem, job) + (isLocked(job) ? LOCK_PRICE : 0)),
    windowFirst: firsts(windows),
    windowFrom: Int32Array.from(allWindows, (w) => w.from),
    windowUntil: Int32Array.from(allWindows, (w) => w.until),
    latestStart: ints(latestStartOf),
    fixed: Uint8Array.from(jobs, (job) => (job.inForce?.fixed ? 1 : 0)),
    started: Uint8Array.from(jobs, (job) => (job.inForce?.fixed && job.inForce.started ? 1 : 0)),
    locked: Uint8Array.from(jobs, (job) => (isLocked(job) ? 1 : 0)),
    lockedStart: ints((job) => (job.inForce?.lockTime ? job.inForce.start : NEVER)),
    givenStart: ints((job) => (job.inForce?.lockTime ? job.inForce.start : NEVER)),
    fixedStart: new Int32Array(jobs.length).fill(NEVER),
    order: ints((job) => (job.inForce?.lockOrder && !job.inForce.fixed ? job.inForce.position : NONE)),
    forceShift: ints((job) => (job.inForce === null ? NONE : (shiftPlace[job.inForce.shift] ?? NONE))),
    forcePosition: ints((job) => job.inForce?.position ?? NONE),
    forceStart: ints((job) => job.inForce?.start ?? 0),
    promisedFrom: doubles((job) => job.inForce?.promised?.from ?? -Infinity),
    promisedUntil: doubles((job) => job.inForce?.promised?.until ?? Infinity),
    ...stock,
    ...links,
    groupRelease: new Float64Array(jobs.length).fill(NEVER),
    allowed: new Uint8Array(jobs.length * shifts.length),
    pairCost: pairCosts(problem, shifts, jobs, kinds),
    plain: false,
  } satisfies Instance;

  for (let s = 0; s < shifts.length; s++) {
    dropWhatCannotBeTimed(draft, s);
    const fixed = draft.fixedStops[s] ?? [];
    draft.fromPlace[jobs.length + s] = fixed.at(-1) ?? startPlace[s]!;
    const may = kinds.examples.map((j) => {
      const pair = pairOf(draft, s, j);
      return crewRules.every((rule) => rule.blocks(pair) === null);
    });
    for (let j = 0; j < jobs.length; j++) {
      if (draft.fixed[j] === 0 && may[kinds.kindOf[j]!] === true) draft.allowed[j * shifts.length + s] = 1;
    }
  }
  releaseGroups(draft);
  const classes = classesOf(draft, shifts);
  draft.shiftClass.set(classes.classOf);
  const compiled: Instance = { ...draft, shiftClassCount: classes.count };
  return { ...compiled, plain: isPlain(compiled) };
}

const placesIn = (order: readonly number[]): Int32Array => {
  const places = new Int32Array(order.length);
  order.forEach((index, place) => (places[index] = place));
  return places;
};

/** The number of a key, a new one for a new key. */
function rowOf(rows: Map<string, number>, key: string): number {
  const row = rows.get(key) ?? rows.size;
  rows.set(key, row);
  return row;
}

function breaksOf(shift: Shift): (Break & { readonly index: number })[] {
  return shift.breaks
    .map((b, index) => ({ ...b, index }))
    .sort(
      (a, b) => a.window.from - b.window.from || a.window.until - b.window.until || a.length - b.length || (a.id < b.id ? -1 : 1),
    );
}

/** The time between the windows of a shift. */
function gapsOf({ windows = [] }: Shift): { readonly from: number; readonly until: number }[] {
  return windows.slice(1).flatMap(({ from }, i) => {
    const until = windows[i]?.until ?? from;
    return until < from ? [{ from: until, until: from }] : [];
  });
}

function latestStartOf(job: Job): number {
  if (job.inForce?.lockTime) return job.inForce.start;
  return job.windows.reduce((latest, w) => Math.max(latest, w.until), job.windows.length === 0 ? UNLIMITED : -UNLIMITED);
}

function compileStock(problem: Problem, shifts: readonly Shift[], jobs: readonly Job[], jobPlace: Int32Array) {
  const dimensions = Math.max(
    0,
    ...shifts.map((shift) => shift.capacity?.length ?? 0),
    ...jobs.map((job) => Math.max(job.uses?.length ?? 0, job.collects?.length ?? 0)),
  );
  const table = (rows: readonly (readonly number[] | undefined)[], absent: number): Float64Array =>
    Float64Array.from(rows.flatMap((row) => Array.from({ length: dimensions }, (_, d) => row?.[d] ?? absent)));
  const fetched = new Uint8Array(jobs.length);
  for (const link of problem.links ?? []) if (link.sameShift === true) fetched[jobPlace[link.second]!] = 1;
  const collects = table(
    jobs.map((job) => job.collects),
    0,
  );
  return {
    dimensions,
    capacity: table(
      shifts.map((shift) => shift.capacity),
      Infinity,
    ),
    uses: table(
      jobs.map((job) => job.uses),
      0,
    ),
    collects,
    fetched,
    onlyUses: collects.every((amount) => amount === 0) && fetched.every((is) => is === 0),
  };
}

/** Jobs between which no rule of `crewRules` makes a difference are of one kind: the rules are asked once a kind. */
interface Kinds {
  readonly kindOf: Int32Array;
  /** One job of each kind. */
  readonly examples: readonly number[];
}

function kindsOf(jobs: readonly Job[]): Kinds {
  const kinds = new Map<string, number>();
  const examples: number[] = [];
  const kindOf = Int32Array.from(jobs, (job, j) => {
    const { skills, skillLevels, preferredLevels, plant, uses, collects, area, declinedBy, inForce } = job;
    const holder = declinedBy === undefined || declinedBy.length === 0 ? null : (inForce?.shift ?? null);
    const key = JSON.stringify([
      skills,
      skillLevels,
      preferredLevels,
      plant,
      uses,
      collects,
      area,
      declinedBy,
      holder,
      boundShift(job),
    ]);
    const kind = rowOf(kinds, key);
    examples[kind] ??= j;
    return kind;
  });
  return { kindOf, examples };
}

/** What it costs beyond way and time that a crew does a job: levels above what is enough, and work outside its areas. */
function pairCosts(problem: Problem, shifts: readonly Shift[], jobs: readonly Job[], kinds: Kinds): Float64Array | null {
  const byKind = kinds.examples.map((j) =>
    shifts.map((shift) => overqualificationCost(problem, shift, jobs[j]!) + areaCost(shift, jobs[j]!)),
  );
  if (byKind.every((costs) => costs.every((cost) => cost === 0))) return null;
  const table = new Float64Array(jobs.length * shifts.length);
  for (let j = 0; j < jobs.length; j++) table.set(byKind[kinds.kindOf[j]!]!, j * shifts.length);
  return table;
}

/** Carries releases, window openings and given starts along the links: links make no circle, so once through as often as there are links is enough. */
function releaseGroups(instance: Instance): void {
  const { groupRelease, release, windowFirst, windowFrom, givenStart, fixedStart } = instance;
  instance.groups.forEach((group, g) => {
    for (const j of group) {
      const w = windowFirst[j]!;
      const opens = w < windowFirst[j + 1]! ? windowFrom[w]! : NEVER;
      groupRelease[j] = instance.fixed[j] === 1 ? fixedStart[j]! : Math.max(release[j]!, opens, givenStart[j]!);
    }
    for (let round = 0; round < group.length; round++) {
      for (const { first, second, least, most } of instance.groupLinks[g]!) {
        groupRelease[second] = Math.max(groupRelease[second]!, groupRelease[first]! + least);
        if (most < Infinity) groupRelease[first] = Math.max(groupRelease[first]!, groupRelease[second]! - most);
      }
    }
  });
}

/** Equal shifts that nobody has named: their jobs may change places without anybody noticing. */
function classesOf(instance: Instance, shifts: readonly Shift[]): { classOf: Int32Array; count: number } {
  const named = new Set<number>();
  for (const job of instance.problem.jobs) {
    if (job.inForce !== null) named.add(instance.shiftPlace[job.inForce.shift]!);
    for (const s of job.declinedBy ?? []) named.add(instance.shiftPlace[s]!);
  }
  const keys = new Map<string, number>();
  const classOf = Int32Array.from(shifts, (shift, s) => {
    const { id, ...rest } = shift;
    return rowOf(keys, named.has(s) ? `named ${id}` : JSON.stringify(rest));
  });
  return { classOf, count: keys.size };
}

function isPlain(instance: Instance): boolean {
  const { problem } = instance;
  const each = (list: ArrayLike<number>, is: (value: number, index: number) => boolean): boolean =>
    Array.prototype.every.call(list, is);
  return (
    instance.ways.length === 1 &&
    instance.speedFrom === null &&
    instance.groups.length === 0 &&
    instance.pairCost === null &&
    instance.onlyUses &&
    instance.breakFrom.length === 0 &&
    instance.gapFrom.length === 0 &&
    each(instance.dutyPerHour, (price) => price === 0) &&
    each(instance.maxTravel, (most) => most === UNLIMITED) &&
    each(instance.maxDuration, (most) => most === UNLIMITED) &&
    (each(instance.fairWork, (share) => share === UNLIMITED) || (problem.weights.balancePerSecond ?? 0) === 0) &&
    each(instance.limit, (limit, s) => limit === instance.until[s] || problem.weights.overtimePerSecond === 0) &&
    each(instance.serviceRow, (row) => row === 0) &&
    each(instance.due, (due, j) => due === Infinity || (instance.latePerSecond[j] === 0 && instance.severePerSecond[j] === 0)) &&
    each(instance.waitingPerHour, (price) => price === 0) &&
    each(instance.windowFirst, (first, j) => j === instance.jobCount || instance.windowFirst[j + 1]! - first <= 1) &&
    problem.jobs.every((job) => job.inForce === null || job.inForce.fixed)
  );
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
    instance.nodeAfterFixed[s] = instance.nodeOfPlace[driven.freePlace]!;
    instance.costOfFixed[s] = driven.cost;
    instance.breakAfterFixed[s] = driven.nextBreak;
    instance.travelOfFixed[s] = driven.travel;
    instance.workOfFixed[s] = driven.work;
    instance.emptyCost[s] = driven.emptyCost;
    driven.starts.forEach((start, k) => (instance.fixedStart[stops[k]!] = start));
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
