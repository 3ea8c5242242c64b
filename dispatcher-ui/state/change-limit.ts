import type { StoreApi } from 'zustand/vanilla';
import type { DeskState } from './desk-state.ts';

const KEY = 'thuma.maxChanges';
/** The server takes no more. */
export const MOST_CHANGES = 100_000;

/** What this desk chose since its page was opened: stops that a plan may change at most; null: any number. */
export function keptMaxChanges(): number | null {
  const kept = sessionStorage.getItem(KEY);
  return kept === null ? null : changesIn(kept);
}

/** A whole number of changes that somebody wrote; null: it is none. */
export function changesIn(written: string): number | null {
  if (!/^\d{1,6}$/.test(written.trim())) return null;
  return Math.min(Number(written), MOST_CHANGES);
}

/** For every plan this desk asks for from now on, until its page is closed. */
export function keepMaxChanges(store: StoreApi<DeskState>, maxChanges: number | null): void {
  store.setState({ maxChanges });
  if (maxChanges === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, String(maxChanges));
}
