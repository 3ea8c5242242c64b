import { useCallback, useEffect, useRef, useState } from 'react';
import type { CaseReceipt } from '../../server/stores/cases/contract.ts';
import { newActionId, postOnce, type ApiProblem } from '../state/api.ts';
import { bodyOf, type Draft, type DraftStore } from './draft.ts';
import { pauseBefore, sendReport } from './send-report.ts';

export interface Sending {
  readonly state: 'resting' | 'sending' | 'waiting';
  readonly refused: ApiProblem | null;
  /** The first try had arrived: what was changed since then was not sent. */
  readonly arrivedBefore: boolean;
  send(): void;
}

/**
 * Sends the draft and goes on sending until somebody answers: over lost connections, restarts of the server and
 * reloads of the page (what was sent and not answered is resumed).
 */
export function useSending(store: DraftStore): Sending {
  const [state, setState] = useState<Sending['state']>('resting');
  const [refused, setRefused] = useState<ApiProblem | null>(null);
  const [arrivedBefore, setArrivedBefore] = useState(false);
  const attempt = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const busy = useRef(false);

  const send = useCallback(async (): Promise<void> => {
    const draft: Draft = store.getState();
    if (busy.current || draft.receipt !== null) return;
    busy.current = true;
    clearTimeout(timer.current);
    setState('sending');
    setRefused(null);
    const body = bodyOf(draft);
    const pending = draft.pending ?? { key: newActionId(), body };
    // Kept before it leaves: a page that is reloaded now sends the same again.
    store.setState({ pending });
    try {
      const result = await sendReport(pending, body, (what, key) => postOnce<CaseReceipt>('/api/cases', what, key));
      switch (result.kind) {
        case 'sent':
        case 'sent-before':
          setArrivedBefore(result.kind === 'sent-before');
          setState('resting');
          attempt.current = 0;
          // What is private leaves the browser with the report.
          store.setState({ receipt: result.receipt, pending: null, words: '', name: '', email: '', phone: '' });
          return;
        case 'refused':
          setRefused(result.problem);
          setState('resting');
          store.setState({ pending: null });
          return;
        case 'waiting':
          setState('waiting');
          return;
        default:
          result satisfies never;
      }
    } finally {
      busy.current = false;
    }
  }, [store]);

  useEffect(() => {
    if (state !== 'waiting') return;
    timer.current = setTimeout(() => void send(), pauseBefore(attempt.current++));
    const now = (): void => void send();
    addEventListener('online', now);
    return () => {
      clearTimeout(timer.current);
      removeEventListener('online', now);
    };
  }, [state, send]);

  useEffect(() => {
    if (store.getState().pending !== null) void send();
  }, [store, send]);

  return { state, refused, arrivedBefore, send: () => void send() };
}
