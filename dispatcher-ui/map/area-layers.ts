import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/theme.ts';
import { MAP_COLOURS } from './colours.ts';

const CHOSEN: ExpressionSpecification = ['boolean', ['get', 'chosen'], false];

/** Parts of the city: a thin line and a name under everything else; the one that is filtered by is tinted. */
export function areaLayers(theme: Theme): LayerSpecification[] {
  const { halo, accent, quiet } = MAP_COLOURS[theme];
  return [
    {
      id: 'area-fill',
      type: 'fill',
      source: 'areas',
      filter: ['all', ['==', ['geometry-type'], 'Polygon'], CHOSEN],
      paint: { 'fill-color': accent, 'fill-opacity': 0.08 },
    },
    {
      id: 'area-line',
      type: 'line',
      source: 'areas',
      filter: ['==', ['geometry-type'], 'Polygon'],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': ['case', CHOSEN, accent, quiet],
        'line-width': ['case', CHOSEN, 2, 1],
        // Neighbours draw their common edge twice.
        'line-opacity': ['case', CHOSEN, 0.9, 0.22],
      },
    },
    {
      id: 'area-name',
      type: 'symbol',
      source: 'areas',
      filter: ['==', ['geometry-type'], 'Point'],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': ['Noto Sans Regular'],
        'text-size': 11,
        'text-letter-spacing': 0.06,
        'text-anchor': 'top-left',
        'text-offset': [0.4, 0.3],
      },
      paint: { 'text-color': ['case', CHOSEN, accent, quiet], 'text-halo-color': halo, 'text-halo-width': 1.4 },
    },
  ];
}
