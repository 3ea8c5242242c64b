import type { Break, Interval, Job, Link, Problem, Shift, TravelMatrix } from '../../../routing/problem.ts';
import { seconds, type LonLat, type Seconds } from '../../../routing/units.ts';
import type { StartSource } from '../../stores/plans/contract.ts';
import type { Snapshot, SnapshotAssignment, SnapshotJob, SnapshotShift } from '../../stores/plans/snapshot.ts';
import type { PlanSaw } from '../../stores/plans/store.ts';
import { tieSlots } from './linked-slots.ts';
import { ofPriority, type PlanningPolicy } from './planning-policy.ts';
import { agreedStart, type At, AT_WORK, inForceOf, serviceLeft, stopsInOrder } from './stops-in-force.ts';

/** A slot of a job as the plan knows it; the index in the list is the engine's. */
export interface PlannedSlot {
  readonly jobId: string;
  readonly slot: number;
  readonly assignmentId: string | null;
  /** Dispatched or under way: the plan takes it as it is. */
  readonly fixed: boolean;
  /** The plan may take it off its crew: planned and unlocked. */
  readonly free: boolean;
}

/** Where a crew starts in the plan; the index in the list is the engine's. */
export interface PlannedStart {
  readonly shiftId: string;
  readonly source: StartSource;
  readonly ageSeconds: number | null;
}

/** About 28 years: a time beyond it is a slip of the keyboard, and stays within what the engine counts. */
const FARTHEST_SECONDS = 900_000_000;

/** What the plan leaves out before the engine is asked, and why. */
export interface NotAsked {
  readonly jobId: string;
  readonly slot: number;
  readonly reason:
    /** Another crew has its part of the job on another day: who joins it is planned by hand. */
    | { readonly code: 'other_crew_on_other_day'; readonly params: { readonly slots: number } }
    | { readonly code: 'waits_for_other_job'; readonly params: { readonly jobIds: readonly string[] } }
    | { readonly code: 'released_later'; readonly params: { readonly releaseAt: string } }
    | { readonly code: 'beyond_plan_size'; readonly params: { readonly most: number } };
}

/** The problem but for its travel times, and what is needed to read the answer. */
export interface ProblemOutline {
  readonly epochUnixSeconds: number;
  readonly now: Seconds;
  /** Distinct places; the nodes of shifts and jobs are their indices. */
  readonly places: readonly LonLat[];
  readonly shifts: readonly Shift[];
  readonly jobs: readonly Job[];
  /** Slots of one job that its crews begin together. */
  readonly links: readonly Link[];
  readonly starts: readonly PlannedStart[];
  /** Where each crew starts when no road leads away from its position. */
  readonly depotNodes: readonly number[];
  readonly slots: readonly PlannedSlot[];
  readonly notAsked: readonly NotAsked[];
  readonly saw: PlanSaw;
}

/** Keep every price inside what the engine computes exactly. */
const MOST_PRICE = 100_000_000;
const MOST_RATE = 1_000_000;

/** Six decimals are 0.1 m: nearer places are one node. */
const placeKey = (place: LonLat): string => `${place.lon.toFixed(6)},${place.lat.toFixed(6)}`;

/**
 * The problem of a service day from one snapshot of the city. Pure: equal snapshot, policy and epoch give an equal
 * outline, in order of id. `epoch` is the start of the service day; all times are whole seconds after it.
 * @param byHand slots (see `slotKey`) that a person looks at: asked even where a plan would not.
 */
