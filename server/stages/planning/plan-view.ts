import type { PlannedStop, Reason } from '../../../routing/plan.ts';
import type { AssignmentState } from '../../stores/assignments/contract.ts';
import type { JobState } from '../../stores/jobs/contract.ts';
import {
  startFromOf,
  type PlanLeftOut,
  type PlanListed,
  type PlanShiftView,
  type PlanStopView,
  type PlanView,
} from '../../stores/plans/contract.ts';
import {
  contextKey,
  type ContextAssignment,
  type ContextJob,
  type ContextShift,
  type PlanContext,
} from '../../stores/plans/plan-context.ts';
import type { PlanRecord } from '../../stores/plans/store.ts';
import type { PlannedSlot } from './build-problem.ts';
import type { LeftOutReason, ReadableResult } from './plan-result.ts';

/** What it takes to look at a plan. */
export interface Look {
  readonly record: PlanRecord;
  readonly result: ReadableResult;
  readonly context: PlanContext;
  /** City time of the look. */
  readonly now: Date;
  /** A start that moves by less is the same time. */
  readonly toleranceSeconds: number;
  /** Jobs the viewer may see. */
  readonly visible: (job: ContextJob) => boolean;
}

const NOT_BEGUN: readonly AssignmentState[] = ['planned', 'dispatched', 'accepted'];
const CLOSED: readonly JobState[] = ['draft', 'on_hold', 'completed', 'cannot_complete', 'cancelled'];

/** The plan against what is in force now: what is new, moved, taken off, left out and why, late before and after. */
export function viewPlan(look: Look): PlanView {
  const { record, result, context } = look;
  const { plan } = result;
  const instant = (s: number): string => new Date((result.epochUnixSeconds + s) * 1000).toISOString();
  const seen = (jobId: string): ContextJob | undefined => {
    const job = context.jobs.get(jobId);
    return job !== undefined && look.visible(job) ? job : undefined;
  };

  const stops: PlanStopView[] = [];
  const shifts: PlanShiftView[] = [];
  const after = new Map<string, number>();
  for (const planned of plan.shifts) {
    const start = result.shifts[planned.shift];
    if (start === undefined) continue;
    planned.stops.forEach((stop, position) => {
      const slot = result.slots[stop.job];
      const job = slot === undefined ? undefined : seen(slot.jobId);
      if (slot === undefined || job === undefined) return;
      after.set(contextKey(slot.jobId, slot.slot), stop.start);
      stops.push({
        jobId: slot.jobId,
        jobNumber: job.number,
        title: job.title,
        slot: slot.slot,
        shiftId: start.shiftId,
        position,
        arrival: instant(stop.arrival),
        start: instant(stop.start),
        end: instant(stop.end),
        lateSeconds: stop.late,
        travelSeconds: stop.travel,
        change: changeOf(look, slot, start.shiftId, stop),
        stale: record.state === 'draft' ? staleOf(look, slot, start.shiftId) : null,
      });
    });
    shifts.push({
      shiftId: start.shiftId,
      crewName: context.shifts.get(start.shiftId)?.crewName ?? '',
      startSource: start.source,
      startFrom: startFromOf(start.source),
      startAgeSeconds: start.ageSeconds,
      stops: planned.stops.length,
      travelSeconds: planned.travel,
      metres: planned.metres,
      workSeconds: planned.work,
      idleSeconds: planned.idle,
      overtimeSeconds: planned.overtime,
      endsAt: instant(planned.endsAt),
      breaks: planned.breaks.map((b) => ({ id: b.id, start: instant(b.start), end: instant(b.end) })),
      breaksSkipped: [...planned.breaksSkipped],
    });
  }

  const leftOut = leftOutOf(look, seen);
  const before = lateness(look, seen, (key, job, horizon) => startInForce(look, context.holders.get(key), job, horizon));
  const kept = new Set(
    leftOut
      .filter((l) => !l.takenOff && context.holders.has(contextKey(l.jobId, l.slot)))
      .map((l) => contextKey(l.jobId, l.slot)),
  );
  const afterwards = lateness(look, seen, (key, job, horizon) =>
    kept.has(key) ? startInForce(look, context.holders.get(key), job, horizon) : (after.get(key) ?? horizon),
  );
  const count = (change: PlanStopView['change']): number => stops.filter((stop) => stop.change === change).length;

  return {
    ...listedColumns(record, result),
    costNow: plan.costInForce,
    seed: record.seed,
    iterations: record.iterations,
    estimatedPairs: result.estimatedPairs,
    lp: plan.lp.rounds.map(({ crewPrices: _, ...round }) => round),
    summary: {
      jobs: stops.length + leftOut.length,
      assigned: stops.length,
      added: count('new'),
      moved: count('other_crew') + count('other_time'),
      takenOff: leftOut.filter((l) => l.takenOff).length,
      leftOut: leftOut.length,
      lateBefore: before.late,
      lateAfter: afterwards.late,
      lateSecondsBefore: before.seconds,
      lateSecondsAfter: afterwards.seconds,
      travelSeconds: sum(plan.shifts.map((s) => s.travel)),
      metres: sum(plan.shifts.map((s) => s.metres)),
    },
    zones: result.parts.map(({ shifts: own, jobs, iterations, madeBy }) => ({
      shiftIds: own.flatMap((s) => result.shifts[s]?.shiftId ?? []),
      jobs: jobs.length,
      iterations,
      madeBy,
    })),
    shifts,
    stops,
    leftOut,
  };
}

