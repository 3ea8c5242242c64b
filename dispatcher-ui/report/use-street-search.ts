import { useEffect, useState } from 'react';
import type { FoundStreets } from '../../server/stages/intake/contract.ts';
import { api } from '../state/api.ts';

export type FoundStreet = FoundStreets['streets'][number];

const PAUSE_MS = 180;
const FEWEST_LETTERS = 2;

/** Streets by what is typed, asked for once the typing pauses. `found` null: nothing has been asked, or no answer yet. */
export function useStreetSearch(typed: string): { found: readonly FoundStreet[] | null; away: boolean } {
  const [answer, setAnswer] = useState<{ typed: string; found: readonly FoundStreet[] | null; away: boolean } | null>(null);
  const asked = typed.trim();
  useEffect(() => {
    if (asked.length < FEWEST_LETTERS) return;
    const leaving = new AbortController();
    const timer = setTimeout(() => {
      api.get<FoundStreets>(`/api/streets?q=${encodeURIComponent(asked.slice(0, 200))}`, leaving.signal).then(
        ({ streets }) => setAnswer({ typed: asked, found: streets, away: false }),
        () => leaving.signal.aborted || setAnswer({ typed: asked, found: null, away: true }),
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [asked]);
  if (asked.length < FEWEST_LETTERS || answer === null) return { found: null, away: false };
  // What was found for the letters before stays until the new answer is here: the list does not flicker.
  return answer.typed === asked ? answer : { found: answer.found, away: false };
}

/** Every crossing of a street, to say which part of it; empty where it has none or nobody answers. */
export async function crossingsOf(street: string, signal: AbortSignal): Promise<FoundStreet[]> {
  try {
    const { streets } = await api.get<FoundStreets>(`/api/streets?q=${encodeURIComponent(`${street} & `)}`, signal);
    return streets.filter((one) => one.street === street && one.crossing !== null);
  } catch {
    return [];
  }
}
