import type { StoreApi } from 'zustand/vanilla';
import type { DeskState } from './desk-state.ts';
import { reads } from './desk-reads.ts';

/** Times of arrival grow old by themselves: they are asked for again. */
const AGAIN_MS = 15_000;

/** Keeps the day of the selected crew in the state: read when it is selected, when something of it changes, and now and then. */
export function followSelectedDay(store: StoreApi<DeskState>): () => void {
  let asked: { readonly key: string; readonly stop: AbortController } | null = null;

  const read = (shiftId: string, key: string): void => {
    asked?.stop.abort();
    const stop = new AbortController();
    asked = { key, stop };
    reads.day(shiftId, stop.signal).then(
      (day) => store.setState({ day, dayFailed: false }),
      () => !stop.signal.aborted && store.setState({ dayFailed: true }),
    );
  };

  const look = ({ selection, touched, shifts, day }: DeskState): void => {
    if (selection?.kind !== 'shift') {
      asked?.stop.abort();
      asked = null;
      if (day !== null) store.setState({ day: null, dayFailed: false });
      return;
    }
    const { id } = selection;
    const key = `${id} ${touched.get(id) ?? 0} ${shifts.get(id)?.orderVersion ?? 0}`;
    if (key !== asked?.key) read(id, key);
  };

  const silence = store.subscribe(look);
  const timer = setInterval(() => {
    const { selection } = store.getState();
    if (selection?.kind === 'shift' && asked !== null) read(selection.id, asked.key);
  }, AGAIN_MS);
  return () => {
    silence();
    clearInterval(timer);
    asked?.stop.abort();
  };
}
