import type { Undone } from '../../server/stages/dispatch/contract.ts';
import { newActionId, sendAction } from './api.ts';
import type { Desk } from './desk.ts';

/** One part of a change that the desk has made: an action that undo knows, or overtime of a shift, which it does not. */
export type Part =
  | { readonly part: 'action'; readonly actionId: string }
  | { readonly part: 'overtime'; readonly shiftId: string; readonly before: number; readonly after: number };

/** By the action that ended a change, what was made before it; for as long as the page is open. */
const wholes = new WeakMap<Desk['store'], Map<string, readonly Part[]>>();

/** Keeps together what was one decision: undo of its last action takes all of it back. */
export function rememberWhole({ store }: Pick<Desk, 'store'>, lastActionId: string, earlier: readonly Part[]): void {
  const known = wholes.get(store) ?? new Map<string, readonly Part[]>();
  wholes.set(store, known.set(lastActionId, earlier));
}

/** What belongs to a change whose last action was just taken back. */
export const earlierParts = ({ store }: Pick<Desk, 'store'>, lastActionId: string): readonly Part[] =>
  wholes.get(store)?.get(lastActionId) ?? [];

/**
 * Takes parts back, the last first, each as anybody could. @returns ids of jobs that were changed by it.
 * @throws ApiProblem where one cannot be taken back; those before it in time then stand.
 */
export async function takeBack(desk: Desk, parts: readonly Part[]): Promise<string[]> {
  const jobIds: string[] = [];
  for (const one of [...parts].reverse()) {
    if (one.part === 'overtime') await takeBackOvertime(desk, one);
    else {
      const { work } = await sendAction<Undone>('/api/undo', { actionId: one.actionId }, newActionId());
      jobIds.push(...work.flatMap(({ jobs }) => jobs.map(({ id }) => id as string)));
    }
  }
  return jobIds;
}

/** Unless somebody has allowed another amount since: then it is theirs. */
async function takeBackOvertime(desk: Desk, { shiftId, before, after }: Extract<Part, { part: 'overtime' }>): Promise<void> {
  const { serviceDay } = desk.store.getState();
  if (serviceDay === null) return;
  const shift = (await desk.reads.shifts(serviceDay)).find(({ id }) => id === shiftId);
  if (shift === undefined || shift.overtimeAllowedSeconds !== after) return;
  const command = { type: 'shift.change', shiftId: shift.id, version: shift.version, overtimeAllowedSeconds: before };
  await sendAction('/api/shifts/commands', { command }, newActionId());
}
