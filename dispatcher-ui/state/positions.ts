import { lastPerFrame } from './per-frame.ts';
import type { VehicleSpot } from './vehicle-spot.ts';

/** A vehicle as it is held: with the fix before, from which a map may slide it. */
export interface HeldSpot extends VehicleSpot {
  /** Null: this is the first of it. */
  readonly before: { readonly lon: number; readonly lat: number; readonly fixAtMs: number } | null;
}

/** Vehicles that moved, or with `full` all there are: one that is not among them is not there any more. */
export interface SpotNews {
  readonly full: boolean;
  readonly spots: readonly VehicleSpot[];
}

/** Where the vehicles are: outside React, told once per painted frame. */
export interface Positions {
  readonly latest: ReadonlyMap<string, HeldSpot>;
  take(news: SpotNews): void;
  /** `moved`: the vehicles that are told of since the last time; a vehicle that went is not among them. */
  listen(heard: (moved: ReadonlyMap<string, VehicleSpot>) => void): () => void;
}

/**
 * A newer fix replaces an older one and never the other way round; only news of everything may take a vehicle away. A cut
 * off vehicle keeps its fix: the same fix again says only that it is cut off, or no longer.
 */
export function openPositions(frame?: (callback: () => void) => unknown): Positions {
  const latest = new Map<string, HeldSpot>();
  const listeners = new Set<(moved: ReadonlyMap<string, VehicleSpot>) => void>();
  /** Everything there was in the newest news of everything, and what was told of after it. */
  let present: Set<string> | null = null;
  const put = lastPerFrame<string, VehicleSpot | null>((batch) => {
    const moved = new Map<string, VehicleSpot>();
    const there = present;
    present = null;
    if (there !== null) for (const id of latest.keys()) if (!there.has(id)) latest.delete(id);
    for (const [vehicleId, spot] of batch) {
      if (spot === null || there?.has(vehicleId) === false) continue;
      const known = latest.get(vehicleId);
      if (known !== undefined && known.fixAtMs > spot.fixAtMs) continue;
      latest.set(vehicleId, held(spot, known));
      moved.set(vehicleId, spot);
    }
    for (const heard of listeners) heard(moved);
  }, frame);
  return {
    latest,
    take({ full, spots }) {
      if (full) {
        present = new Set();
        // Told even when there is nothing any more.
        put('', null);
      }
      for (const spot of spots) {
        present?.add(spot.vehicleId);
        put(spot.vehicleId, spot);
      }
    },
    listen(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
  };
}

function held(spot: VehicleSpot, known: HeldSpot | undefined): HeldSpot {
  if (known === undefined) return { ...spot, before: null };
  const before = known.fixAtMs === spot.fixAtMs ? known.before : { lon: known.lon, lat: known.lat, fixAtMs: known.fixAtMs };
  return { ...spot, before };
}
