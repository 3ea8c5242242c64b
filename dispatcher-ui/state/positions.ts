import type { VehiclePosition } from '../../server/stores/positions/contract.ts';
import { lastPerFrame } from './per-frame.ts';

/** Where the vehicles are: outside React, told once per painted frame. */
export interface Positions {
  readonly latest: ReadonlyMap<string, VehiclePosition>;
  take(positions: readonly VehiclePosition[]): void;
  listen(heard: () => void): () => void;
}

/** A newer fix replaces an older one and never the other way round. */
export function openPositions(frame?: (callback: () => void) => unknown): Positions {
  const latest = new Map<string, VehiclePosition>();
  const listeners = new Set<() => void>();
  const put = lastPerFrame<string, VehiclePosition>((batch) => {
    for (const [vehicleId, position] of batch) {
      const known = latest.get(vehicleId);
      if (known === undefined || known.fixTime <= position.fixTime) latest.set(vehicleId, position);
    }
    for (const heard of listeners) heard();
  }, frame);
  return {
    latest,
    take(positions) {
      for (const position of positions) put(position.vehicleId, position);
    },
    listen(heard) {
      listeners.add(heard);
      return () => void listeners.delete(heard);
    },
  };
}
