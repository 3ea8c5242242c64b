import { useCallback, useEffect, useRef, useState } from 'react';
import type { PublicCase } from '../../server/stores/cases/contract.ts';
import { api, ApiProblem } from '../state/api.ts';

export interface Followed {
  /** The newest answer; it stays while nobody answers. */
  readonly report: PublicCase | null;
  readonly state: 'loading' | 'fresh' | 'away' | 'unknown';
  askNow(): void;
}

const EVERY_MS = 30_000;
const LONGEST_MS = 300_000;
/** Many pages that were opened together do not ask together for ever. */
const SPREAD = 0.2;

/** A report by its link, asked for again while the page is looked at: less often while nobody answers, not at all in the dark. */
export function useFollow(token: string): Followed {
  const [report, setReport] = useState<PublicCase | null>(null);
  const [state, setState] = useState<Followed['state']>('loading');
  const ask = useRef<() => void>(() => undefined);
  useEffect(() => {
    const leaving = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let failures = 0;
    let asking = false;
    const look = async (): Promise<void> => {
      clearTimeout(timer);
      if (asking) return;
      asking = true;
      try {
        setReport(await api.get<PublicCase>(`/api/follow/${encodeURIComponent(token)}`, leaving.signal));
        setState('fresh');
        failures = 0;
      } catch (error) {
        if (leaving.signal.aborted) return;
        // Only these say that there is none; everything else passes.
        const unknown = error instanceof ApiProblem && (error.status === 404 || error.status === 400);
        setState(unknown ? 'unknown' : 'away');
        if (unknown) return;
        failures++;
      } finally {
        asking = false;
      }
      const pause = Math.min(LONGEST_MS, EVERY_MS * 2 ** Math.max(0, failures - 1));
      if (document.visibilityState === 'visible') timer = setTimeout(() => void look(), pause * (1 + SPREAD * Math.random()));
    };
    const now = (): void => {
      if (document.visibilityState === 'visible') void look();
      else clearTimeout(timer);
    };
    ask.current = now;
    void look();
    document.addEventListener('visibilitychange', now);
    addEventListener('online', now);
    return () => {
      leaving.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', now);
      removeEventListener('online', now);
    };
  }, [token]);
  return { report, state, askNow: useCallback(() => ask.current(), []) };
}
