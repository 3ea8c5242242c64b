import type { Change } from '../../platform/events.ts';
import { instant } from '../../platform/instant.ts';
import type { Scope } from '../../platform/policy.ts';
import { Problem } from '../../platform/problem.ts';
import type { Case } from '../cases/contract.ts';
import { listCaseJobs } from '../cases/links.ts';
import { decideCase, type CaseDecision } from '../cases/transitions.ts';
import { JobId, type Job } from '../jobs/contract.ts';
import { nextJobNumbers } from '../jobs/store.ts';
import { isEnded } from '../jobs/transitions.ts';
import { NewJob, type CaseCommand } from './contract.ts';
import {
  addJob,
  addLink,
  changeCase,
  endLink,
  linksOfCase,
  linksOfJob,
  LockedTooLittle,
  openDesk,
  openWithShifts,
  type Desk,
} from './desk.ts';
import { cancelJob } from './job-commands.ts';
import { requireReach, required, requireVersion } from './scope.ts';
import { emitCreated } from './settle.ts';

/** A dispatcher, or the policy of intake, decides about cases. @throws Problem 403, 404, 409. */
export async function applyCaseCommand(change: Change, scope: Scope, command: CaseCommand): Promise<Desk> {
  switch (command.type) {
    case 'case.make_job':
      return makeJob(change, scope, command);
    case 'case.join':
      return join(change, scope, command);
    case 'case.split':
      return split(change, scope, command);
    case 'case.triage': {
      const { desk, c } = await openOne(change, scope, command.caseId, command.version);
      refuseUnless(decideCase(c, 'triage'), c);
      changeCase(desk, c.id, {
        triagedAt: desk.at,
        ...(command.priority === undefined ? {} : { priority: command.priority }),
        ...(command.dueAt === undefined ? {} : { dueAt: command.dueAt === null ? null : instant(command.dueAt) }),
      });
      tellUpdated(desk, c, 'triage');
      return desk;
    }
    case 'case.reopen': {
      const { desk, c } = await openOne(change, scope, command.caseId, command.version);
      decide(desk, c, 'reopen', command.reason);
      changeCase(desk, c.id, { reopenedAt: desk.at, triagedAt: null });
      // What has ended does not answer the case any more; what is still to be done does.
      for (const link of linksOfCase(desk, c.id)) {
        const job = desk.jobs.get(link.jobId);
        if (job && isEnded(job.state)) endLink(desk, link, 'reopened');
      }
      return desk;
    }
    case 'case.release': {
      const { desk, c } = await openOne(change, scope, command.caseId, command.version);
      decide(desk, c, 'release', null);
      return desk;
    }
    case 'case.hold': {
      const { desk, c } = await openOne(change, scope, command.caseId, command.version);
      decide(desk, c, 'hold', command.reason);
      return desk;
    }
    case 'case.duplicate': {
      if (command.of === command.caseId) throw new Problem(409, 'duplicate-of-itself', 'A case cannot be a duplicate of itself.');
      const { desk, c } = await openOne(change, scope, command.caseId, command.version, [command.of]);
      const original = required(desk.cases.get(command.of), 'case', command.of);
      requireReach(change, scope, [original]);
      if (original.duplicateOf !== null) {
        throw new Problem(
          409,
          'duplicate-of-duplicate',
          `Case ${original.number} is itself a duplicate; name the case it repeats.`,
        );
      }
      await close(desk, c, 'duplicate', null, { duplicateOf: command.of });
      return desk;
    }
    case 'case.refer':
    case 'case.no_action':
    case 'case.cancel': {
      const { desk, c } = await openOne(change, scope, command.caseId, command.version);
      await close(
        desk,
        c,
        command.type === 'case.refer' ? 'refer' : command.type === 'case.cancel' ? 'cancel' : 'no_action',
        command.reason,
        {},
      );
      return desk;
    }
    default:
      return command satisfies never;
  }
}

