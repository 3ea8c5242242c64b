import type { Db } from '../../../db/knex.ts';

/** What an erasure took away. */
export interface Erased {
  readonly contacts: number;
  readonly words: number;
}

/** Deletes names, addresses and words of reports that came before `before`; the cases themselves stay. */
export async function erasePrivateData(tx: Db, before: Date, now: Date): Promise<Erased> {
  const contacts = await tx('private.contact')
    .whereNull('erased_at')
    .where('created_at', '<', before)
    .update({ name: null, email: null, phone: null, erased_at: now });
  const words = await tx('private.case_words')
    .whereIn('case_id', tx('cases').where('received_at', '<', before).select('id'))
    .delete();
  return { contacts, words };
}
