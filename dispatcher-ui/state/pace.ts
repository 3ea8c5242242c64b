import type { ClockPace } from '../../server/platform/contract.ts';
import { api } from './api.ts';
import { refused } from './desk-actions.ts';
import type { Desk } from './desk.ts';

/** Simulated seconds a second that the screen offers; 0 is the pause. */
export const PACES = [0, 1, 10, 60] as const;

/** What to offer: the usual ones, and the present one where it is none of them (a demo started at 30). */
export const pacesWith = (present: number): readonly number[] =>
  (PACES as readonly number[]).includes(present) ? PACES : [...PACES, present].sort((a, b) => a - b);

/** Wishes another pace for the whole city; every screen hears of it from the server. */
export async function wishPace(desk: Desk, pace: number): Promise<void> {
  try {
    const present = await api.put<ClockPace>('/api/clock/pace', { pace });
    desk.store.setState(({ status }) =>
      status === null ? {} : { status: { ...status, clock: { ...status.clock, pace: present } } },
    );
  } catch (error) {
    refused(desk, error, () => void wishPace(desk, pace));
  }
}
