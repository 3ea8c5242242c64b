import { createContext, use, useCallback, useSyncExternalStore } from 'react';
import { useStore } from 'zustand';
import { cityNow } from '../state/city-clock.ts';
import type { PhoneState } from './phone-state.ts';
import type { Phone } from './phone.ts';

export const PhoneContext = createContext<Phone | null>(null);

/** The one phone of this page. */
export function usePhone(): Phone {
  const phone = use(PhoneContext);
  if (phone === null) throw new Error('no phone: wrap the screen in PhoneContext');
  return phone;
}

/** A part of the phone's state; renders again when that part is another. */
export function usePhoneState<T>(select: (state: PhoneState) => T): T {
  return useStore(usePhone().store, select);
}

/** City time in milliseconds, in whole `stepSeconds`. */
export function useCityNow(stepSeconds: number): number {
  const phone = usePhone();
  const stepMs = stepSeconds * 1000;
  const listen = useCallback(
    (heard: () => void) => {
      const timer = setInterval(heard, 1_000);
      const silence = phone.store.subscribe(heard);
      return () => {
        clearInterval(timer);
        silence();
      };
    },
    [phone],
  );
  return useSyncExternalStore(listen, () => {
    const { clock } = phone.store.getState();
    const now = clock === null ? Date.now() : cityNow(clock, Date.now());
    return Math.floor(now / stepMs) * stepMs;
  });
}

const everySecond = (heard: () => void): (() => void) => {
  const timer = setInterval(heard, 1_000);
  return () => clearInterval(timer);
};

/** The phone's own clock in whole seconds, as milliseconds. */
export const useWallNow = (): number => useSyncExternalStore(everySecond, () => Math.floor(Date.now() / 1_000) * 1_000);

/** The city's zone; UTC before it is known. */
export const useZone = (): string => usePhoneState((state) => state.city?.zone ?? 'UTC');