/** A plan in the list of its day. */
export function listPlan(record: PlanRecord, result: ReadableResult): PlanListed {
  return {
    ...listedColumns(record, result),
    assigned: sum(result.plan.shifts.map((s) => s.stops.length)),
    leftOut: result.plan.unassigned.length + result.notAsked.length,
  };
}

function listedColumns(record: PlanRecord, result: ReadableResult) {
  return {
    id: record.id,
    state: record.state,
    serviceDay: record.serviceDay,
    madeAt: record.madeAt.toISOString(),
    publishedAt: record.publishedAt?.toISOString() ?? null,
    engine: record.engine,
    roadsVersion: record.roadsVersion,
    roadsSource: record.roadsSource,
    cost: result.plan.cost,
    changes: result.changesCounted ? result.plan.changes : null,
    forcedChanges: result.changesCounted ? result.plan.forcedChanges : null,
    maxChanges: result.plan.maxChanges,
    bound: record.bound,
  };
}

const sum = (figures: readonly number[]): number => figures.reduce((a, b) => a + b, 0);

function changeOf(look: Look, slot: PlannedSlot, shiftId: string, stop: PlannedStop): PlanStopView['change'] {
  const holder = look.context.holders.get(contextKey(slot.jobId, slot.slot));
  if (holder === undefined) return 'new';
  if (holder.state !== 'planned') return 'fixed';
  if (holder.shiftId !== shiftId) return 'other_crew';
  const start = (look.result.epochUnixSeconds + stop.start) * 1000;
  const moved = holder.plannedStart === null ? Infinity : Math.abs(start - holder.plannedStart.getTime()) / 1000;
  return moved > look.toleranceSeconds ? 'other_time' : 'same';
}

/** Why publishing would leave the stop alone: the same questions as the publication asks, in the same order. */
function staleOf(look: Look, slot: PlannedSlot, shiftId: string): PlanStopView['stale'] {
  const { context, record } = look;
  const job = context.jobs.get(slot.jobId);
  const shift = context.shifts.get(shiftId);
  const holder = context.holders.get(contextKey(slot.jobId, slot.slot));
  const asSeen = (one: ContextShift | undefined): boolean => one?.planningVersion === record.saw.shifts[one?.id ?? ''];
  // What was with its crew already is not published at all.
  if (slot.fixed) return null;
  if (job === undefined || job.planningVersion !== record.saw.jobs[job.id]) return 'job_changed';
  if (CLOSED.includes(job.state)) return 'job_not_ready';
  if (shift === undefined || shift.state === 'ended') return 'shift_ended';
  if (!asSeen(shift)) return 'shift_changed';
  if (holder === undefined) return slot.assignmentId === null ? null : 'not_movable';
  if (holder.id !== slot.assignmentId) return 'slot_taken';
  if (holder.shiftId === shiftId) return null;
  if (holder.state !== 'planned') return 'not_movable';
  return asSeen(context.shifts.get(holder.shiftId)) ? null : 'shift_changed';
}

