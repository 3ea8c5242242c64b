import { useCallback, useEffect, useState } from 'react';

/** What an address of these pages shows. */
export interface PlanAddress {
  /** null: none is chosen. */
  readonly planId: string | null;
  /** The service day whose plans are listed, YYYY-MM-DD; null: today's, or that of the plan. */
  readonly day: string | null;
}

/** /plan lists today's plans, /plan?day=2026-03-02 those of a day, /plan/ID is one of them. */
export function addressOf({ pathname, search }: Pick<Location, 'pathname' | 'search'>): PlanAddress {
  const [, id] = pathname.split('/').filter(Boolean);
  const day = new URLSearchParams(search).get('day');
  return { planId: id ?? null, day: day !== null && /^\d{4}-\d{2}-\d{2}$/.test(day) ? day : null };
}

/** The address, and how to go to another without loading the page again. */
export function useAddress(): [PlanAddress, (to: string) => void] {
  const [address, setAddress] = useState(() => addressOf(location));
  useEffect(() => {
    const look = (): void => setAddress(addressOf(location));
    window.addEventListener('popstate', look);
    return () => window.removeEventListener('popstate', look);
  }, []);
  const go = useCallback((to: string): void => {
    history.pushState(null, '', to);
    setAddress(addressOf(location));
  }, []);
  return [address, go];
}
