import { z } from 'zod';
import { AssignmentId, type Assignment } from '../../stores/assignments/contract.ts';
import { CaseId, Priority, type Case } from '../../stores/cases/contract.ts';
import { ShiftId } from '../../stores/crews/contract.ts';
import { JobChange, JobId, JobState, type Job } from '../../stores/jobs/contract.ts';
import type { AssignmentCommand, CaseCommand, JobCommand, WorkAnswer } from '../../stores/work/contract.ts';

export type DeskCommand = CaseCommand | JobCommand | AssignmentCommand;

/** What a command is about, as it was just before it. */
export interface Before {
  readonly cases: readonly Case[];
  readonly jobs: readonly Job[];
  /** Active ones of those jobs. */
  readonly assignments: readonly Assignment[];
  /** For each of those, the stops that came after it in its shift's order. */
  readonly followers: ReadonlyMap<string, readonly AssignmentId[]>;
}

const Locks = z.strictObject({ crew: z.boolean(), time: z.boolean(), order: z.boolean() });

/** One step back. Versions are filled in when it is done: what must not have changed meanwhile is in `expects`. */
export const Step = z.discriminatedUnion('step', [
  z.strictObject({ step: z.literal('unassign'), assignmentId: AssignmentId }),
  /** Puts the slot back where it was: the same assignment, or, when that has ended, a new one. */
  z.strictObject({
    step: z.literal('place'),
    assignmentId: AssignmentId.nullable(),
    jobId: JobId,
    slot: z.int(),
    shiftId: ShiftId,
    followers: z.array(AssignmentId),
    plannedStart: z.iso.datetime().nullable(),
    locks: Locks,
    promised: z.strictObject({ from: z.iso.datetime(), until: z.iso.datetime() }).nullable(),
  }),
  z.strictObject({ step: z.literal('lock'), assignmentId: AssignmentId, locks: Locks }),
  z.strictObject({ step: z.literal('promise'), assignmentId: AssignmentId, from: z.iso.datetime(), until: z.iso.datetime() }),
  z.strictObject({ step: z.literal('job.change'), jobId: JobId, change: JobChange }),
  z.strictObject({ step: z.literal('job.release'), jobId: JobId }),
  z.strictObject({ step: z.literal('job.hold'), jobId: JobId, reason: z.string() }),
  z.strictObject({ step: z.literal('job.cancel'), jobId: JobId, reason: z.string() }),
  z.strictObject({ step: z.literal('case.split'), caseId: CaseId, jobId: JobId }),
  z.strictObject({ step: z.literal('case.join'), caseId: CaseId, jobId: JobId, leave: JobId.nullable() }),
  z.strictObject({
    step: z.literal('case.triage'),
    caseId: CaseId,
    priority: Priority,
    dueAt: z.iso.datetime().nullable(),
  }),
  z.strictObject({ step: z.literal('case.release'), caseId: CaseId }),
  z.strictObject({
    step: z.literal('case.decide'),
    caseId: CaseId,
    decision: z.enum(['duplicate', 'referred', 'no_action', 'cancelled', 'on_hold']),
    reason: z.string(),
    of: CaseId.nullable(),
  }),
]);
export type Step = z.infer<typeof Step>;

export const BLOCKS = ['crew_told', 'promise_given', 'ended', 'no_way_back'] as const;

/** How an action is taken back, as it is kept with the action. */
export const Inverse = z.discriminatedUnion('possible', [
  z.strictObject({
    possible: z.literal(true),
    steps: z.array(Step).min(1),
    /** By id: taking it back is refused when anybody has changed one of these since. */
    expects: z.strictObject({
      assignments: z.record(z.string(), z.int()),
      cases: z.record(z.string(), z.int()),
      /** Planning version, and the state where that matters. */
      jobs: z.record(z.string(), z.strictObject({ planningVersion: z.int(), state: JobState.nullable() })),
    }),
  }),
  z.strictObject({ possible: z.literal(false), because: z.enum(BLOCKS) }),
]);
export type Inverse = z.infer<typeof Inverse>;

const never = (because: (typeof BLOCKS)[number]): Inverse => ({ possible: false, because });

type Expects = Extract<Inverse, { possible: true }>['expects'];
const NOTHING: Expects = { assignments: {}, cases: {}, jobs: {} };

const back = (steps: readonly Step[], expects: Partial<Expects>): Inverse => ({
  possible: true,
  steps: [...steps],
  expects: { ...NOTHING, ...expects },
});

/** What takes a command back that was done, from what was before it and what it answered. Pure. */
export function inverseOf(command: DeskCommand, before: Before, after: WorkAnswer): Inverse {
  switch (command.type) {
    case 'assignment.assign':
    case 'assignment.move':
    case 'assignment.unassign':
    case 'assignment.cancel':
    case 'assignment.recall':
    case 'assignment.lock':
    case 'assignment.promise':
    case 'assignment.dispatch':
      return inverseOfAssignment(command, before, after);
    case 'job.change':
    case 'job.release':
    case 'job.hold':
    case 'job.cancel':
      return inverseOfJob(command, before, after);
    default:
      return inverseOfCase(command, before, after);
  }
}