function leftOutOf(look: Look, seen: (jobId: string) => ContextJob | undefined): PlanLeftOut[] {
  const { result, context, now } = look;
  const all = [
    ...result.plan.unassigned.flatMap(({ job, reason }) => {
      const slot = result.slots[job];
      return slot === undefined ? [] : [{ ...slot, reason: sayReason(reason, result) }];
    }),
    ...result.notAsked.map((entry) => ({ ...entry, free: false, assignmentId: null })),
  ];
  return all.flatMap(({ jobId, slot, reason, free, assignmentId }) => {
    const job = seen(jobId);
    if (job === undefined) return [];
    const holder = context.holders.get(contextKey(jobId, slot));
    return [
      {
        jobId,
        jobNumber: job.number,
        title: job.title,
        slot,
        priority: job.priority,
        ageSeconds: Math.max(0, Math.floor((now.getTime() - job.waitingSince.getTime()) / 1000)),
        reason: { code: reason.code, params: { ...reason.params } },
        takenOff: free && holder !== undefined && holder.id === assignmentId && holder.state === 'planned',
      },
    ];
  });
}

/** The engine's reason with ids in place of its indices; an index that means nothing here becomes null. */
export function sayReason(
  reason: Reason,
  result: {
    readonly shifts: readonly { readonly shiftId: string }[];
    readonly slots: readonly { readonly jobId: string; readonly slot: number }[];
  },
): LeftOutReason {
  const shiftId = (index: number | null): string | null => (index === null ? null : (result.shifts[index]?.shiftId ?? null));
  switch (reason.code) {
    case 'no_crew_on_shift':
    case 'unreachable':
    case 'windows_do_not_fit':
    case 'no_change_left':
      return { code: reason.code, params: {} };
    case 'outside_every_area':
      return { code: reason.code, params: { area: reason.area } };
    case 'more_stock_than_any_crew':
      return { code: reason.code, params: { dimension: reason.dimension } };
    case 'linked_job_does_not_fit':
      return {
        code: reason.code,
        params: { jobId: result.slots[reason.job]?.jobId ?? null, slot: result.slots[reason.job]?.slot ?? null },
      };
    case 'no_crew_with_skills':
    case 'no_crew_with_level':
    case 'no_crew_with_plant':
      return { code: reason.code, params: { missing: reason.missing } };
    case 'longer_than_any_shift':
      return { code: reason.code, params: { neededSeconds: reason.neededSeconds, mostSeconds: reason.mostSeconds } };
    case 'declined':
    case 'breaks_do_not_fit':
    case 'locks_do_not_fit':
      return { code: reason.code, params: { shiftId: shiftId(reason.shift) } };
    case 'not_today':
      return { code: reason.code, params: { cheapestShiftId: shiftId(reason.cheapestShift), extraCost: reason.extraCost } };
    default:
      return reason satisfies never;
  }
}

/**
 * Late slots and their seconds. Work with no start in today's plan is counted as late when it falls due before the last
 * shift ends, and by the seconds up to then: so that leaving it out never looks better than doing it late.
 */
function lateness(
  look: Look,
  seen: (jobId: string) => ContextJob | undefined,
  startOf: (key: string, job: ContextJob, horizon: number) => number,
): { late: number; seconds: number } {
  const { result } = look;
  const horizon = Math.max(0, ...result.shifts.map((s) => s.until));
  let late = 0;
  let seconds = 0;
  for (const { jobId, slot } of [...result.slots, ...result.notAsked]) {
    const job = seen(jobId);
    if (job === undefined || job.dueAt === null) continue;
    const due = Math.floor(job.dueAt.getTime() / 1000) - result.epochUnixSeconds;
    const by = startOf(contextKey(jobId, slot), job, horizon) - due;
    if (by <= 0) continue;
    late++;
    seconds += by;
  }
  return { late, seconds };
}

/** The start the plan in force gives it, which is not before now when nobody has begun. */
function startInForce(look: Look, holder: ContextAssignment | undefined, job: ContextJob, horizon: number): number {
  if (holder === undefined || holder.plannedStart === null || CLOSED.includes(job.state)) return horizon;
  const seconds = (at: Date): number => Math.floor(at.getTime() / 1000) - look.result.epochUnixSeconds;
  const start = seconds(holder.plannedStart);
  return NOT_BEGUN.includes(holder.state) ? Math.max(start, seconds(look.now)) : start;
}
