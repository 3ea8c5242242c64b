import { useCallback, useEffect, useState } from 'react';

export interface Once<T> {
  readonly value: T | null;
  readonly failure: Error | null;
  again(): void;
}

/** Reads something that does not change while it is looked at; a failure says its reason and waits for the reader. */
export function useOnce<T>(read: (signal: AbortSignal) => Promise<T>): Once<T> {
  const [state, setState] = useState<{ value: T | null; failure: Error | null }>({ value: null, failure: null });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const leaving = new AbortController();
    read(leaving.signal).then(
      (value) => setState({ value, failure: null }),
      (error: unknown) => {
        if (!leaving.signal.aborted)
          setState({ value: null, failure: error instanceof Error ? error : new Error(String(error)) });
      },
    );
    return () => leaving.abort();
  }, [read, round]);
  return {
    ...state,
    again: useCallback(() => {
      setState({ value: null, failure: null });
      setRound((n) => n + 1);
    }, []),
  };
}
