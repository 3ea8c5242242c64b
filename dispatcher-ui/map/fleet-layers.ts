import type { ExpressionSpecification, FilterSpecification, GeoJSONSourceSpecification, LayerSpecification } from 'maplibre-gl';
import type { Theme } from '../state/theme.ts';
import { crewColours, MAP_COLOURS } from './colours.ts';

/** From here on vehicles are drawn with their heading, and slide from fix to fix. */
export const NEAR_ZOOM = 13;
const LABEL_ZOOM = 14;
/** Below it vehicles that lie together are one mark with their number. */
const CLUSTER_BELOW_ZOOM = 11;

/** How a large fleet lies in its source; `silent` counts those whose place is not known now. */
export const FLEET_SOURCE = {
  type: 'geojson',
  maxzoom: 14,
  buffer: 32,
  tolerance: 0,
  clusterRadius: 44,
  clusterMaxZoom: CLUSTER_BELOW_ZOOM - 1,
  clusterProperties: { silent: ['+', ['case', ['==', ['get', 'signal'], 'fresh'], 0, 1]] },
} as const satisfies Partial<GeoJSONSourceSpecification>;

const IS_CLUSTER: FilterSpecification = ['has', 'point_count'];
const IS_ONE: FilterSpecification = ['!', ['has', 'point_count']];
const HOLLOW: ExpressionSpecification = ['!=', ['get', 'signal'], 'fresh'];
const MOVING: ExpressionSpecification = ['has', 'heading'];
const CREWLESS: ExpressionSpecification = ['==', ['get', 'look'], 'none'];

/** Layers over the sources `fleet` and `ghosts`, from bottom to top. */
export function fleetLayers(theme: Theme): LayerSpecification[] {
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
    'not_on',
    crew.not_on,
    quiet,
  ];
  return [
    {
      id: 'ghost-lines',
      type: 'line',
      source: 'ghosts',
      filter: ['==', ['geometry-type'], 'LineString'],
      paint: { 'line-color': text, 'line-width': 1.2, 'line-dasharray': [2, 2], 'line-opacity': 0.7 },
    },
    {
      id: 'ghost-ends',
      type: 'circle',
      source: 'ghosts',
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 2.5,
        'circle-opacity': 0,
        'circle-stroke-color': text,
        'circle-stroke-width': 1,
        'circle-stroke-opacity': 0.8,
      },
    },
    {
      id: 'fleet-dots',
      type: 'circle',
      source: 'fleet',
      filter: IS_ONE,
      maxzoom: NEAR_ZOOM,
      paint: {
        'circle-radius': [
          'interpolate',
          ['linear'],
          ['zoom'],
          10,
          ['case', CREWLESS, 2.4, 3.4],
          13,
          ['case', CREWLESS, 3.6, 5.4],
        ],
        'circle-color': ['case', HOLLOW, halo, byLook],
        'circle-stroke-color': ['case', HOLLOW, byLook, halo],
        'circle-stroke-width': ['case', HOLLOW, 1.6, 1],
      },
    },
    {
      id: 'fleet-icons',
      type: 'symbol',
      source: 'fleet',
      filter: IS_ONE,
      minzoom: NEAR_ZOOM,
      layout: {
        'icon-image': ['case', HOLLOW, 'ring', MOVING, 'heading', 'dot'],
        'icon-size': ['case', MOVING, ['case', CREWLESS, 0.7, 0.9], ['case', CREWLESS, 0.52, 0.7]],
        'icon-rotate': ['coalesce', ['get', 'heading'], 0],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-color': byLook, 'icon-halo-color': halo, 'icon-halo-width': 1.6 },
    },
    {
      id: 'fleet-cut-off',
      type: 'symbol',
      source: 'fleet',
      filter: ['all', IS_ONE as ExpressionSpecification, ['==', ['get', 'signal'], 'cut_off']],
      layout: {
        'icon-image': 'cut-off',
        'icon-size': ['interpolate', ['linear'], ['zoom'], 10, 0.45, 14, 0.7],
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-color': text, 'icon-halo-color': halo, 'icon-halo-width': 1.6 },
    },
    {
      id: 'fleet-labels',
      type: 'symbol',
      source: 'fleet',
      filter: IS_ONE,
      minzoom: LABEL_ZOOM,
      layout: {
        'text-field': ['coalesce', ['get', 'label'], ''],
        'text-font': ['Noto Sans Bold'],
        'text-size': ['case', CREWLESS, 10, 11],
        'text-anchor': 'left',
        'text-offset': [0.9, 0],
      },
      paint: { 'text-color': ['case', CREWLESS, quiet, text], 'text-halo-color': halo, 'text-halo-width': 1.5 },
    },
    {
      id: 'fleet-clusters',
      type: 'circle',
      source: 'fleet',
      filter: IS_CLUSTER,
      paint: {
        'circle-radius': ['step', ['get', 'point_count'], 12, 20, 15, 100, 19, 500, 24],
        'circle-color': accent,
        'circle-stroke-color': halo,
        'circle-stroke-width': 2,
      },
    },
    {
      id: 'fleet-cluster-counts',
      type: 'symbol',
      source: 'fleet',
      filter: IS_CLUSTER,
      layout: {
        'text-field': ['get', 'point_count_abbreviated'],
        'text-font': ['Noto Sans Bold'],
        'text-size': 12,
        'text-allow-overlap': true,
        'icon-allow-overlap': true,
      },
      paint: { 'text-color': onMark },
    },
    {
      id: 'fleet-cluster-silent',
      type: 'symbol',
      source: 'fleet',
      filter: ['all', IS_CLUSTER as ExpressionSpecification, ['>', ['get', 'silent'], 0]],
      layout: {
        'icon-image': 'ring',
        'icon-size': 0.36,
        'icon-offset': [
          'step',
          ['get', 'point_count'],
          ['literal', [-20, -52]],
          20,
          ['literal', [-20, -60]],
          100,
          ['literal', [-20, -72]],
          500,
          ['literal', [-20, -86]],
        ],
        'text-field': ['to-string', ['get', 'silent']],
        'text-font': ['Noto Sans Bold'],
        'text-size': 10,
        'text-anchor': 'left',
        'text-offset': [
          'step',
          ['get', 'point_count'],
          ['literal', [0, -1.85]],
          20,
          ['literal', [0, -2.15]],
          100,
          ['literal', [0, -2.6]],
          500,
          ['literal', [0, -3.1]],
        ],
        'text-allow-overlap': true,
        'icon-allow-overlap': true,
      },
      paint: {
        'icon-color': text,
        'icon-halo-color': halo,
        'icon-halo-width': 1.5,
        'text-color': text,
        'text-halo-color': halo,
        'text-halo-width': 1.6,
      },
    },
  ];
}
