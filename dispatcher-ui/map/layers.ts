import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/theme.ts';
import { areaLayers } from './area-layers.ts';
import { crewColours, MAP_COLOURS } from './colours.ts';
import { fleetLayers } from './fleet-layers.ts';
import { jobLayers } from './job-layers.ts';

/** What lies over the base map, from bottom to top; each is a GeoJSON source of the same name. */
export const sourceNames = ['areas', 'way', 'depots', 'crowd', 'jobs', 'stops', 'fleet', 'ghosts', 'vehicles'] as const;
export type LayerName = (typeof sourceNames)[number];

const SELECTED: ExpressionSpecification = ['boolean', ['get', 'selected'], false];
const STALE: ExpressionSpecification = ['boolean', ['get', 'stale'], false];

/** Where the tags of crews on one spot lie, in letters' heights right and down. */
export const STACK_PLACES: readonly (readonly [number, number])[] = Array.from({ length: 16 }, (_, i) => [
  (i % 4) * 2.9,
  Math.floor(i / 4) * 1.9,
]);
const byStack: ExpressionSpecification = [
  'match',
  ['get', 'stack'],
  ...STACK_PLACES.flatMap((place, i) => [i, ['literal', place]]),
  ['literal', [0, 0]],
] as unknown as ExpressionSpecification;

const larger = (usual: number): ExpressionSpecification => ['case', SELECTED, usual * 1.4, usual];

/** The layers of one theme. Feature properties: `id`, `select` (job | shift), and what each layer reads below. */
export function layersOf(theme: Theme): LayerSpecification[] {
  const { halo, text, accent, quiet, onMark } = MAP_COLOURS[theme];
  const crew = crewColours(theme);
  const byLook: ExpressionSpecification = [
    'match',
    ['get', 'look'],
    'on_the_way',
    crew.on_the_way,
    'on_site',
    crew.on_site,
    'free',
    crew.free,
    crew.not_on,
  ];
  return [
    ...areaLayers(theme),
    wayLayer('way-casing', halo, 8, false),
    wayLayer('way', accent, 4.5, false),
    wayLayer('way-estimate', accent, 4.5, true),
    {
      id: 'depots',
      type: 'symbol',
      source: 'depots',
      layout: {
        'icon-image': 'depot',
        'icon-size': 0.75,
        'icon-allow-overlap': true,
        'text-field': ['step', ['zoom'], '', 11.5, ['get', 'name']],
        'text-font': ['Noto Sans Regular'],
        'text-size': 11,
        'text-offset': [0, 1.4],
        'text-optional': true,
      },
      paint: {
        'icon-color': quiet,
        'icon-halo-color': halo,
        'icon-halo-width': 2,
        'text-color': text,
        'text-halo-color': halo,
        'text-halo-width': 1.4,
      },
    },
    ...jobLayers(theme),
    {
      id: 'stops',
      type: 'symbol',
      source: 'stops',
      layout: {
        'icon-image': 'stop',
        'icon-size': 0.8,
        'icon-allow-overlap': true,
        'text-field': ['get', 'number'],
        'text-font': ['Noto Sans Bold'],
        'text-size': 12,
        'text-allow-overlap': true,
      },
      paint: { 'icon-color': accent, 'icon-halo-color': halo, 'icon-halo-width': 2, 'text-color': onMark },
    },
    ...fleetLayers(theme),
    {
      id: 'vehicle-headings',
      type: 'symbol',
      source: 'vehicles',
      filter: ['all', ['boolean', ['get', 'moving'], false], ['!', STALE]],
      layout: {
        'icon-image': 'heading',
        'icon-size': larger(0.75),
        'icon-offset': [0, -23],
        'icon-rotate': ['coalesce', ['get', 'heading'], 0],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-color': byLook, 'icon-halo-color': halo, 'icon-halo-width': 1.5 },
    },
    {
      id: 'vehicles',
      type: 'symbol',
      source: 'vehicles',
      layout: {
        'icon-image': ['concat', 'crew-', ['get', 'look'], ['case', STALE, '-stale', '']],
        'icon-text-fit': 'both',
        'icon-allow-overlap': true,
        'symbol-sort-key': ['case', SELECTED, 1, 0],
        'text-field': ['get', 'label'],
        'text-font': ['Noto Sans Bold'],
        'text-size': larger(11),
        'text-offset': byStack,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': ['case', STALE, text, onMark] },
    },
    {
      id: 'vehicles-cut-off',
      type: 'symbol',
      source: 'vehicles',
      filter: ['boolean', ['get', 'cutOff'], false],
      layout: {
        'icon-image': 'cut-off',
        'icon-size': 0.75,
        'icon-offset': [0, -26],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-color': text, 'icon-halo-color': halo, 'icon-halo-width': 2 },
    },
  ];
}

/** An estimated leg is a straight line and looks like one: dashed. */
function wayLayer(id: string, colour: string, width: number, estimate: boolean): LayerSpecification {
  return {
    id,
    type: 'line',
    source: 'way',
    filter: ['==', ['boolean', ['get', 'estimate'], false], estimate],
    layout: { 'line-cap': estimate ? 'butt' : 'round', 'line-join': 'round' },
    paint: {
      'line-color': colour,
      'line-width': ['interpolate', ['linear'], ['zoom'], 10, width * 0.6, 15, width],
      // The way home is only a promise of the evening.
      'line-opacity': ['case', ['boolean', ['get', 'home'], false], 0.4, 0.95],
      ...(estimate ? { 'line-dasharray': [2, 1.6] } : {}),
    },
  };
}
