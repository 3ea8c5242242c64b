import { useEffect, useState } from 'react';
import type { CityView } from '../../server/stages/city/contract.ts';
import { api } from '../state/api.ts';

const ASK_AGAIN_MS = 4_000;

/** The city, asked for until it answers. `away`: it has not answered yet although it was asked. */
export function useCity(): { city: CityView | null; away: boolean } {
  const [city, setCity] = useState<CityView | null>(null);
  const [away, setAway] = useState(false);
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (): Promise<void> => {
      try {
        setCity(await api.get<CityView>('/api/city', leaving.signal));
        setAway(false);
      } catch {
        if (leaving.signal.aborted) return;
        setAway(true);
        timer = setTimeout(() => void ask(), ASK_AGAIN_MS);
      }
    };
    void ask();
    return () => {
      leaving.abort();
      clearTimeout(timer);
    };
  }, []);
  return { city, away };
}
