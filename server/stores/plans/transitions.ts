import type { PlanRequestState, PlanState } from './contract.ts';

/** What can happen to a plan. `supersede`: another plan of its day was published. */
export type PlanAction = { readonly type: 'publish' } | { readonly type: 'discard' } | { readonly type: 'supersede' };

/** What can happen to a request for a plan. `finish_early`: its planner is asked for the best plan so far. */
export type PlanRequestAction = 'start' | 'make' | 'fail' | 'cancel' | 'finish_early';

export type Outcome<State> =
  | { readonly ok: true; readonly state: State }
  /** A sentence for the person who asked. */
  | { readonly ok: false; readonly because: string };

const to = <State>(state: State): Outcome<State> => ({ ok: true, state });
const no = (because: string): Outcome<never> => ({ ok: false, because });

const PRESENT: Readonly<Record<PlanState, string>> = {
  draft: 'is a draft',
  published: 'has been published already',
  superseded: 'has been replaced by a plan published after it was made; make a new one',
  discarded: 'has been discarded; make a new one',
};

/** draft -> published | discarded | superseded, published -> superseded; nothing else. */
export function planTransition(state: PlanState, action: PlanAction): Outcome<PlanState> {
  switch (action.type) {
    case 'publish':
      return state === 'draft' ? to('published') : no(`This plan ${PRESENT[state]}.`);
    case 'discard':
      return state === 'draft' ? to('discarded') : no(`Only a draft can be discarded: this plan ${PRESENT[state]}.`);
    case 'supersede':
      return state === 'draft' || state === 'published' ? to('superseded') : no(`This plan ${PRESENT[state]}.`);
    default:
      return action satisfies never;
  }
}

const ENDED: Readonly<Record<'made' | 'failed' | 'cancelled', string>> = {
  made: 'has been made already',
  failed: 'has failed already',
  cancelled: 'has been cancelled already',
};

/**
 * waiting -> running -> made | failed | cancelled; a waiting one may also fail or be cancelled. One that runs is begun
 * again when the lease of its planner has run out (`leases.ts`).
 */
export function requestTransition(state: PlanRequestState, action: PlanRequestAction): Outcome<PlanRequestState> {
  if (state === 'made' || state === 'failed' || state === 'cancelled') return no(`This plan ${ENDED[state]}.`);
  switch (action) {
    case 'start':
      return state === 'waiting' ? to('running') : no('This plan is being made already.');
    case 'make':
      return state === 'running' ? to('made') : no('This plan has not been begun yet.');
    case 'fail':
      return to('failed');
    case 'cancel':
      return to('cancelled');
    case 'finish_early':
      return state === 'running' ? to('running') : no('This plan has not been begun yet; it can be cancelled.');
    default:
      return action satisfies never;
  }
}
