import type { Verification } from '../assignments/contract.ts';
import type { JobState } from '../jobs/contract.ts';
import { CLOSED_CASE_STATES, type Case, type CaseState, type DecidedCaseState } from './contract.ts';

/** What of a job that answers the case now (joined, not left) the state of the case follows from. */
export interface JobOfCase {
  readonly state: JobState;
  /** Of a completed job. */
  readonly verification: Verification;
  /** The rule of the reason it could not be completed closes the case. */
  readonly closesCase: boolean;
}

/** What a dispatcher has decided about a case. Reopening forgets the triage: it is `reopened` until triaged again. */
export interface CaseDecided {
  readonly decided: DecidedCaseState | null;
  readonly reopenedAt: string | null;
  readonly triagedAt: string | null;
}

/** The state of a case, first that holds. Jobs that were cancelled have left their cases and are not among `jobs`. */
export function deriveCaseState(c: CaseDecided, jobs: readonly JobOfCase[]): CaseState {
  if (c.decided !== null) return c.decided;
  if (c.reopenedAt !== null && c.triagedAt === null) return 'reopened';
  if (jobs.length === 0) return c.triagedAt === null ? 'received' : 'triaged';
  if (jobs.some((j) => j.state === 'under_way')) return 'in_progress';
  if (jobs.every((j) => j.state === 'completed' || j.state === 'cannot_complete' || j.state === 'cancelled')) {
    const rest = jobs.filter((j) => j.state !== 'completed');
    if (rest.length === 0) return jobs.some((j) => j.verification === 'unverified') ? 'resolved_unverified' : 'resolved';
    return rest.every((j) => j.state === 'cannot_complete' && j.closesCase) ? 'no_action' : 'triaged';
  }
  return jobs.some((j) => j.state === 'planned' || j.state === 'dispatched') ? 'scheduled' : 'triaged';
}

/** A resolved case whose visits are not all settled is said as "being confirmed". */
export const isBeingConfirmed = (state: CaseState, jobs: readonly JobOfCase[]): boolean =>
  state === 'resolved' && jobs.some((j) => j.state === 'completed' && j.verification === 'pending');

export const isClosed = (state: CaseState): boolean => CLOSED_CASE_STATES.includes(state);

export type CaseDecision = 'duplicate' | 'refer' | 'no_action' | 'cancel' | 'hold' | 'release' | 'reopen' | 'triage' | 'join';

export type CaseOutcome =
  { readonly ok: true; readonly decided: DecidedCaseState | null } | { readonly ok: false; readonly because: string };

const DECIDES: Readonly<Partial<Record<CaseDecision, DecidedCaseState>>> = {
  duplicate: 'duplicate',
  refer: 'referred',
  no_action: 'no_action',
  cancel: 'cancelled',
  hold: 'on_hold',
};

/** Whether a dispatcher may decide this now, and what stands as decided afterwards. */
export function decideCase(c: Pick<Case, 'state' | 'decided'>, decision: CaseDecision): CaseOutcome {
  const no = (because: string): CaseOutcome => ({ ok: false, because });
  switch (decision) {
    case 'duplicate':
    case 'refer':
    case 'no_action':
    case 'cancel':
      if (isClosed(c.state)) return no(`The case is closed already: it is ${c.state}. Reopen it first.`);
      return { ok: true, decided: DECIDES[decision] ?? null };
    case 'hold':
      if (isClosed(c.state)) return no(`The case is closed: it is ${c.state}. Reopen it first.`);
      return c.decided === 'on_hold' ? no('The case is on hold already.') : { ok: true, decided: 'on_hold' };
    case 'release':
      return c.decided === null
        ? no(`Nothing was decided about this case that could be taken back; it is ${c.state}.`)
        : { ok: true, decided: null };
    case 'reopen':
      return isClosed(c.state) ? { ok: true, decided: null } : no(`Only a closed case can be reopened; this one is ${c.state}.`);
    case 'triage':
    case 'join':
      if (c.decided !== null) return no(`The case is ${c.state}; take that back first.`);
      return isClosed(c.state) ? no(`The case is closed: it is ${c.state}. Reopen it first.`) : { ok: true, decided: null };
    default:
      return decision satisfies never;
  }
}
