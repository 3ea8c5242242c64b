import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/theme.ts';
import { MAP_COLOURS } from './colours.ts';

const SELECTED: ExpressionSpecification = ['boolean', ['get', 'selected'], false];
const GROUPED: ExpressionSpecification = ['has', 'point_count'];
/** From here on there is room for digits in the jobs' marks. */
const ROOM_FOR_DIGITS = 11.5;

const larger = (usual: number): ExpressionSpecification => ['case', SELECTED, usual * 1.4, usual];

/**
 * Jobs by the shape and colour of their priority: one by one, and where there are very many, those that lie together
 * as one mark of the most urgent with how many they are.
 */
export function jobLayers(theme: Theme): LayerSpecification[] {
  const { halo, text } = MAP_COLOURS[theme];
  const beside = { 'text-color': text, 'text-halo-color': halo, 'text-halo-width': 1.6 } as const;
  return [
    oneByOne('crowd-jobs', 'crowd', theme),
    {
      id: 'crowd',
      type: 'symbol',
      source: 'crowd',
      filter: GROUPED,
      layout: {
        'icon-image': ['concat', 'priority-', ['to-string', ['get', 'priority']]],
        'icon-size': ['interpolate', ['linear'], ['get', 'point_count'], 2, 0.8, 60, 1.15],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['-', 10, ['get', 'priority']],
        'text-field': ['to-string', ['get', 'point_count']],
        'text-font': ['Noto Sans Bold'],
        'text-size': 12,
        'text-anchor': 'left',
        'text-offset': [1.1, 0],
        'text-allow-overlap': true,
      },
      paint: { ...markPaint(theme, ['>', ['get', 'waiting'], 0]), ...beside },
    },
    oneByOne('jobs', 'jobs', theme),
    {
      id: 'job-reports',
      type: 'symbol',
      source: 'jobs',
      filter: ['>', ['get', 'cases'], 1],
      layout: {
        'text-field': ['concat', '×', ['to-string', ['get', 'cases']]],
        'text-font': ['Noto Sans Bold'],
        'text-size': 11,
        'text-offset': ['interpolate', ['linear'], ['zoom'], 10, ['literal', [0.7, -0.6]], 13, ['literal', [1.1, -0.7]]],
        'text-anchor': 'left',
        'text-allow-overlap': true,
      },
      paint: beside,
    },
  ];
}

function oneByOne(id: string, source: string, theme: Theme): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source,
    filter: ['!', GROUPED],
    layout: {
      'icon-image': ['concat', 'priority-', ['to-string', ['get', 'priority']]],
      'icon-size': ['interpolate', ['linear'], ['zoom'], 10, larger(0.5), 12, larger(0.85), 15, larger(1)],
      'icon-allow-overlap': true,
      'symbol-sort-key': ['case', SELECTED, 100, ['-', 10, ['get', 'priority']]],
      'text-field': ['step', ['zoom'], '', ROOM_FOR_DIGITS, ['to-string', ['get', 'priority']]],
      'text-font': ['Noto Sans Bold'],
      'text-size': ['interpolate', ['linear'], ['zoom'], 11.5, larger(10), 15, larger(12)],
      'text-allow-overlap': true,
    },
    paint: markPaint(theme, ['get', 'waiting']),
  };
}

/** Pale: crews have it already. */
function markPaint(theme: Theme, waiting: ExpressionSpecification) {
  const { halo, text, onMark, priorities } = MAP_COLOURS[theme];
  const [p1, p2, p3, p4] = priorities;
  return {
    'icon-color': ['match', ['get', 'priority'], 1, p1, 2, p2, 3, p3, p4] as ExpressionSpecification,
    'icon-opacity': ['case', ['any', waiting, SELECTED], 1, 0.5] as ExpressionSpecification,
    'icon-halo-color': ['case', SELECTED, text, halo] as ExpressionSpecification,
    'icon-halo-width': ['case', SELECTED, 3, 1.5] as ExpressionSpecification,
    'text-color': onMark,
  };
}