export function outlineProblem(
  snapshot: Snapshot,
  policy: PlanningPolicy,
  epoch: Date,
  byHand: ReadonlySet<string> = new Set(),
): ProblemOutline {
  const at = (time: Date): Seconds => {
    const after = Math.floor((time.getTime() - epoch.getTime()) / 1000);
    return seconds(Math.max(-FARTHEST_SECONDS, Math.min(FARTHEST_SECONDS, after)));
  };
  const now = at(snapshot.at);
  const places: LonLat[] = [];
  const nodes = new Map<string, number>();
  const nodeOf = (place: LonLat): number => {
    const key = placeKey(place);
    const known = nodes.get(key);
    if (known !== undefined) return known;
    nodes.set(key, places.length);
    return places.push({ lon: Number(place.lon.toFixed(6)), lat: Number(place.lat.toFixed(6)) }) - 1;
  };

  const jobsById = new Map<string, SnapshotJob>(snapshot.jobs.map((job) => [job.id, job]));
  const shiftIndex = new Map<string, number>(snapshot.shifts.map((shift, index) => [shift.id, index]));
  const held = new Map(snapshot.assignments.map((a) => [slotKey(a.jobId, a.slot), a]));
  const inOrder = snapshot.shifts.map((shift) =>
    stopsInOrder(snapshot.assignments.filter((a) => a.shiftId === shift.id && jobsById.has(a.jobId))),
  );

  const starts: PlannedStart[] = [];
  const depotNodes: number[] = [];
  const shifts = snapshot.shifts.map((shift, index): Shift => {
    const first = inOrder[index]?.[0];
    const start = startOf(shift, first, jobsById, snapshot.at, policy);
    starts.push({ shiftId: shift.id, source: start.source, ageSeconds: start.ageSeconds });
    depotNodes.push(nodeOf(shift.startPlace));
    return {
      id: shift.id,
      startNode: nodeOf(start.place),
      endNode: shift.endPlace === null ? null : nodeOf(shift.endPlace),
      from: freeFrom(shift, at),
      until: at(shift.until),
      overtime: seconds(shift.overtimeAllowedSeconds),
      breaks: openBreaks(shift, at),
      skills: [...shift.skills].sort(),
      plant: [...shift.plant].sort(),
    };
  });

  /** Another crew has a slot of it, in a shift that this plan does not see. */
  const onOtherDay = (job: SnapshotJob): boolean =>
    job.slots.some((_, slot) => {
      const holder = held.get(slotKey(job.id, slot));
      return holder !== undefined && !shiftIndex.has(holder.shiftId);
    });
  const end = Math.max(now, ...snapshot.shifts.map((shift) => at(shift.until)));
  const asked: { job: Job; slot: PlannedSlot; price: number }[] = [];
  const notAsked: NotAsked[] = [];
  for (const job of snapshot.jobs) {
    job.slots.forEach((needs, slot) => {
      const assignment = held.get(slotKey(job.id, slot));
      const shift = assignment === undefined ? undefined : shiftIndex.get(assignment.shiftId);
      // Of another day, or of a shift that has ended: not this plan's to touch.
      if (assignment !== undefined && shift === undefined) return;
      if (assignment === undefined && job.endedSlots.includes(slot)) return;
      const because =
        assignment === undefined && !byHand.has(slotKey(job.id, slot))
          ? whyNotAsked(job, onOtherDay(job), at(job.releaseAt) > end)
          : null;
      if (because !== null) {
        notAsked.push({ jobId: job.id, slot, reason: because });
        return;
      }
      const inForce =
        assignment === undefined || shift === undefined
          ? null
          : inForceOf(assignment, shift, inOrder[shift] ?? [], onOtherDay(job), at, now);
      const waiting = waitingPrice(job, snapshot.at, policy);
      asked.push({
        price: inForce === null ? waiting : Infinity,
        slot: {
          jobId: job.id,
          slot,
          assignmentId: assignment?.id ?? null,
          fixed: inForce?.fixed ?? false,
          free: inForce !== null && !inForce.fixed && !inForce.lockCrew && !inForce.lockTime && !inForce.lockOrder,
        },
        job: {
          id: slotKey(job.id, slot),
          node: -1,
          service:
            inForce?.fixed && assignment !== undefined
              ? serviceLeft(job, assignment, snapshot.at, policy)
              : seconds(job.serviceSeconds),
          release: agreedStart(assignment, snapshot.assignments, at) ?? at(job.releaseAt),
          windows: job.windows.map((w): Interval => ({ from: at(w.from), until: at(w.until) })),
          due: job.dueAt === null ? null : at(job.dueAt),
          latePerSecond: Math.min(
            MOST_RATE,
            ofPriority(policy.latePerSecond, job.priority) * (job.emergency ? policy.emergencyFactor : 1),
          ),
          waiting,
          waitingPerHour: Math.min(
            MOST_RATE,
            ofPriority(policy.waitingPerHour, job.priority) * (job.emergency ? policy.emergencyFactor : 1),
          ),
          skills: [...needs.skills].sort(),
          plant: [...needs.plant].sort(),
          declinedBy: job.declined
            .flatMap((no) => (no.slot === slot ? (shiftIndex.get(no.shiftId) ?? []) : []))
            .sort((a, b) => a - b),
          inForce,
        },
      });
    });
  }

  const kept = asked.length > policy.mostJobs ? dearest(asked, policy.mostJobs) : asked;
  const keptSlots = new Set(kept.map(({ slot }) => slot));
  for (const { slot } of asked) {
    if (keptSlots.has(slot)) continue;
    notAsked.push({
      jobId: slot.jobId,
      slot: slot.slot,
      reason: { code: 'beyond_plan_size', params: { most: policy.mostJobs } },
    });
  }
  const placed = kept.map(({ job, slot }) => ({ ...job, node: nodeOf(jobsById.get(slot.jobId)?.place ?? { lon: 0, lat: 0 }) }));
  const { jobs, links } = tieSlots(
    placed,
    shifts,
    kept.map(({ slot }) => ({
      jobId: slot.jobId,
      begun: AT_WORK.includes(held.get(slotKey(slot.jobId, slot.slot))?.state ?? 'planned'),
    })),
  );
  return {
    epochUnixSeconds: Math.floor(epoch.getTime() / 1000),
    now,
    places,
    shifts,
    jobs,
    links,
    starts,
    depotNodes,
    slots: kept.map(({ slot }) => slot),
    notAsked,
    saw: {
      jobs: Object.fromEntries(kept.map(({ slot }) => [slot.jobId, jobsById.get(slot.jobId)?.planningVersion ?? 0])),
      shifts: Object.fromEntries(snapshot.shifts.map((shift) => [shift.id, shift.planningVersion])),
    },
  };
}