/** Locks one case with every job that answers it now, so that those may change too. */
async function openOne(
  change: Change,
  scope: Scope,
  caseId: string,
  version: number | undefined,
  otherCases: readonly string[] = [],
  otherJobs: readonly string[] = [],
): Promise<{ desk: Desk; c: Case }> {
  const links = await listCaseJobs(change.tx, [caseId], []);
  const jobIds = [...links.map((l) => l.jobId), ...otherJobs];
  const desk = await openWithShifts(change, { caseIds: [caseId, ...otherCases], jobIds });
  const c = required(desk.cases.get(caseId), 'case', caseId);
  if (linksOfCase(desk, caseId).some((l) => !desk.jobs.has(l.jobId))) throw new LockedTooLittle('a job joined meanwhile');
  desk.named.cases.add(c.id);
  requireReach(change, scope, [c]);
  requireVersion('case', c, version, seenCase(c));
  return { desk, c };
}

const seenCase = ({ id, number, state, version, priority, dueAt }: Case) => ({ id, number, state, version, priority, dueAt });

function refuseUnless(outcome: ReturnType<typeof decideCase>, c: Case): asserts outcome is Extract<typeof outcome, { ok: true }> {
  if (!outcome.ok) throw new Problem(409, 'illegal-transition', outcome.because, { present: seenCase(c) });
}

function decide(desk: Desk, c: Case, decision: CaseDecision, reason: string | null, more: Partial<Case> = {}): void {
  const outcome = decideCase(c, decision);
  refuseUnless(outcome, c);
  changeCase(desk, c.id, { decided: outcome.decided, decidedReason: reason, duplicateOf: null, ...more });
}

/** Closes the case by decision. A job that answers nobody else, and that no crew has begun, is cancelled with it. */
async function close(desk: Desk, c: Case, decision: CaseDecision, reason: string | null, more: Partial<Case>): Promise<void> {
  decide(desk, c, decision, reason, more);
  for (const link of linksOfCase(desk, c.id)) {
    const job = desk.jobs.get(link.jobId);
    const alone = linksOfJob(desk, link.jobId).every((l) => l.caseId === c.id || isClosedByDecision(desk.cases.get(l.caseId)));
    if (job && alone && ['draft', 'ready', 'planned', 'on_hold'].includes(job.state)) await cancelJob(desk, job, 'case_closed');
  }
}

const isClosedByDecision = (c: Case | undefined): boolean => c !== undefined && c.decided !== null && c.decided !== 'on_hold';

function tellUpdated(desk: Desk, c: Case, why: 'triage'): void {
  const now = desk.cases.get(c.id)!;
  desk.change.emit({
    type: 'case.updated',
    at: desk.change.now,
    caseId: c.id,
    organisationId: c.organisationId,
    body: { why, priority: now.priority, dueAt: now.dueAt, version: now.version },
  });
}

/** The job a case has by itself: the given one at the case's own place, due time and priority; none without a place on a road. */
export function ownJobOf(c: Case, job: NewJob | undefined): NewJob | null {
  if (job === undefined || c.place === null || c.roadPoint === null) return null;
  return { ...job, place: c.place, roadPoint: c.roadPoint, placeText: c.placeText, dueAt: c.dueAt, priority: c.priority };
}

const newJobOf = (job: Job): NewJob =>
  NewJob.parse({
    jobType: job.jobType,
    title: job.title,
    place: job.place,
    roadPoint: job.roadPoint,
    placeText: job.placeText,
    serviceSeconds: job.serviceSeconds,
    slots: job.slots,
    windows: job.windows,
    dueAt: job.dueAt,
    priority: job.priority,
    emergency: job.emergency,
    proof: job.proof,
  });

/** @param number its short number, when the caller has taken one already. */
export async function addNewJob(
  desk: Desk,
  spec: NewJob,
  of: Pick<Case, 'organisationId' | 'areaIds'>,
  cause: 'policy' | 'dispatcher' | 'split',
  number?: number,
): Promise<Job> {
  const { change } = desk;
  const [own] = number === undefined ? await nextJobNumbers(change.tx, 1) : [number];
  const job: Job = {
    id: JobId.parse(change.ids.next(change.now)),
    number: own!,
    organisationId: of.organisationId,
    jobType: spec.jobType,
    title: spec.title,
    place: spec.place,
    roadPoint: spec.roadPoint,
    placeText: spec.placeText,
    areaIds: [...of.areaIds],
    serviceSeconds: spec.serviceSeconds,
    slots: spec.slots,
    windows: spec.windows,
    dueAt: spec.dueAt === null ? null : instant(spec.dueAt),
    releaseAt: spec.releaseAt === undefined ? desk.at : instant(spec.releaseAt),
    priority: spec.priority,
    emergency: spec.emergency,
    proof: spec.proof,
    followUpOf: null,
    followUpReason: null,
    state: spec.draft ? 'draft' : 'ready',
    decided: spec.draft ? 'draft' : null,
    decidedReason: null,
    createdAt: desk.at,
    endedAt: null,
    version: 1,
    planningVersion: 1,
  };
  addJob(desk, job);
  emitCreated(desk, job, cause);
  return job;
}

