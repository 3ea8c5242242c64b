import type { Change } from '../../platform/events.ts';
import { instant } from '../../platform/instant.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import { isActive } from '../assignments/contract.ts';
import type { Job, JobChange } from '../jobs/contract.ts';
import { PLANNING_FIELDS, decideJob, isEnded } from '../jobs/transitions.ts';
import type { JobCommand } from './contract.ts';
import { assignmentsOfJob, changeJob, endLink, linksOfJob, openWithShifts, type Desk } from './desk.ts';
import { revoke } from './revoke.ts';
import { requireReach, required, requireVersion, seenJob } from './scope.ts';

/** A dispatcher decides about one job. @throws Problem 403, 404, 409. */
export async function applyJobCommand(change: Change, scope: Scope, command: JobCommand): Promise<Desk> {
  const desk = await openWithShifts(change, { jobIds: [command.jobId] });
  const job = required(desk.jobs.get(command.jobId), 'job', command.jobId);
  desk.named.jobs.add(job.id);
  requireReach(change, scope, [job]);
  requireVersion('job', job, command.version, seenJob(job));
  switch (command.type) {
    case 'job.change':
      changeFields(desk, job, command.change);
      return desk;
    case 'job.release':
      changeJob(desk, job.id, { decided: decided(job, 'release'), decidedReason: null }, true);
      return desk;
    case 'job.hold':
      changeJob(desk, job.id, { decided: decided(job, 'hold'), decidedReason: command.reason }, true);
      for (const a of assignmentsOfJob(desk, job.id).filter(isActive)) {
        await revoke(desk, a, a.state === 'planned' ? 'cancel' : 'recall', 'dispatcher', command.reason, true);
      }
      return desk;
    case 'job.cancel':
      decided(job, 'cancel');
      await cancelJob(desk, job, command.reason);
      return desk;
    default:
      return command satisfies never;
  }
}

function decided(job: Job, decision: 'release' | 'hold' | 'cancel'): Job['decided'] {
  const outcome = decideJob(job, decision);
  if (!outcome.ok) throw new Problem(409, 'illegal-transition', outcome.because, { present: seenJob(job) });
  return outcome.decided;
}

/**
 * Cancels a held job: its work is taken back from the crews, its cases are triaged again. The shifts of its
 * active work must be held (`openWithShifts`).
 */
export async function cancelJob(desk: Desk, job: Job, reason: string): Promise<void> {
  const active = assignmentsOfJob(desk, job.id).filter(isActive);
  changeJob(desk, job.id, { decided: 'cancelled', decidedReason: reason }, true);
  for (const a of active) await revoke(desk, a, 'cancel', 'job_cancelled', null, true);
  for (const link of linksOfJob(desk, job.id)) endLink(desk, link, 'job_cancelled');
}

function changeFields(desk: Desk, job: Job, change: JobChange): void {
  if (isEnded(job.state)) {
    throw new Problem(409, 'illegal-transition', `The job has ended: it is ${job.state}.`, { present: seenJob(job) });
  }
  const patch: Partial<Job> = {
    ...(change.title === undefined ? {} : { title: change.title }),
    ...(change.serviceSeconds === undefined ? {} : { serviceSeconds: change.serviceSeconds }),
    ...(change.slots === undefined ? {} : { slots: change.slots }),
    ...(change.windows === undefined ? {} : { windows: change.windows }),
    ...(change.dueAt === undefined ? {} : { dueAt: change.dueAt === null ? null : instant(change.dueAt) }),
    ...(change.releaseAt === undefined ? {} : { releaseAt: instant(change.releaseAt) }),
    ...(change.priority === undefined ? {} : { priority: change.priority }),
  };
  const wrong = (change.windows ?? []).findIndex((w) => Date.parse(w.until) <= Date.parse(w.from));
  if (wrong >= 0) {
    throw new Problem(400, 'invalid-input', 'A window must end after it begins.', {
      fields: [{ path: `change.windows.${wrong}.until`, message: 'must lie after `from`' }],
    });
  }
  const used = Math.max(-1, ...assignmentsOfJob(desk, job.id).map((a) => a.slot));
  if (change.slots !== undefined && change.slots.length <= used) {
    throw new Problem(409, 'slot-in-use', `Slot ${used} has been given to a crew before; a job keeps the slots it has used.`);
  }
  const fields = Object.keys(patch);
  const after = changeJob(
    desk,
    job.id,
    patch,
    PLANNING_FIELDS.some((f) => fields.includes(f)),
  );
  desk.change.emit({
    type: 'job.changed',
    at: desk.change.now,
    jobId: job.id,
    organisationId: job.organisationId,
    body: { fields, version: after.version, planningVersion: after.planningVersion },
  });
}