/**
 * The outline with its travel times. A crew whose position no road leaves (a bad reading on a closed site) starts
 * from its depot instead; `starts` says so.
 */
export function completeProblem(
  outline: ProblemOutline,
  travel: TravelMatrix,
  policy: PlanningPolicy,
): { problem: Problem; starts: readonly PlannedStart[] } {
  const leadsSomewhere = (node: number): boolean =>
    outline.jobs.length === 0 || outline.jobs.some((job) => (travel.seconds[node * travel.size + job.node] ?? -1) >= 0);
  const starts: PlannedStart[] = [];
  const shifts = outline.shifts.map((shift, index) => {
    const start = outline.starts[index] ?? { shiftId: shift.id, source: 'depot', ageSeconds: null };
    const depot = outline.depotNodes[index] ?? shift.startNode;
    if ((start.source !== 'live_position' && start.source !== 'projected') || leadsSomewhere(shift.startNode)) {
      starts.push(start);
      return shift;
    }
    starts.push({ shiftId: shift.id, source: 'depot', ageSeconds: null });
    return { ...shift, startNode: depot };
  });
  const { epochUnixSeconds, now, jobs, links } = outline;
  const { size, source } = travel;
  return {
    problem: {
      epochUnixSeconds,
      now,
      shifts,
      jobs,
      travel: { size, seconds: travel.seconds, metres: travel.metres, source },
      weights: policy.weights,
      ...(links.length === 0 ? {} : { links }),
    },
    starts,
  };
}

/** Names one slot of one job: the engine's job id. */
export const slotKey = (jobId: string, slot: number): string => `${jobId}:${slot}`;

