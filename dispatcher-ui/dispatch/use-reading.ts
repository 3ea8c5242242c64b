import { useCallback, useEffect, useState } from 'react';

export interface Reading<T> {
  readonly value: T | null;
  readonly failed: boolean;
  again(): void;
}

/** What could not be read heals by itself when the server is back. */
const AGAIN_MS = 4_000;

/**
 * Reads something for as long as it is looked at, again when `key` is another. What was read before stays until the
 * new answer is there, so that nothing jumps.
 */
export function useReading<T>(key: string, read: (signal: AbortSignal) => Promise<T>): Reading<T> {
  const [state, setState] = useState<{ value: T | null; failed: boolean }>({ value: null, failed: false });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    let later: ReturnType<typeof setTimeout> | undefined;
    read(leaving.signal).then(
      (value) => setState({ value, failed: false }),
      () => {
        if (leaving.signal.aborted) return;
        setState(({ value }) => ({ value, failed: true }));
        later = setTimeout(() => setRound((n) => n + 1), AGAIN_MS);
      },
    );
    return () => {
      clearTimeout(later);
      leaving.abort();
    };
  }, [key, round, read]);
  return { ...state, again: useCallback(() => setRound((n) => n + 1), []) };
}
