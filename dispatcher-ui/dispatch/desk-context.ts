import { createContext, use, useEffect, useState, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { cityNow } from '../state/city-clock.ts';
import type { Desk } from '../state/desk.ts';
import type { DeskState } from '../state/desk-state.ts';

export const DeskContext = createContext<Desk | null>(null);

/** The one desk of this page. */
export function useDesk(): Desk {
  const desk = use(DeskContext);
  if (desk === null) throw new Error('no desk: wrap the screen in DeskContext');
  return desk;
}

/** A part of the desk's state; renders again when that part is another. */
export function useDeskState<T>(select: (state: DeskState) => T): T {
  return useStore(useDesk().store, select);
}

/** City time in milliseconds, told once every `stepSeconds`: 1 for clocks, 60 for what is due. */
export function useCityNow(stepSeconds: number): number {
  const desk = useDesk();
  const stepMs = stepSeconds * 1000;
  const read = (): number => {
    const { clock } = desk.store.getState();
    return clock === null ? 0 : Math.floor(cityNow(clock, Date.now()) / stepMs) * stepMs;
  };
  return useSyncExternalStore((heard) => {
    const timer = setInterval(heard, 500);
    const silence = desk.store.subscribe(heard);
    return () => {
      clearInterval(timer);
      silence();
    };
  }, read);
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

/** Rises once a second while positions arrive: for what shows their age in words. */
export function usePositionBeat(): number {
  const desk = useDesk();
  const [beat, setBeat] = useState(0);
  useEffect(() => {
    let moved = false;
    const silence = desk.positions.listen(() => {
      moved = true;
    });
    const timer = setInterval(() => {
      if (moved) setBeat((n) => n + 1);
      moved = false;
    }, 1_000);
    return () => {
      silence();
      clearInterval(timer);
    };
  }, [desk]);
  return beat;
}

/** The city's zone; UTC before it is known. */
export const useZone = (): string => useDeskState((state) => state.city?.zone ?? 'UTC');