function startOf(
  shift: SnapshotShift,
  first: SnapshotAssignment | undefined,
  jobs: ReadonlyMap<string, SnapshotJob>,
  now: Date,
  policy: PlanningPolicy,
): { place: LonLat; source: StartSource; ageSeconds: number | null } {
  const underWay = first !== undefined && AT_WORK.includes(first.state) ? jobs.get(first.jobId) : undefined;
  if (underWay !== undefined) return { place: underWay.place, source: 'stop_under_way', ageSeconds: null };
  const age = (at: Date): number => Math.max(0, Math.floor((now.getTime() - at.getTime()) / 1000));
  // Before its shift a vehicle stands wherever it was left for the night.
  const begun = shift.state === 'on_duty' || now >= shift.from;
  if (begun && shift.position !== null && age(shift.position.at) <= policy.positionFreshSeconds) {
    return { place: shift.position.place, source: 'live_position', ageSeconds: age(shift.position.at) };
  }
  if (begun && shift.projected !== null) {
    return { place: shift.projected.place, source: 'projected', ageSeconds: age(shift.projected.knownAt) };
  }
  if (shift.lastStop !== null) return { place: shift.lastStop.place, source: 'last_stop', ageSeconds: age(shift.lastStop.at) };
  return { place: shift.startPlace, source: 'depot', ageSeconds: null };
}

/** The beginning of the shift, or the end of the break that it is in. */
function freeFrom(shift: SnapshotShift, at: At): Seconds {
  const breakEnds = shift.breaks.flatMap((b) => (b.takenAt === undefined ? [] : [at(new Date(b.takenAt)) + b.lengthSeconds]));
  return seconds(Math.min(at(shift.until), Math.max(at(shift.from), ...breakEnds)));
}

function openBreaks(shift: SnapshotShift, at: At): Break[] {
  return shift.breaks
    .filter((b) => b.takenAt === undefined)
    .map((b) => ({
      id: b.id,
      window: { from: at(new Date(b.earliest)), until: at(new Date(b.latest)) },
      length: seconds(b.lengthSeconds),
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

function whyNotAsked(job: SnapshotJob, onOtherDay: boolean, laterThanToday: boolean): NotAsked['reason'] | null {
  if (job.waitsFor.length > 0) return { code: 'waits_for_other_job', params: { jobIds: job.waitsFor } };
  if (onOtherDay) return { code: 'other_crew_on_other_day', params: { slots: job.slots.length } };
  if (laterThanToday) return { code: 'released_later', params: { releaseAt: job.releaseAt.toISOString() } };
  return null;
}

/** The price of "not today": by priority, and rising with the hours the oldest report has waited. */
function waitingPrice(job: SnapshotJob, now: Date, policy: PlanningPolicy): number {
  const hours = Math.max(0, (now.getTime() - job.waitingSince.getTime()) / 3_600_000);
  const price = ofPriority(policy.waiting, job.priority) + Math.floor(hours * ofPriority(policy.waitingPerHour, job.priority));
  return Math.min(MOST_PRICE, Math.floor(price * (job.emergency ? policy.emergencyFactor : 1)));
}

/** The jobs that cost most to leave, in the order they came in; all slots of a job or none. */
function dearest<T extends { readonly price: number; readonly slot: Pick<PlannedSlot, 'jobId'> }>(
  entries: readonly T[],
  most: number,
): T[] {
  const byJob = new Map<string, T[]>();
  for (const entry of entries) byJob.set(entry.slot.jobId, [...(byJob.get(entry.slot.jobId) ?? []), entry]);
  const price = (slots: readonly T[]): number => Math.max(...slots.map((entry) => entry.price));
  const chosen = new Set<T>();
  // Sorting keeps the order of those that cost the same.
  for (const slots of [...byJob.values()].sort((a, b) => (price(a) === price(b) ? 0 : price(a) < price(b) ? 1 : -1))) {
    if (chosen.size + slots.length <= most) for (const entry of slots) chosen.add(entry);
  }
  return entries.filter((entry) => chosen.has(entry));
}