async function makeJob(change: Change, scope: Scope, command: Extract<CaseCommand, { type: 'case.make_job' }>): Promise<Desk> {
  const desk = await openDesk(change, { caseIds: command.caseIds });
  const cases = command.caseIds.map((id) => required(desk.cases.get(id), 'case', id));
  requireReach(change, scope, cases);
  for (const c of cases) {
    refuseUnless(decideCase(c, 'join'), c);
    desk.named.cases.add(c.id);
  }
  const job = await addNewJob(desk, command.job, cases[0]!, command.cause);
  for (const c of cases) answeredBy(desk, c, job.id, command.cause, ownJobOf(c, command.ownJobs?.[c.id] ?? command.job));
  return desk;
}

/** Joins, and counts as triage: somebody has decided what is to be done. */
export function answeredBy(
  desk: Desk,
  c: Case,
  jobId: string,
  cause: 'policy' | 'dispatcher' | 'split',
  ownJob: NewJob | null,
): void {
  addLink(desk, { caseId: c.id, jobId, cause, ownJob });
  if (c.triagedAt === null) changeCase(desk, c.id, { triagedAt: desk.at });
}

async function join(change: Change, scope: Scope, command: Extract<CaseCommand, { type: 'case.join' }>): Promise<Desk> {
  const { desk, c } = await openOne(change, scope, command.caseId, command.version, [], [command.jobId]);
  const job = required(desk.jobs.get(command.jobId), 'job', command.jobId);
  desk.named.jobs.add(job.id);
  requireReach(change, scope, [job]);
  refuseUnless(decideCase(c, 'join'), c);
  if (isEnded(job.state)) {
    throw new Problem(409, 'job-ended', `Job ${job.number} has ended: it is ${job.state}. Make a new job for the case instead.`);
  }
  const before = command.leave === undefined ? undefined : linksOfCase(desk, c.id).find((l) => l.jobId === command.leave);
  if (command.leave !== undefined && (!before || command.leave === job.id)) {
    throw new Problem(409, 'not-joined', 'The case does not belong to the job it should leave.');
  }
  const own = command.ownJob ?? (before ? NewJob.nullable().parse(before.ownJob) : null) ?? newJobOf(job);
  answeredBy(desk, c, job.id, command.cause, ownJobOf(c, own));
  if (before) {
    const left = desk.jobs.get(before.jobId)!;
    endLink(desk, before, 'joined_other');
    if (linksOfJob(desk, left.id).length === 0 && ['draft', 'ready', 'planned', 'on_hold'].includes(left.state)) {
      await cancelJob(desk, left, 'joined_other');
    }
  }
  return desk;
}

async function split(change: Change, scope: Scope, command: Extract<CaseCommand, { type: 'case.split' }>): Promise<Desk> {
  const { desk, c } = await openOne(change, scope, command.caseId, command.version);
  const link = linksOfCase(desk, c.id).find((l) => l.jobId === command.jobId);
  if (!link) throw new Problem(409, 'not-joined', 'The case is not answered by this job (any more).');
  const job = desk.jobs.get(link.jobId)!;
  desk.named.jobs.add(job.id);
  requireReach(change, scope, [job]);
  if (linksOfJob(desk, job.id).length === 1) {
    throw new Problem(
      409,
      'only-case',
      `Case ${c.number} is the only one of job ${job.number}; cancel the job or join the case to another.`,
    );
  }
  endLink(desk, link, 'split');
  const own = NewJob.nullable().parse(link.ownJob);
  if (command.ownJob && own !== null) {
    const made = await addNewJob(desk, { ...own, releaseAt: undefined }, c, 'split');
    answeredBy(desk, c, made.id, 'split', own);
  }
  return desk;
}
