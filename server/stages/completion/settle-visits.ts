import type { ChangeTools } from '../../platform/change.ts';
import type { Change } from '../../platform/events.ts';
import type { Log } from '../../platform/log.ts';
import type { TimerHandler } from '../../platform/timers.ts';
import type { Db } from '../../../db/knex.ts';
import { listUnsettled, type NewTrack } from '../../stores/assignments/field.ts';
import { findAssignment, type AssignmentRecord } from '../../stores/assignments/store.ts';
import { findJob } from '../../stores/jobs/store.ts';
import { getLastFixSeq, listDevicesOfShift } from '../../stores/positions/store.ts';
import { trackOfShift } from '../../stores/positions/track.ts';
import { actAsSystem } from '../../stores/work/act.ts';
import { apply } from '../../stores/work/apply.ts';
import type { SystemCommand } from '../../stores/work/contract.ts';
import { verdict, visitSeconds, type VisitPolicy } from './verify.ts';

export interface SettleVisitsDeps {
  readonly tools: ChangeTools;
  readonly log: Log;
  readonly policy: () => VisitPolicy;
}

/** Confirms completions by the track of the vehicle. */
export interface SettleVisits {
  /** A completion was taken: settled at once where the track already shows the visit. Never throws: the timer comes later. */
  completed(assignmentId: string): Promise<void>;
  /** New fixes were stored: what was waiting for them is settled, what was unverified may be upgraded. */
  fixesArrived(tracks: readonly NewTrack[]): Promise<void>;
  /** Timer `verification_timeout`: settled with what has arrived. */
  readonly onTimeout: TimerHandler;
}

/** Crews say "complete" a little before they leave, and "travelling" a little after. */
const SLACK_SECONDS = 15 * 60;

type Settle = Extract<SystemCommand, { type: 'visit.settle' }>;

export function settleVisits(deps: SettleVisitsDeps): SettleVisits {
  const { tools, log } = deps;

  async function look(assignmentId: string): Promise<void> {
    const command = await decide(tools.db, assignmentId, deps.policy(), false);
    if (command) await actAsSystem(tools, command);
  }

  return {
    async completed(assignmentId) {
      try {
        await look(assignmentId);
      } catch (error) {
        log.error({ err: error, assignment: assignmentId }, 'a completion could not be confirmed yet; its timer will try again');
      }
    },
    async fixesArrived(tracks) {
      for (const assignmentId of await listUnsettled(tools.db, tracks, SLACK_SECONDS)) await look(assignmentId);
    },
    async onTimeout(change: Change, timer) {
      const command = await decide(change.tx, timer.subjectId, deps.policy(), true);
      if (command) await apply(change, 'all', command);
    },
  };
}

/** The command that settles this assignment's visit as far as is known now; null = nothing to settle. */
async function decide(db: Db, assignmentId: string, policy: VisitPolicy, timedOut: boolean): Promise<Settle | null> {
  const assignment = await findAssignment(db, assignmentId);
  if (!assignment || assignment.state !== 'completed') return null;
  if (assignment.verification === null || assignment.verification === 'verified') return null;
  const job = await findJob(db, assignment.jobId);
  if (!job) return null;
  const { from, until } = periodOf(assignment);
  const seconds = visitSeconds(await trackOfShift(db, assignment.shiftId, from, until), [job.place, job.roadPoint], policy);
  const allArrived = !timedOut && (await haveAllArrived(db, assignment));
  const verification = verdict(assignment.verification, seconds, policy, { allArrived, timedOut });
  return verification && { type: 'visit.settle', assignmentId: assignment.id, verification, visitSeconds: seconds };
}

/** From when the crew may have been on its way until a little after it said it was done. */
function periodOf(a: AssignmentRecord): { from: Date; until: Date } {
  const began = [a.travellingAt, a.onSiteAt, a.workingAt].flatMap((time) => time ?? []);
  // Steps that nobody reported have no time: then any time since the crew knew of the job.
  const from = began.length > 0 ? began.sort()[0]! : (a.acceptedAt ?? a.dispatchedAt ?? a.createdAt);
  return {
    from: new Date(Date.parse(from) - SLACK_SECONDS * 1000),
    until: new Date(Date.parse(a.endedAt ?? from) + SLACK_SECONDS * 1000),
  };
}

/** Whether the fixes up to the completion are here: of the device that said so, else of any bound to the shift. */
async function haveAllArrived(db: Db, a: AssignmentRecord): Promise<boolean> {
  // No device, or one that has made no fix: a tracker in the vehicle may still tell, until the time to wait is up.
  if (a.fixesThrough === null || a.fixesThrough === 0) return false;
  if (a.factDevice !== null) return (await getLastFixSeq(db, a.factDevice)) >= a.fixesThrough;
  const devices = await listDevicesOfShift(db, a.shiftId, new Date(a.endedAt ?? a.createdAt));
  return devices.some((device) => device.lastSeq >= a.fixesThrough!);
}
