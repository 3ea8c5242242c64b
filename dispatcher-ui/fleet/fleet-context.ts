import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { cityNow } from '../state/city-clock.ts';
import type { Fleet, FleetState } from './fleet-state.ts';

export const FleetContext = createContext<Fleet | null>(null);

/** The one fleet of this page. */
export function useFleet(): Fleet {
  const fleet = use(FleetContext);
  if (fleet === null) throw new Error('no fleet: wrap the page in FleetContext');
  return fleet;
}

/** A part of the page's state; renders again when that part is another. */
export function useFleetState<T>(select: (state: FleetState) => T): T {
  return useStore(useFleet().store, select);
}

/** The city's zone; UTC before it is known. */
export const useZone = (): string => useFleetState((state) => state.city?.zone ?? 'UTC');

/** City time in milliseconds, told once every so many seconds. */
export function useCityNow(stepSeconds: number): number {
  const { store } = useFleet();
  const stepMs = stepSeconds * 1000;
  return useSyncExternalStore(
    (heard) => {
      const timer = setInterval(heard, 500);
      const silence = store.subscribe(heard);
      return () => {
        clearInterval(timer);
        silence();
      };
    },
    () => {
      const { clock } = store.getState();
      return clock === null ? 0 : Math.floor(cityNow(clock, Date.now()) / stepMs) * stepMs;
    },
  );
}

/** Our own clock in milliseconds, told twice a second. */
export function useWallNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, []);
  return now;
}
