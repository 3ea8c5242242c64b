import type { BreakStop, CrewDay, CrewStop, DepotStop } from '../../server/stages/crew-day/contract.ts';
import type { AssignmentState } from '../../server/stores/assignments/contract.ts';
import type { FieldFact } from '../../server/stores/work/contract.ts';

/** A fact without the job it is about. */
export type FactOf = FieldFact extends infer F ? (F extends { assignmentId: unknown } ? Omit<F, 'assignmentId'> : never) : never;

/** What a crew can do next with a job, in the order of the work. */
export const STEPS = ['accept', 'travel', 'arrive', 'start', 'complete'] as const;
export type Step = (typeof STEPS)[number] | 'resume';

/** The one next step of each state; null: it has ended. */
const NEXT: Readonly<Record<AssignmentState, Step | null>> = {
  planned: 'accept',
  dispatched: 'accept',
  accepted: 'travel',
  travelling: 'arrive',
  on_site: 'start',
  working: 'complete',
  paused: 'resume',
  completed: null,
  cannot_complete: null,
  declined: null,
  recalled: null,
  cancelled: null,
};

export const nextStep = (state: AssignmentState): Step | null => NEXT[state];

/** The steps beyond the next one: a crew that forgot to press may jump forward, and the steps between are implied. */
export function stepsToJumpTo(state: AssignmentState): Step[] {
  const next = NEXT[state];
  if (next === null) return [];
  return next === 'resume' ? ['complete'] : STEPS.slice(STEPS.indexOf(next) + 1);
}

/** Declining is for what the crew has not agreed to yet; after that it says why it cannot be done. */
export const mayDecline = (state: AssignmentState): boolean => state === 'planned' || state === 'dispatched';
export const mayPause = (state: AssignmentState): boolean => state === 'working';

const UNDER_WAY: readonly AssignmentState[] = ['travelling', 'on_site', 'working', 'paused'];
export const isUnderWay = (state: AssignmentState): boolean => UNDER_WAY.includes(state);
/** The crew is at the job: no way to show. */
export const isThere = (state: AssignmentState): boolean => isUnderWay(state) && state !== 'travelling';

type Stop = CrewDay['stops'][number];
export const isJob = (stop: Stop): stop is CrewStop => stop.kind === 'job';
const isBreak = (stop: Stop): stop is BreakStop => stop.kind === 'break';

export const openJobs = (day: CrewDay): CrewStop[] => day.stops.filter(isJob).filter(({ endedAt }) => endedAt === null);
export const endedJobs = (day: CrewDay): CrewStop[] => day.stops.filter(isJob).filter(({ endedAt }) => endedAt !== null);
export const depotOf = (day: CrewDay): DepotStop | null => day.stops.find((stop) => stop.kind === 'depot') ?? null;

/** The job the screen is about: the one the crew chose while it is open, else the first; null: nothing to do. */
export function stopInHand(day: CrewDay, chosenId: string | null): CrewStop | null {
  const open = openJobs(day);
  return open.find(({ assignmentId }) => assignmentId === chosenId) ?? open[0] ?? null;
}

/** The break the crew is in at this time of the city. */
export function breakUnderWay(day: CrewDay, nowMs: number): { readonly stop: BreakStop; readonly untilMs: number } | null {
  for (const stop of day.stops.filter(isBreak)) {
    if (stop.takenAt === null) continue;
    const untilMs = Date.parse(stop.takenAt) + stop.lengthSeconds * 1000;
    if (untilMs > nowMs) return { stop, untilMs };
  }
  return null;
}

/** The break that comes before the next job and may be taken now. */
export function breakDue(day: CrewDay, nowMs: number): BreakStop | null {
  const first = day.stops.find((stop) => (isJob(stop) ? stop.endedAt === null : isBreak(stop) && stop.takenAt === null));
  return first !== undefined && isBreak(first) && Date.parse(first.earliest) <= nowMs ? first : null;
}

export interface OrderNews {
  readonly added: readonly string[];
  readonly moved: readonly string[];
  readonly removed: readonly string[];
  readonly count: number;
}

/** What is new in the order since the crew said "seen". `known`: the crew knows already that this job is gone. */
export function orderNews({ changes, acknowledgedVersion, orderVersion }: CrewDay, known: (id: string) => boolean): OrderNews {
  if (acknowledgedVersion >= orderVersion) return { added: [], moved: [], removed: [], count: 0 };
  const removed = changes.removed.filter((id) => !known(id));
  const { added, moved } = changes;
  return { added, moved, removed, count: added.length + moved.length + removed.length };
}

/** What the crew says with a step. `fixesThrough`: the phone's last numbered position, for the end of the work. */
export function factOfStep(step: Step, fixesThrough: number | null): FactOf {
  switch (step) {
    case 'complete':
      return { type: 'field.complete', fixesThrough };
    case 'accept':
    case 'travel':
    case 'arrive':
    case 'start':
    case 'resume':
      return { type: `field.${step}` };
    default:
      return step satisfies never;
  }
}
