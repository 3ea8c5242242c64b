import type { EnrolledTracker, NewTracker, SeenTracker } from '../../server/stores/accounts/contract.ts';
import { api, ApiProblem } from './api.ts';

/** What became of it: the tracker, or why it was refused (null: the server does not answer). */
export type Enrolling = { readonly tracker: EnrolledTracker } | { readonly refused: string | null };

/** Makes a tracker a vehicle's. */
export async function enrolTracker(wanted: NewTracker): Promise<Enrolling> {
  try {
    return { tracker: await api.post<EnrolledTracker>('/api/trackers', wanted) };
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
    return { refused: error.status === 0 ? null : error.message };
  }
}

/** Takes a tracker off the list of those that were not let in, until it comes again. One that cannot be taken off stays in it. */
export async function dismissTracker({ protocol, trackerId }: SeenTracker): Promise<void> {
  try {
    await api.post('/api/trackers/dismiss', { protocol, trackerId });
  } catch (error) {
    if (!(error instanceof ApiProblem)) throw error;
  }
}
