import { useEffect, useRef, useState } from 'react';
import type { PlaceAnswer } from '../../server/stages/intake/contract.ts';
import { api } from '../state/api.ts';
import type { Draft } from './draft.ts';

const PAUSE_MS = 250;

/** Asks what the draft's place is called, once it stands still. `away`: nobody answers. */
export function usePlaceName(
  draft: Pick<Draft, 'place' | 'placeQuality'>,
  told: (answer: PlaceAnswer) => void,
): { away: boolean } {
  const [failedFor, setFailedFor] = useState<Draft['place']>(null);
  const latest = useRef(told);
  useEffect(() => {
    latest.current = told;
  });
  const { place } = draft;
  const known = draft.placeQuality !== null;
  useEffect(() => {
    if (place === null || known) return;
    const leaving = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const query = `lon=${place.lon.toFixed(6)}&lat=${place.lat.toFixed(6)}`;
        latest.current(await api.get<PlaceAnswer>(`/api/place?${query}`, leaving.signal));
      } catch {
        if (!leaving.signal.aborted) setFailedFor(place);
      }
    };
    const timer = setTimeout(() => void ask(), PAUSE_MS);
    return () => {
      clearTimeout(timer);
      leaving.abort();
    };
  }, [place, known]);
  return { away: place !== null && !known && failedFor === place };
}
