import type { CityView } from '../../server/stages/city/contract.ts';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { DeviceShift } from '../../server/stores/crews/contract.ts';
import type { OwnFixes } from './own-fixes.ts';
import type { Outbox } from './outbox.ts';

/** What a phone keeps over a reload, by name. */
export interface Kept {
  /** Who it is to the server. */
  readonly device: { readonly deviceId: string; readonly token: string };
  readonly outbox: Outbox;
  readonly fixes: OwnFixes;
  /** For which shift the crew has agreed, or not, to share its position. */
  readonly consent: { readonly shiftId: string; readonly share: boolean };
  readonly city: CityView;
  readonly mine: DeviceShift;
  readonly day: CrewDay;
  /** What the jobs of the day are called, also those that were taken back. */
  readonly jobs: Readonly<Record<string, KnownJob>>;
  /** A call for help that nobody has been told of yet, since when by the phone's clock. */
  readonly alarm: { readonly shiftId: string; readonly sinceMs: number };
}

export interface KnownJob {
  readonly number: number;
  readonly title: string;
  /** This phone has given it back, or its crew has been told that it is gone: that it is gone is no news. */
  readonly left?: boolean;
}

/** The phone's own memory. Writing is done when it returns: a reload in the next moment loses nothing. */
export interface Keeper {
  read<K extends keyof Kept>(name: K): Kept[K] | null;
  /** @returns false when the phone refuses (full, or a private window): the screen then says so. */
  write<K extends keyof Kept>(name: K, value: Kept[K]): boolean;
  forget(name: keyof Kept): void;
}

/** Rises when the shape of what is kept changes: older notes are then not read. */
const PREFIX = 'thuma.phone.1.';

/** The browser's storage of this site. */
export function keeperOf(storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): Keeper {
  return {
    read(name) {
      try {
        const text = storage.getItem(PREFIX + name);
        return text === null ? null : (JSON.parse(text) as Kept[typeof name]);
      } catch {
        // Unreadable is as good as absent; what can be read anew is read anew.
        return null;
      }
    },
    write(name, value) {
      try {
        storage.setItem(PREFIX + name, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
    forget: (name) => storage.removeItem(PREFIX + name),
  };
}
