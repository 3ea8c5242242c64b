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

/** Asks for a plan and shows how far it is, until there is a draft to look at. A second request while one runs joins it. */
export async function makePlan(desk: Desk): Promise<void> {
  if (desk.store.getState().planning.busy !== null) return;
  desk.select(null);
  desk.store.setState({ planning: { ...NO_PLANNING, busy: 'asking' } });
  try {
    let request = await api.post<PlanRequest>('/api/plans', {});
    set(desk, { request });
    while (request.state === 'waiting' || request.state === 'running') {
      request = await follow(request);
      set(desk, { request });
    }
    if (request.state === 'made' && request.planId !== null) return await openPlan(desk, request.planId);
    set(desk, { request: null, busy: null, failure: request.state === 'failed' ? request.failure : null });
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return desk.signedOut();
    set(desk, { request: null, busy: null, failure: sentence(error) });
  }
}

/** The next news of a request; a server that is away for a moment is asked again. */
async function follow(request: PlanRequest): Promise<PlanRequest> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await reads.planRequest(request.id, 1);
    } catch (error) {
      if (!(error instanceof ApiProblem) || !error.passing || attempt === 10) throw error;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  }
}

export async function cancelPlan(desk: Desk): Promise<void> {
  const { request } = desk.store.getState().planning;
  if (request === null) return;
  await api
    .post<PlanRequest>(`/api/plan-requests/${request.id}/cancel`, {})
    .catch((error: unknown) => refused(desk, error, () => void cancelPlan(desk)));
}

/** Opens a draft that is there already: one's own of a minute ago, or a colleague's. */
export async function openPlan(desk: Desk, planId: string): Promise<void> {
  set(desk, { busy: 'opening', failure: null });
  try {
    const draft = await reads.plan(planId);
    set(desk, { draft, request: null, busy: null, outcome: null });
  } catch (error) {
    set(desk, { busy: null, request: null, failure: sentence(error) });
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
