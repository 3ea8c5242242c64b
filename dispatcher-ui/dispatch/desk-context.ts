import { createContext, use, useEffect, useState } from 'react';
import { useStore } from 'zustand';
import { cityNow, type CityClock } from '../state/city-clock.ts';
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

/**
 * City time in milliseconds, in steps of `stepSeconds`: 1 for clocks, 60 for what is due. Read twice a second and kept
 * in between: a fast simulated clock has moved on already while a screen is being drawn.
 */
export function useCityNow(stepSeconds: number): number {
  const { store } = useDesk();
  const stepMs = stepSeconds * 1000;
  const [now, setNow] = useState(() => steppedNow(store.getState().clock, stepMs));
  useEffect(() => {
    const look = (): void => setNow(steppedNow(store.getState().clock, stepMs));
    const timer = setInterval(look, 500);
    const silence = store.subscribe((state, before) => {
      if (state.clock !== before.clock) look();
    });
    return () => {
      clearInterval(timer);
      silence();
    };
  }, [store, stepMs]);
  return now;
}

const steppedNow = (clock: CityClock | null, stepMs: number): number =>
  clock === null ? 0 : Math.floor(cityNow(clock, Date.now()) / stepMs) * stepMs;

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