function inverseOfAssignment(command: AssignmentCommand, before: Before, after: WorkAnswer): Inverse {
  if (command.type === 'assignment.assign') {
    const made = after.assignments.find(
      (a) => a.jobId === command.jobId && a.slot === command.slot && a.shiftId === command.shiftId,
    );
    return made === undefined
      ? never('no_way_back')
      : back([{ step: 'unassign', assignmentId: made.id }], { assignments: { [made.id]: made.version } });
  }
  const was = before.assignments.find(({ id }) => id === command.assignmentId);
  const now = after.assignments.find(({ id }) => id === command.assignmentId);
  if (was === undefined || now === undefined) return never('no_way_back');
  const same = { assignments: { [now.id]: now.version } };
  switch (command.type) {
    case 'assignment.move':
      if (was.state !== 'planned' && was.shiftId !== command.shiftId) return never('crew_told');
      return back([placeBack(was, before, was.id)], same);
    case 'assignment.unassign':
    case 'assignment.cancel':
    case 'assignment.recall':
      if (was.state !== 'planned') return never('crew_told');
      return back([placeBack(was, before, null)], { jobs: jobsAfter(after, [was.jobId], false) });
    case 'assignment.lock':
      return back([{ step: 'lock', assignmentId: was.id, locks: locksOf(was) }], same);
    case 'assignment.promise':
      return was.promisedFrom === null || was.promisedUntil === null
        ? never('promise_given')
        : back([{ step: 'promise', assignmentId: was.id, from: was.promisedFrom, until: was.promisedUntil }], same);
    case 'assignment.dispatch':
      return never('crew_told');
    default:
      return command satisfies never;
  }
}

function inverseOfJob(command: JobCommand, before: Before, after: WorkAnswer): Inverse {
  const was = before.jobs.find(({ id }) => id === command.jobId);
  if (was === undefined) return never('no_way_back');
  const same = { jobs: jobsAfter(after, [was.id], false) };
  switch (command.type) {
    case 'job.change':
      return back([{ step: 'job.change', jobId: was.id, change: fieldsBefore(command.change, was) }], same);
    case 'job.release':
      return was.decided === 'on_hold'
        ? back([{ step: 'job.hold', jobId: was.id, reason: was.decidedReason ?? 'undone' }], same)
        : never('no_way_back');
    case 'job.hold': {
      const held = before.assignments.filter((a) => a.jobId === was.id);
      if (held.some((a) => a.state !== 'planned')) return never('crew_told');
      return back([{ step: 'job.release', jobId: was.id }, ...held.map((a) => placeBack(a, before, null))], same);
    }
    case 'job.cancel':
      return never('ended');
    default:
      return command satisfies never;
  }
}

function inverseOfCase(command: CaseCommand, before: Before, after: WorkAnswer): Inverse {
  const fresh = after.jobs.find((job) => !before.jobs.some(({ id }) => id === job.id));
  if (command.type === 'case.make_job') {
    return fresh === undefined
      ? never('no_way_back')
      : back([{ step: 'job.cancel', jobId: fresh.id, reason: 'undone' }], { jobs: jobsAfter(after, [fresh.id], true) });
  }
  const was = before.cases.find(({ id }) => id === command.caseId);
  const now = after.cases.find(({ id }) => id === command.caseId);
  if (was === undefined || now === undefined) return never('no_way_back');
  const same = { cases: { [now.id]: now.version } };
  switch (command.type) {
    case 'case.join':
      if (command.leave !== undefined) return never('no_way_back');
      return back([{ step: 'case.split', caseId: was.id, jobId: command.jobId }], same);
    case 'case.split':
      return back([{ step: 'case.join', caseId: was.id, jobId: command.jobId, leave: fresh?.id ?? null }], same);
    case 'case.triage':
      return back([{ step: 'case.triage', caseId: was.id, priority: was.priority, dueAt: was.dueAt }], same);
    case 'case.duplicate':
    case 'case.refer':
    case 'case.no_action':
    case 'case.cancel':
      // A job that went with the case has ended for good.
      if (after.jobs.some((job) => job.state === 'cancelled')) return never('ended');
      return back([{ step: 'case.release', caseId: was.id }], same);
    case 'case.hold':
      return back([{ step: 'case.release', caseId: was.id }], same);
    case 'case.release':
      if (was.decided === null) return never('no_way_back');
      return back(
        [
          {
            step: 'case.decide',
            caseId: was.id,
            decision: was.decided,
            reason: was.decidedReason ?? 'undone',
            of: was.duplicateOf,
          },
        ],
        same,
      );
    case 'case.reopen':
      return never('no_way_back');
    default:
      return command satisfies never;
  }
}

const locksOf = (a: Assignment): z.infer<typeof Locks> => ({ crew: a.lockCrew, time: a.lockTime, order: a.lockOrder });

function placeBack(was: Assignment, before: Before, assignmentId: AssignmentId | null): Step {
  return {
    step: 'place',
    assignmentId,
    jobId: was.jobId,
    slot: was.slot,
    shiftId: was.shiftId,
    followers: [...(before.followers.get(was.id) ?? [])],
    plannedStart: was.plannedStart,
    locks: locksOf(was),
    promised:
      was.promisedFrom === null || was.promisedUntil === null ? null : { from: was.promisedFrom, until: was.promisedUntil },
  };
}

function jobsAfter(after: WorkAnswer, ids: readonly string[], withState: boolean): Expects['jobs'] {
  return Object.fromEntries(
    after.jobs
      .filter(({ id }) => ids.includes(id))
      .map((job) => [job.id, { planningVersion: job.planningVersion, state: withState ? job.state : null }]),
  );
}

/** Of the fields that were changed, the values before. */
function fieldsBefore(change: JobChange, was: Job): JobChange {
  const { title, serviceSeconds, slots, windows, dueAt, releaseAt, priority } = was;
  const all: Required<JobChange> = { title, serviceSeconds, slots, windows, dueAt, releaseAt, priority };
  return JobChange.parse(Object.fromEntries(Object.entries(all).filter(([name]) => Object.hasOwn(change, name))));
}
