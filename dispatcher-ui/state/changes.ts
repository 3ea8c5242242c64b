import type { EventView } from '../../server/stores/events/contract.ts';

/** What must be read again because of what became true. */
export interface Wanted {
  readonly jobs: ReadonlySet<string>;
  /** Crews whose day is another now; the shifts themselves are as they were. */
  readonly days: ReadonlySet<string>;
  readonly shifts: boolean;
  readonly plans: boolean;
  readonly questions: boolean;
}

export const NOTHING_WANTED: Wanted = { jobs: new Set(), days: new Set(), shifts: false, plans: false, questions: false };

/** Events say what changed, not how it is now: the present state is read from the server, once for many events. */
export function wantedBy(events: readonly EventView[]): Wanted {
  const jobs = new Set<string>();
  const days = new Set<string>();
  let shifts = false;
  let plans = false;
  let questions = false;
  for (const { type, jobId, shiftId } of events) {
    const noun = type.slice(0, type.indexOf('.'));
    // What a vehicle was seen to do is read where it is shown; the job is as it was.
    if (jobId !== null && noun !== 'movement') jobs.add(jobId);
    if (shiftId !== null) days.add(shiftId);
    if (noun === 'shift') shifts = true;
    if (noun === 'plan') plans = true;
    if (noun === 'question') questions = true;
  }
  return { jobs, days, shifts, plans, questions };
}

export function bothWanted(a: Wanted, b: Wanted): Wanted {
  return {
    jobs: new Set([...a.jobs, ...b.jobs]),
    days: new Set([...a.days, ...b.days]),
    shifts: a.shifts || b.shifts,
    plans: a.plans || b.plans,
    questions: a.questions || b.questions,
  };
}

export const isAnythingWanted = (wanted: Wanted): boolean =>
  wanted.jobs.size > 0 || wanted.days.size > 0 || wanted.shifts || wanted.plans || wanted.questions;
