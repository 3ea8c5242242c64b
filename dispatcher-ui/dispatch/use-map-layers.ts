import { useState } from 'react';

export const SWITCHED_LAYERS = ['areas', 'withCrews', 'depots', 'vehicles', 'others'] as const;
export type SwitchedLayer = (typeof SWITCHED_LAYERS)[number];
export type MapLayersShown = Readonly<Record<SwitchedLayer, boolean>>;

const KEY = 'thuma.mapLayers';
const ALL: MapLayersShown = { areas: true, withCrews: true, depots: true, vehicles: true, others: true };

function kept(): MapLayersShown {
  const hidden = (localStorage.getItem(KEY) ?? '').split(',');
  return {
    ...ALL,
    ...Object.fromEntries(SWITCHED_LAYERS.filter((layer) => hidden.includes(layer)).map((layer) => [layer, false])),
  };
}

/** Which layers of the map this person wants to see; remembered by the browser. */
export function useMapLayers(): [MapLayersShown, (layer: SwitchedLayer, shown: boolean) => void] {
  const [layers, setLayers] = useState(kept);
  return [
    layers,
    (layer, shown) => {
      const next = { ...layers, [layer]: shown };
      localStorage.setItem(KEY, SWITCHED_LAYERS.filter((one) => !next[one]).join());
      setLayers(next);
    },
  ];
}
