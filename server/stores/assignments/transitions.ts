import type { AssignmentState } from './contract.ts';

/** What a crew says (or a dispatcher on its behalf): one step of the field. */
export type Step = 'accept' | 'decline' | 'travel' | 'arrive' | 'start' | 'pause' | 'resume' | 'complete' | 'cannot_complete';

/** The part of an assignment that decisions about it are made from. */
export interface AssignmentNow {
  readonly state: AssignmentState;
  readonly requested: 'recall' | 'cancel' | null;
}

/** One way out of a state, and by whom; the whole table of the model. */
export interface TransitionRow {
  readonly from: AssignmentState;
  readonly to: AssignmentState;
  readonly by: readonly ('planner' | 'freeze' | 'dispatcher' | 'crew' | 'shift_end' | 'recall_timeout')[];
}

const BEFORE_TRAVEL: readonly AssignmentState[] = ['planned', 'dispatched', 'accepted'];
const UNDER_WAY: readonly AssignmentState[] = ['travelling', 'on_site', 'working', 'paused'];
const REVOKED: readonly AssignmentState[] = ['recalled', 'cancelled', 'declined'];
const FORWARD: readonly AssignmentState[] = ['planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working', 'paused'];

const rows = (
  from: readonly AssignmentState[],
  to: readonly AssignmentState[],
  by: TransitionRow['by'],
): readonly TransitionRow[] => from.flatMap((f) => to.map((t) => ({ from: f, to: t, by })));

/**
 * Every change of state there is. Crew rows are written out with the jumps the model allows (the steps between are
 * implied). The last rows are the field's own truth: work done on an assignment that had been taken back stands.
 */
export const ASSIGNMENT_TRANSITIONS: readonly TransitionRow[] = [
  ...rows(['planned'], ['dispatched'], ['planner', 'freeze', 'dispatcher']),
  ...rows(['planned'], ['cancelled'], ['planner', 'dispatcher', 'shift_end']),
  ...rows(['dispatched', 'accepted'], ['recalled'], ['dispatcher']),
  ...rows(['dispatched', 'accepted'], ['cancelled'], ['dispatcher', 'shift_end']),
  // Asked of a crew on its way: it acknowledges, or the time is up.
  ...rows(UNDER_WAY, ['recalled', 'cancelled'], ['crew', 'dispatcher', 'recall_timeout']),
  ...rows(['planned', 'dispatched'], ['accepted', 'declined'], ['crew', 'dispatcher']),
  ...FORWARD.flatMap((from, i) => rows([from], FORWARD.slice(Math.max(i + 1, 3)), ['crew', 'dispatcher'])),
  ...rows(['paused'], ['working'], ['crew', 'dispatcher']),
  ...rows([...BEFORE_TRAVEL, ...UNDER_WAY], ['completed', 'cannot_complete'], ['crew', 'dispatcher']),
  ...rows(REVOKED, ['completed', 'cannot_complete'], ['crew', 'dispatcher']),
];

/** Whether the table knows this change of state. */
export const isInTable = (from: AssignmentState, to: AssignmentState): boolean =>
  ASSIGNMENT_TRANSITIONS.some((row) => row.from === from && row.to === to);

/** The columns that hold when a step was reported. */
export type Stamp = 'dispatchedAt' | 'acceptedAt' | 'travellingAt' | 'onSiteAt' | 'workingAt';

export type FieldOutcome =
  /** The state changes. `implied`: steps jumped over, recorded without a time. `late`: the work had been taken back. */
  | {
      readonly kind: 'moves';
      readonly to: AssignmentState;
      readonly stamp: Stamp | null;
      readonly implied: readonly AssignmentState[];
      readonly late: boolean;
    }
  /** It is past that already (or the work was taken back): only the time is kept, where none is known. */
  | { readonly kind: 'noted'; readonly stamp: Stamp | null; readonly revoked: boolean }
  /** Ended already, and otherwise: both sides are kept and a person is asked. */
  | { readonly kind: 'contradicts' }
  | { readonly kind: 'illegal'; readonly because: string };

const LADDER: readonly AssignmentState[] = ['planned', 'dispatched', 'accepted', 'travelling', 'on_site', 'working'];
const TARGET: Readonly<Record<Step, { to: AssignmentState; stamp: Stamp | null }>> = {
  accept: { to: 'accepted', stamp: 'acceptedAt' },
  decline: { to: 'declined', stamp: null },
  travel: { to: 'travelling', stamp: 'travellingAt' },
  arrive: { to: 'on_site', stamp: 'onSiteAt' },
  start: { to: 'working', stamp: 'workingAt' },
  pause: { to: 'paused', stamp: null },
  resume: { to: 'working', stamp: null },
  complete: { to: 'completed', stamp: null },
  cannot_complete: { to: 'cannot_complete', stamp: null },
};

const rank = (state: AssignmentState): number => LADDER.indexOf(state === 'paused' ? 'working' : state);

