import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/theme.ts';
import { MAP_COLOURS } from './colours.ts';
import { layersOf } from './layers.ts';

const LOOK: ExpressionSpecification = ['get', 'look'];
const SIZE: ExpressionSpecification = ['interpolate', ['linear'], ['zoom'], 10, 0.48, 12, 0.72, 15, 1];

/**
 * A recorded day's layers: the desk's, with jobs by what became of them. The shape is the priority, as everywhere; the
 * sign in it is the outcome, so that no colour has to be told apart.
 */
export function outcomeLayersOf(theme: Theme): LayerSpecification[] {
  const { halo, accent, ok, quiet, onMark, priorities } = MAP_COLOURS[theme];
  const [p1, p2, p3, p4] = priorities;
  const jobs: LayerSpecification[] = [
    {
      id: 'jobs',
      type: 'symbol',
      source: 'jobs',
      layout: {
        'icon-image': ['concat', 'priority-', ['to-string', ['get', 'priority']]],
        'icon-size': SIZE,
        'icon-allow-overlap': true,
        // What is still open lies over what is done.
        'symbol-sort-key': ['match', LOOK, 'overdue', 5, 'waiting', 4, 'cannot', 3, 'working', 2, 1],
        'text-field': [
          'match',
          LOOK,
          'waiting',
          ['to-string', ['get', 'priority']],
          'overdue',
          '!',
          'cannot',
          '×',
          'working',
          '•',
          '',
        ],
        'text-font': ['Noto Sans Bold'],
        'text-size': ['interpolate', ['linear'], ['zoom'], 10, 8, 13, 12],
        'text-allow-overlap': true,
      },
      paint: {
        'icon-color': [
          'match',
          LOOK,
          'done',
          ok,
          'late',
          p2,
          'working',
          accent,
          'cannot',
          quiet,
          ['match', ['get', 'priority'], 1, p1, 2, p2, 3, p3, p4],
        ],
        'icon-opacity': ['match', LOOK, ['done', 'late'], 0.72, 1],
        'icon-halo-color': halo,
        'icon-halo-width': 1.5,
        'text-color': onMark,
      },
    },
    {
      id: 'job-ticks',
      type: 'symbol',
      source: 'jobs',
      filter: ['in', LOOK, ['literal', ['done', 'late']]],
      layout: {
        'icon-image': 'tick',
        'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.26, 12, 0.38, 15, 0.54],
        'icon-allow-overlap': true,
      },
      paint: { 'icon-color': onMark },
    },
  ];
  return layersOf(theme).flatMap((layer) => (layer.id === 'jobs' ? jobs : layer.id === 'job-reports' ? [] : [layer]));
}
