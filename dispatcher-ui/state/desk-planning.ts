import type { BetterDraft } from '../../server/stages/planning/proving/contract.ts';
import type { PlanRequest, PlanView } from '../../server/stores/plans/contract.ts';
import type { PublishOutcome } from '../../server/stores/work/contract.ts';
import { api, ApiProblem, newActionId, sendAction } from './api.ts';
import { refused } from './desk-actions.ts';
import type { Desk } from './desk.ts';
import { reads } from './desk-reads.ts';
import { NO_PLANNING, type Planning } from './desk-state.ts';

const set = (desk: Desk, change: Partial<Planning>): void =>
  desk.store.setState(({ planning }) => ({ planning: { ...planning, ...change } }));

const sentence = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** How long a poll waits for the end: the curve grows that often. */
const POLL_SECONDS = 0.5;
const ASK_AGAIN_MS = 1_000;

/**
 * Asks for a plan within the desk's limit of changes and shows how far it is, until there is a draft to look at. A second
 * request while one runs waits for its turn.
 */
export async function makePlan(desk: Desk): Promise<void> {
  const { planning, maxChanges } = desk.store.getState();
  if (planning.busy !== null) return;
  desk.select(null);
  desk.store.setState({ planning: { ...NO_PLANNING, busy: 'asking' } });
  try {
    let request = await api.post<PlanRequest>('/api/plans', maxChanges === null ? {} : { maxChanges });
    set(desk, { request });
    while (request.state === 'waiting' || request.state === 'running') {
      request = await follow(desk, request);
      set(desk, { request, unheard: false });
    }
    if (request.state === 'made' && request.planId !== null) return await openPlan(desk, request.planId);
    ended(desk, request.state === 'failed' ? request.failure : null);
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return desk.signedOut();
    ended(desk, sentence(error));
  }
}

/** No draft came of it. */
const ended = (desk: Desk, failure: string | null): void =>
  set(desk, { request: null, unheard: false, stopping: false, busy: null, failure });

/** The next news of a request. The plan goes on being made while the server cannot be reached: it is asked until it answers. */
async function follow(desk: Desk, request: PlanRequest): Promise<PlanRequest> {
  for (;;) {
    try {
      return await reads.planRequest(request.id, POLL_SECONDS);
    } catch (error) {
      if (!(error instanceof ApiProblem) || !error.passing) throw error;
      set(desk, { unheard: true });
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    }
  }
}

/** Gives the plan up: nothing is kept of it. */
export async function cancelPlan(desk: Desk): Promise<void> {
  await tellRequest(desk, 'cancel', () => void cancelPlan(desk));
}

/** Ends the search: the best plan so far becomes the draft. */
export async function stopPlan(desk: Desk): Promise<void> {
  if (desk.store.getState().planning.stopping) return;
  set(desk, { stopping: true });
  if (!(await tellRequest(desk, 'stop', () => void stopPlan(desk)))) set(desk, { stopping: false });
}

async function tellRequest(desk: Desk, what: 'cancel' | 'stop', again: () => void): Promise<boolean> {
  const { request } = desk.store.getState().planning;
  if (request === null) return false;
  try {
    await api.post<PlanRequest>(`/api/plan-requests/${request.id}/${what}`, {});
    return true;
  } catch (error) {
    // It has ended in this moment, or not begun: whoever follows it shows which.
    if (!(error instanceof ApiProblem && error.type === 'plan-request-refused')) refused(desk, error, again);
    return false;
  }
}

/** Opens a draft that is there already: one's own of a minute ago, or a colleague's. */
export async function openPlan(desk: Desk, planId: string): Promise<void> {
  set(desk, { busy: 'opening', failure: null });
  try {
    const draft = await reads.plan(planId);
    set(desk, { draft, request: null, busy: null, stopping: false, outcome: null });
  } catch (error) {
    ended(desk, sentence(error));
  }
}

/** Has a draft made of the cheaper plan that came up while this one was being proven, and opens it. */
export async function lookAtBetter(
  desk: Desk,
  planId: string,
  open: (planId: string) => void,
  actionId = newActionId(),
): Promise<void> {
  try {
    const better = await sendAction<BetterDraft>(`/api/plans/${planId}/better`, {}, actionId);
    await desk.readPlans().catch(() => undefined);
    open(better.planId);
  } catch (error) {
    refused(desk, error, () => void lookAtBetter(desk, planId, open, actionId));
  }
}

/** Puts the draft into force; what was left alone is listed. */
export async function publishDraft(desk: Desk, actionId = newActionId()): Promise<void> {
  const { draft } = desk.store.getState().planning;
  if (draft === null) return;
  set(desk, { busy: 'publishing', failure: null });
  try {
    const outcome = await sendAction<PublishOutcome>(`/api/plans/${draft.id}/publish`, {}, actionId);
    set(desk, { busy: null, draft: null, outcome: { outcome, draft } });
    desk.tell({
      tone: outcome.leftAlone.length > 0 ? 'warning' : 'ok',
      word: 'did.published',
      params: {
        assigned: outcome.assigned,
        moved: outcome.moved,
        takenOff: outcome.unassigned,
        leftAlone: outcome.leftAlone.length,
      },
      detail: null,
      undo: null,
      retry: null,
    });
    await Promise.all([desk.readJobs(concerned(draft)), desk.readPlans()]).catch(() => undefined);
  } catch (error) {
    set(desk, { busy: null });
    refused(desk, error, () => void publishDraft(desk, actionId));
    await desk.readPlans().catch(() => undefined);
  }
}

const concerned = (draft: PlanView): string[] => [
  ...new Set([...draft.stops.filter(({ change }) => change !== 'same'), ...draft.leftOut].map(({ jobId }) => jobId)),
];

export async function discardDraft(desk: Desk, actionId = newActionId()): Promise<void> {
  const { draft } = desk.store.getState().planning;
  if (draft === null) return;
  set(desk, { busy: 'discarding', failure: null });
  try {
    await sendAction(`/api/plans/${draft.id}/discard`, {}, actionId);
    desk.store.setState({ planning: NO_PLANNING });
    desk.tell({ tone: 'ok', word: 'did.discarded', params: {}, detail: null, undo: null, retry: null });
    await desk.readPlans().catch(() => undefined);
  } catch (error) {
    set(desk, { busy: null });
    refused(desk, error, () => void discardDraft(desk, actionId));
    await desk.readPlans().catch(() => undefined);
  }
}

/** Puts the draft aside without deciding: it stays a draft and is offered again. */
export const closeDraft = (desk: Desk): void => desk.store.setState({ planning: NO_PLANNING });
