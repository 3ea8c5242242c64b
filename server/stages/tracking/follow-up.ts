import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../../platform/log.ts';
import type { VehicleMove } from '../../stores/positions/store.ts';

/** What one write of positions changed, for fences and verification. */
export interface StoredPositions {
  /** Vehicles whose marker moved, each once, where it is now. */
  readonly moved: readonly VehicleMove[];
  /** Every vehicle that got fixes, and between which corrected times (milliseconds since 1970). */
  readonly tracks: readonly { readonly vehicleId: string; readonly fromMillis: number; readonly untilMillis: number }[];
}

export interface FollowUp {
  /** Done when the promise resolves. */
  now(stored: StoredPositions): Promise<void>;
  /** Together with what else is stored meanwhile; the devices' acknowledgement does not wait for it. */
  soon(stored: StoredPositions): void;
  /** Does what is left. */
  stop(): Promise<void>;
}

/** Fences and verification ask the database about many vehicles at once: more often would be the same answers. */
const TOGETHER_MILLIS = 500;

/** What follows from positions that are stored. Never rejects: what fails is logged, the positions are safe. */
export function followUp(deps: { readonly log: Log; readonly onStored: (stored: StoredPositions) => Promise<void> }): FollowUp {
  let moved = new Map<string, VehicleMove>();
  let tracks = new Map<string, StoredPositions['tracks'][number]>();
  let running: Promise<void> | null = null;
  const hurry = new AbortController();

  async function now(stored: StoredPositions): Promise<void> {
    try {
      await deps.onStored(stored);
    } catch (error) {
      deps.log.error({ err: error }, 'positions are stored, what follows from them failed');
    }
  }

  async function run(): Promise<void> {
    while (moved.size > 0 || tracks.size > 0) {
      await pause(TOGETHER_MILLIS, undefined, { signal: hurry.signal }).catch(() => undefined);
      const stored = { moved: [...moved.values()], tracks: [...tracks.values()] };
      moved = new Map();
      tracks = new Map();
      await now(stored);
    }
    running = null;
  }

  return {
    now,
    soon(stored) {
      for (const move of stored.moved) moved.set(move.marker.vehicleId, move);
      for (const track of stored.tracks) {
        const known = tracks.get(track.vehicleId);
        tracks.set(track.vehicleId, known === undefined ? track : joined(known, track));
      }
      running ??= run();
    },
    async stop() {
      hurry.abort();
      while (running) await running;
    },
  };
}

const joined = (one: StoredPositions['tracks'][number], other: StoredPositions['tracks'][number]) => ({
  vehicleId: one.vehicleId,
  fromMillis: Math.min(one.fromMillis, other.fromMillis),
  untilMillis: Math.max(one.untilMillis, other.untilMillis),
});
