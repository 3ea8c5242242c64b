import type { Draft } from './draft.ts';
import { type Instance, LOCK_PRICE, NONE } from './instance.ts';
import { changesOfPlan, costOfPlan } from './objective.ts';
import type { Cost, LpRound, Pace, Plan, PlannedBreak, PlannedShift, PlannedStop, Unassigned } from './plan.ts';
import { reasonFor } from './reasons.ts';
import { advance, begin, finish, newCursor } from './schedule.ts';
import { metres, seconds } from './units.ts';

/** Names the algorithm in a stored plan; raised when the same problem and seed may give another plan. */
export const ENGINE = 'assignment rounds, slack induction 4';

/** How a plan was made, as far as the plan tells. */
export interface PlanMaking {
  readonly seed: number;
  readonly iterations: number;
  readonly rounds: readonly LpRound[];
  readonly pace: Pace;
  readonly maxChanges: number | null;
  readonly forcedChanges: number;
  /** Absent = that of the draft itself. */
  readonly costInForce?: Cost;
}

/** The draft as a plan in the problem's own indices: every shift and every job, in the order of the problem. */
export function planOf(draft: Draft, made: PlanMaking): Plan {
  const { instance } = draft;
  const shifts = plannedShifts(draft);
  const unassigned: Unassigned[] = [];
  let unkeptLocks = 0;
  for (let j = 0; j < instance.jobCount; j++) {
    if (draft.shiftOf[j] !== NONE) continue;
    unassigned.push({ job: instance.jobIndex[j]!, reason: reasonFor(draft, j) });
    unkeptLocks += instance.locked[j]!;
  }
  unassigned.sort((a, b) => a.job - b.job);
  const cost = costOfPlan(instance.problem, shifts, unassigned);
  const worst = Math.max(0, ...shifts.flatMap(({ stops }) => stops.map(({ late }) => late)));
  const counted = draft.cost - unkeptLocks * LOCK_PRICE + worst * (instance.problem.weights.worstLatePerSecond ?? 0);
  if (cost.total !== counted) throw new Error(`engine fault: the search counted ${counted}, the plan costs ${cost.total}`);
  return {
    shifts,
    unassigned,
    cost,
    costInForce: made.costInForce ?? cost,
    lp: { rounds: made.rounds },
    bound: null,
    seed: made.seed,
    iterations: made.iterations,
    engine: ENGINE,
    pace: made.pace,
    changes: changesOfPlan(instance.problem, shifts, unassigned),
    forcedChanges: made.forcedChanges,
    maxChanges: made.maxChanges,
  };
}

function plannedShifts({ instance, shifts }: Draft): PlannedShift[] {
  return shifts.map(({ sequence }, s) => plannedShift(instance, s, sequence)).sort((a, b) => a.shift - b.shift);
}

/** What the draft costs, by term. */
export function costOfDraft(draft: Draft): Cost {
  const { instance, shiftOf } = draft;
  const leftOut = Array.from(shiftOf.keys()).filter((j) => shiftOf[j] === NONE);
  return costOfPlan(
    instance.problem,
    plannedShifts(draft),
    leftOut.map((j) => ({ job: instance.jobIndex[j]! })),
  );
}

/** One shift with this sequence, fixed stops first, as a plan has it. The sequence must be possible. */
export function plannedShift(instance: Instance, s: number, sequence: readonly number[]): PlannedShift {
  const { problem, nodeOfPlace } = instance;
  const { size } = problem.travel;
  const shiftIndex = instance.shiftIndex[s]!;
  const shift = problem.shifts[shiftIndex]!;
  const cursor = newCursor();
  cursor.breaksTaken = [];
  begin(instance, s, cursor);
  const from = cursor.time;
  const stops: PlannedStop[] = [];
  let drive = 0;
  let length = 0;
  let work = 0;
  for (const j of sequence) {
    const before = nodeOfPlace[cursor.place]!;
    if (!advance(instance, s, cursor, j)) throw new Error(`engine fault: shift ${shift.id} cannot be driven as planned`);
    const leg = problem.travel.metres[before * size + nodeOfPlace[cursor.place]!]!;
    drive += cursor.drive;
    length += leg;
    work += instance.service[instance.serviceRow[s]! + j]!;
    stops.push({
      job: instance.jobIndex[j]!,
      travel: seconds(cursor.drive),
      metres: metres(leg),
      arrival: seconds(cursor.arrival),
      start: seconds(cursor.start),
      end: seconds(cursor.time),
      late: seconds(Math.max(0, cursor.start - instance.due[j]!)),
    });
  }
  const last = nodeOfPlace[cursor.place]!;
  if (!finish(instance, s, cursor)) throw new Error(`engine fault: shift ${shift.id} does not end as planned`);
  const home = shift.endNode;
  const drivesHome =
    home !== null && problem.travel.seconds[last * size + home]! >= 0 && !(stops.length === 0 && from >= shift.until);
  if (drivesHome) length += problem.travel.metres[last * size + home]!;
  drive += cursor.drive;
  const endsAt = cursor.time;
  const breaks = breaksOf(instance, s, cursor.breaksTaken);
  const driving = [
    ...stops.map(({ arrival, travel }) => ({ start: arrival - travel, end: arrival })),
    { start: endsAt - cursor.drive, end: endsAt },
  ];
  const gaps = Array.from(instance.gapFrom.subarray(instance.gapFirst[s]!, instance.gapFirst[s + 1]!), (start, g) => ({
    start,
    end: instance.gapUntil[instance.gapFirst[s]! + g]!,
  }));
  const spent = secondsIn([...breaks, ...gaps, ...driving, ...stops], from, endsAt);
  const offDuty = stops.length === 0 && from >= shift.until;
  return {
    shift: shiftIndex,
    stops,
    breaks,
    breaksSkipped: skippedBreaks(instance, s),
    travel: seconds(drive),
    metres: metres(length),
    work: seconds(work),
    idle: seconds(endsAt - from - spent),
    overtime: seconds(offDuty ? 0 : Math.max(0, endsAt - shift.until)),
    endsAt: seconds(endsAt),
  };
}

/** Seconds between two moments that lie in at least one of the spans. */
function secondsIn(spans: readonly { readonly start: number; readonly end: number }[], from: number, until: number): number {
  let sum = 0;
  let reached = from;
  for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
    const ends = Math.min(end, until);
    if (ends <= reached) continue;
    sum += ends - Math.max(start, reached);
    reached = ends;
  }
  return sum;
}

function breaksOf(instance: Instance, s: number, taken: readonly number[]): PlannedBreak[] {
  const { breaks } = instance.problem.shifts[instance.shiftIndex[s]!]!;
  const planned: PlannedBreak[] = [];
  for (let i = 0; i < taken.length; i += 2) {
    const b = taken[i]!;
    const start = taken[i + 1]!;
    const { id } = breaks[instance.breakIndex[b]!]!;
    planned.push({ id, start: seconds(start), end: seconds(start + instance.breakLength[b]!) });
  }
  return planned;
}

function skippedBreaks(instance: Instance, s: number): string[] {
  const { breaks } = instance.problem.shifts[instance.shiftIndex[s]!]!;
  const skipped: string[] = [];
  for (let b = instance.breakFirst[s]!; b < instance.breakFirst[s + 1]!; b++) {
    if (instance.breakLost[b] === 1) skipped.push(breaks[instance.breakIndex[b]!]!.id);
  }
  return skipped;
}
