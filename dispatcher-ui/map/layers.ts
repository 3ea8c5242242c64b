import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/theme.ts';
import { crewColours, MAP_COLOURS } from './colours.ts';

/** What lies over the base map, from bottom to top; each is a GeoJSON source of the same name. */
export const sourceNames = ['way', 'depots', 'jobs', 'stops', 'vehicles'] as const;
export type LayerName = (typeof sourceNames)[number];

const SELECTED: ExpressionSpecification = ['boolean', ['get', 'selected'], false];
const STALE: ExpressionSpecification = ['boolean', ['get', 'stale'], false];
/** From here on there is room for digits in the jobs' marks. */
const ROOM_FOR_DIGITS = 11.5;
/** Where hundreds of crews are out, their tags need room. */
const ROOM_FOR_TAGS = 12.5;

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
  const { halo, text, accent, quiet, onMark, priorities } = MAP_COLOURS[theme];
  const [p1, p2, p3, p4] = priorities;
  const byPriority: ExpressionSpecification = ['match', ['get', 'priority'], 1, p1, 2, p2, 3, p3, p4];
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
    {
      id: 'jobs',
      type: 'symbol',
      source: 'jobs',
      layout: {
        'icon-image': ['concat', 'priority-', ['to-string', ['get', 'priority']]],
        'icon-size': [
          'interpolate',
          ['linear'],
          ['zoom'],
          10,
          ['case', ['all', ['get', 'dense'], ['!', SELECTED]], 0.34, larger(0.5)],
          12,
          ['case', ['all', ['get', 'dense'], ['!', SELECTED]], 0.62, larger(0.85)],
          15,
          larger(1),
        ],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['case', SELECTED, 100, ['-', 10, ['get', 'priority']]],
        'text-field': [
          'step',
          ['zoom'],
          '',
          ROOM_FOR_DIGITS,
          ['case', ['get', 'dense'], '', ['to-string', ['get', 'priority']]],
          ROOM_FOR_DIGITS + 1,
          ['to-string', ['get', 'priority']],
        ],
        'text-font': ['Noto Sans Bold'],
        'text-size': ['interpolate', ['linear'], ['zoom'], 11.5, larger(10), 15, larger(12)],
        'text-allow-overlap': true,
      },
      paint: {
        'icon-color': byPriority,
        // Pale: a crew has it already.
        'icon-opacity': ['case', ['any', ['get', 'waiting'], SELECTED], 1, 0.5],
        'icon-halo-color': ['case', SELECTED, text, halo],
        'icon-halo-width': ['case', SELECTED, 3, 1.5],
        'text-color': onMark,
      },
    },
    {
      id: 'job-reports',
      type: 'symbol',
      source: 'jobs',
      minzoom: 12,
      filter: ['>', ['get', 'cases'], 1],
      layout: {
        'text-field': ['concat', '×', ['to-string', ['get', 'cases']]],
        'text-font': ['Noto Sans Bold'],
        'text-size': 11,
        'text-offset': [1.1, -0.7],
        'text-anchor': 'left',
        'text-optional': true,
      },
      paint: { 'text-color': text, 'text-halo-color': halo, 'text-halo-width': 1.6 },
    },
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
        'text-field': [
          'step',
          ['zoom'],
          ['case', ['all', ['get', 'dense'], ['!', SELECTED]], '·', ['get', 'label']],
          ROOM_FOR_TAGS,
          ['get', 'label'],
        ],
        'text-font': ['Noto Sans Bold'],
        'text-size': larger(11),
        'text-offset': byStack,
        'text-allow-overlap': true,
      },
      paint: { 'text-color': ['case', STALE, text, onMark] },
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
