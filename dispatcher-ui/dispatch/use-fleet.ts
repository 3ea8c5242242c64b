import { useEffect, useMemo, useRef, useState } from 'react';
import type { CityMap } from '../map/city-map.ts';
import type { FleetShown } from '../map/fleet-view.ts';
import { cityNow } from '../state/city-clock.ts';
import type { HeldSpot } from '../state/positions.ts';
import { useDesk, useDeskState } from './desk-context.ts';
import { useCrews } from './use-crews.ts';
import type { MapLayersShown } from './use-map-layers.ts';

/** Without a frame for so long the stream stands still: there is one each second even when nothing moves. */
const FROZEN_AFTER_MS = 3_000;
const LOOK_EVERY_MS = 500;

/** City time of the last frame while none comes any more; null while they do. */
export function useFrozenAt(): number | null {
  const { store } = useDesk();
  const [frozenAt, setFrozenAt] = useState<number | null>(null);
  useEffect(() => {
    const look = (): void => {
      const { frameAtMs, frameCityMs } = store.getState();
      setFrozenAt(frameAtMs !== null && Date.now() - frameAtMs > FROZEN_AFTER_MS ? frameCityMs : null);
    };
    look();
    const timer = setInterval(look, LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [store]);
  return frozenAt;
}

/** The codes of vehicles by id: of those in today's shifts, and of all others as far as this account may read them. */
export function useVehicleCodes(): ReadonlyMap<string, string> {
  const { reads } = useDesk();
  const shifts = useDeskState((state) => state.shifts);
  const [all, setAll] = useState<readonly { readonly id: string; readonly code: string }[]>([]);
  useEffect(() => {
    const away = new AbortController();
    // Without them a vehicle that is in no shift has no name on the map; its place is shown all the same.
    reads.vehicles(away.signal).then(setAll, () => undefined);
    return () => away.abort();
  }, [reads]);
  return useMemo(() => {
    const codes = new Map(all.map(({ id, code }) => [id, code]));
    for (const { members } of shifts.values()) {
      for (const { kind, resourceId, code } of members) if (kind === 'vehicle') codes.set(resourceId, code);
    }
    return codes;
  }, [all, shifts]);
}

/** A day that is played instead of the present. */
export interface Replayed {
  readonly atMs: number;
  readonly spots: ReadonlyMap<string, HeldSpot>;
}

/** Puts the vehicles on the map: as they are, or as they were where a day is replayed. */
export function useFleet(
  map: CityMap | null,
  layers: MapLayersShown,
  codes: ReadonlyMap<string, string>,
  frozen: boolean,
  replayed: Replayed | null,
): void {
  const desk = useDesk();
  const crews = useCrews();
  const freshSeconds = useDeskState((state) => state.city?.positionFreshSeconds ?? 300);
  const selectedShift = useDeskState((state) => (state.selection?.kind === 'shift' ? state.selection.id : null));
  const isReplay = replayed !== null;
  const shownCrews = useMemo(() => {
    // What a crew did then is not known: its tag is a quiet one.
    if (isReplay) return new Map(crews.map(({ shift }) => [shift.id as string, { shift, state: 'not_on' as const }]));
    return new Map(crews.map((crew) => [crew.shift.id as string, crew]));
  }, [crews, isReplay]);

  const shown = useRef<Pick<FleetShown, 'spots' | 'now'> | null>(null);
  useEffect(() => {
    if (map === null) return;
    shown.current =
      replayed !== null
        ? { spots: replayed.spots, now: () => replayed.atMs }
        : {
            spots: desk.positions.latest,
            now: () => {
              const { clock } = desk.store.getState();
              return clock === null ? 0 : cityNow(clock, Date.now());
            },
          };
    map.fleet.show({
      ...shown.current,
      crews: shownCrews,
      codes,
      freshSeconds,
      showsCrews: layers.vehicles,
      showsOthers: layers.others,
      frozen: frozen || replayed !== null,
      selectedShift,
    });
  }, [map, desk, shownCrews, codes, freshSeconds, layers.vehicles, layers.others, frozen, selectedShift, replayed]);

  useEffect(() => {
    if (map === null || isReplay) return;
    return desk.positions.listen((moved) => map.fleet.moved(moved.keys()));
  }, [map, desk, isReplay]);
}