/** The steps strictly between two states: reported by nobody, so without a time. */
function impliedBetween(from: AssignmentState, to: AssignmentState): readonly AssignmentState[] {
  if (rank(from) < 0) return [];
  const end =
    to === 'paused' || to === 'completed' ? LADDER.length : to === 'cannot_complete' ? rank('travelling') + 1 : rank(to);
  return LADDER.slice(rank(from) + 1, Math.max(rank(from) + 1, end));
}

/**
 * What one step from the field does to an assignment. Facts are never refused: what came too late gives its time,
 * what was done after the work had been taken back stands, what cannot both be true is asked. Only a decline is a
 * wish, not a fact: after accepting it is illegal.
 * @param outOfOrder an older fact than the newest taken: it turns back no pause.
 */
export function decideFact(now: AssignmentNow, step: Step, outOfOrder: boolean): FieldOutcome {
  const { to, stamp } = TARGET[step];
  const revoked = REVOKED.includes(now.state);
  const moves = (): FieldOutcome => ({ kind: 'moves', to, stamp, implied: impliedBetween(now.state, to), late: revoked });
  const noted: FieldOutcome = { kind: 'noted', stamp, revoked };
  switch (step) {
    case 'accept':
      return now.state === 'planned' || now.state === 'dispatched' ? moves() : noted;
    case 'decline':
      if (now.state === 'planned' || now.state === 'dispatched') return moves();
      if (revoked) return noted;
      return {
        kind: 'illegal',
        because: `The work is ${now.state} and cannot be declined; say why it cannot be completed instead.`,
      };
    case 'travel':
    case 'arrive':
      return rank(now.state) >= 0 && rank(now.state) < rank(to) ? moves() : noted;
    case 'start':
    case 'resume':
      if (now.state === 'paused') return outOfOrder ? noted : moves();
      return rank(now.state) >= 0 && rank(now.state) < rank('working') ? moves() : noted;
    case 'pause':
      if (now.state === 'working') return outOfOrder ? noted : moves();
      return rank(now.state) >= 0 && rank(now.state) < rank('working') ? moves() : noted;
    case 'complete':
    case 'cannot_complete':
      if (now.state === to) return noted;
      if (now.state === 'completed' || now.state === 'cannot_complete') return { kind: 'contradicts' };
      return moves();
    default:
      return step satisfies never;
  }
}

export type RevokeOutcome =
  | { readonly kind: 'moves'; readonly to: 'recalled' | 'cancelled' }
  /** The crew is on its way: it is asked, and the slot is free at once. */
  | { readonly kind: 'requested' }
  | { readonly kind: 'illegal'; readonly because: string };

/** Takes work back from a crew. A recall is for what the crew has been told; what it has not been told is cancelled. */
export function decideRevoke(now: AssignmentNow, how: 'recall' | 'cancel'): RevokeOutcome {
  if (now.requested !== null) {
    return { kind: 'illegal', because: 'The crew has been asked already and has not answered yet.' };
  }
  if (UNDER_WAY.includes(now.state)) return { kind: 'requested' };
  if (now.state === 'planned' && how === 'recall') {
    return { kind: 'illegal', because: 'The crew has not been told of this work yet; unassign it instead of recalling it.' };
  }
  if (BEFORE_TRAVEL.includes(now.state)) return { kind: 'moves', to: how === 'recall' ? 'recalled' : 'cancelled' };
  return { kind: 'illegal', because: `This assignment has ended: it is ${now.state}.` };
}

/** The crew has seen the recall or cancel, or the time to answer is up. Undefined: nothing is pending. */
export function decideRevokeSettled(now: AssignmentNow): 'recalled' | 'cancelled' | undefined {
  if (now.requested === null) return undefined;
  return now.requested === 'recall' ? 'recalled' : 'cancelled';
}

/** Sends planned work to the crew: dispatcher, freeze timer, publishing inside the horizon. */
export const canDispatch = (now: AssignmentNow): boolean => now.state === 'planned' && now.requested === null;

export type ShiftEndOutcome = 'cancel' | 'ask' | 'leave';

/**
 * End of the shift: work not begun is taken back when the device has synchronised since (nothing unknown can have
 * happened); otherwise, and for what is under way, the dispatcher is asked.
 */
export function decideShiftEnd(now: AssignmentNow, synchronised: boolean): ShiftEndOutcome {
  if (BEFORE_TRAVEL.includes(now.state)) return synchronised ? 'cancel' : 'ask';
  return UNDER_WAY.includes(now.state) ? 'ask' : 'leave';
}

export type Verdict = 'pending' | 'verified' | 'unverified';

/** Verification is settled once and may be upgraded later; a visit once seen is never unseen. */
export function decideVerification(now: Verdict | null, verdict: 'verified' | 'unverified'): Verdict | 'illegal' {
  if (now === null) return 'illegal';
  return now === 'verified' ? 'verified' : verdict;
}
