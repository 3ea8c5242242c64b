import type { Db } from '../../../db/knex.ts';
import { hashToken } from '../../platform/tokens.ts';
import { Problem } from '../../platform/problem.ts';
import { isActive, type Assignment } from '../../stores/assignments/contract.ts';
import { listAssignmentsOfJobs, type AssignmentRecord } from '../../stores/assignments/store.ts';
import type { Case, PublicCase } from '../../stores/cases/contract.ts';
import { roundedPlace } from '../../stores/cases/public-place.ts';
import { listCaseJobs } from '../../stores/cases/links.ts';
import { findCase, findCaseByFollowToken } from '../../stores/cases/store.ts';
import { isBeingConfirmed } from '../../stores/cases/transitions.ts';
import type { Job } from '../../stores/jobs/contract.ts';
import { listJobs } from '../../stores/jobs/store.ts';
import { listNotifications } from '../../stores/notifications/store.ts';
import { jobOfCase } from '../../stores/work/settle.ts';

/** The catalogue's words for a service type. */
export type ServiceLabel = (serviceType: string) => string;

/**
 * The case a reporter's link opens, as anybody with the link is told it.
 * @throws Problem 404 `no-such-link`: unknown, or mistyped.
 */
export async function followCase(db: Db, token: string, label: ServiceLabel, now: Date): Promise<PublicCase> {
  const found = await findCaseByFollowToken(db, hashToken(token));
  if (!found) throw new Problem(404, 'no-such-link', 'There is no report under this link. Check that it was copied whole.');
  const { jobs, assignments, otherReports } = await readWork(db, found);
  const original = found.duplicateOf === null ? undefined : await findCase(db, found.duplicateOf);
  const coming = assignments.filter(isActive);
  const open = found.closedAt === null;
  return {
    number: found.number,
    serviceType: found.serviceType,
    serviceLabel: label(found.serviceType),
    placeText: found.placeText,
    placeQuality: found.placeQuality,
    place: found.roadPoint && roundedPlace(found.roadPoint),
    state: found.state,
    originalState: original?.state ?? null,
    otherReports,
    beingConfirmed: isBeingConfirmed(
      found.state,
      jobs.map((job) =>
        jobOfCase(
          job,
          assignments.filter((a) => a.jobId === job.id),
        ),
      ),
    ),
    reportedAt: found.reportedAt,
    dueAt: found.dueAt,
    ...(open ? expected(coming) : { expectedFrom: null, expectedUntil: null }),
    crewOnTheWay: open && coming.some((a) => a.state === 'travelling'),
    closedAt: found.closedAt,
    asOf: now.toISOString(),
    messages: (await listNotifications(db, found.id, 'page')).map(({ madeAt, message, params }) => ({
      at: madeAt,
      message,
      params,
    })),
  };
}

async function readWork(db: Db, one: Case): Promise<{ jobs: Job[]; assignments: AssignmentRecord[]; otherReports: number }> {
  const jobIds = (await listCaseJobs(db, [one.id], [])).map((link) => link.jobId);
  const answered = new Set((await listCaseJobs(db, [], jobIds)).map((link) => link.caseId));
  answered.delete(one.id);
  return {
    jobs: await listJobs(db, jobIds),
    assignments: await listAssignmentsOfJobs(db, jobIds),
    otherReports: answered.size,
  };
}

const HALF_HOUR_MILLIS = 30 * 60_000;

/**
 * When somebody will come: what was promised, else two hours round the planned arrival on the half hour. A plan is
 * no promise, and a narrower window would be wrong most days.
 */
function expected(coming: readonly Assignment[]): { expectedFrom: string | null; expectedUntil: string | null } {
  const promised = coming.find((a) => a.promisedFrom !== null);
  if (promised) return { expectedFrom: promised.promisedFrom, expectedUntil: promised.promisedUntil };
  const arrivals = coming.flatMap((a) => a.plannedArrival ?? []).sort();
  const first = arrivals[0];
  if (first === undefined) return { expectedFrom: null, expectedUntil: null };
  const slot = Math.floor(Date.parse(first) / HALF_HOUR_MILLIS) * HALF_HOUR_MILLIS;
  return {
    expectedFrom: new Date(slot - HALF_HOUR_MILLIS).toISOString(),
    expectedUntil: new Date(slot + 3 * HALF_HOUR_MILLIS).toISOString(),
  };
}
