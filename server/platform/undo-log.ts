import type { Db } from '../../db/knex.ts';
import type { Change } from './events.ts';

/** An action that its actor may still take back. What `inverse` means is the caller's affair. */
export interface UndoableAction {
  readonly id: string;
  readonly kind: string;
  readonly receivedAt: Date;
  readonly inverse: unknown;
}

/** Notes with the change's own action how to take it back; in the action's transaction, after its effect. */
export async function rememberInverse(change: Change, inverse: unknown): Promise<void> {
  if (change.actionId === null) return;
  await change
    .tx('action')
    .where({ id: change.actionId })
    .update({ inverse: JSON.stringify(inverse), undo_number: change.tx.raw(`nextval('undo_number')`) });
}

/** The newest action of this person that can be taken back and was not, or undefined. */
export async function findLastUndoable(tx: Db, accountId: string): Promise<UndoableAction | undefined> {
  return tx('action')
    .where({ actor_account: accountId })
    .whereNotNull('inverse')
    .whereNull('undone_by')
    .orderBy('undo_number', 'desc')
    .first<UndoableAction | undefined>({ id: 'id', kind: 'kind', receivedAt: 'received_at', inverse: 'inverse' });
}

/** False when somebody (the same person in another window) was quicker. */
export async function markUndone(change: Change, actionId: string): Promise<boolean> {
  const changed = await change.tx('action').where({ id: actionId }).whereNull('undone_by').update({ undone_by: change.actionId });
  return changed === 1;
}

/** What an action was about: a job or an assignment, by its id. */
export type AboutOne = { readonly job_id: string } | { readonly assignment_id: string };

/**
 * Everything that became true of it after the action has been taken back again: nobody's word is lost when the action is taken back
 * too. False when something else was done since, by a person, a crew or a timer.
 */
export async function onlyUndoneSince(tx: Db, actionId: string, about: AboutOne): Promise<boolean> {
  const since = tx('event').where({ action_id: actionId }).max('seq');
  const later = () =>
    tx('event as e')
      .where(Object.fromEntries(Object.entries(about).map(([column, id]) => [`e.${column}`, id])))
      .where('e.seq', '>', since)
      .first<{ seq: string } | undefined>('e.seq');
  const other = await later()
    .leftJoin('action as a', 'a.id', 'e.action_id')
    .whereNull('a.undone_by')
    .whereNotExists((undone) => {
      void undone
        .from('action as u')
        .whereRaw(`a.kind = 'undo' and u.undone_by = a.id`)
        .whereExists((done) => {
          void done.from('event as ue').whereRaw('ue.action_id = u.id').where('ue.seq', '>', since).select(tx.raw('1'));
        })
        .select(tx.raw('1'));
    });
  // A change of which no event tells was nobody's that could have taken it back.
  return other === undefined && (await later()) !== undefined;
}
