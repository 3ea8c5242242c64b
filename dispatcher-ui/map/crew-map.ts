import { Map as MapLibreMap, type GeoJSONSource, type LayerSpecification } from 'maplibre-gl';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { Theme } from '../state/theme.ts';
import { cityStyle } from './city-style.ts';
import { MAP_COLOURS } from './colours.ts';
import { boundsOf, wayFeatures } from './features.ts';
import { addIcons } from './icons.ts';
import { startMapEngine } from './map-engine.ts';

export interface CrewMapOptions {
  readonly container: HTMLElement;
  readonly theme: Theme;
  /** west, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number];
  readonly attribution: string;
  onView(view: MapView): void;
}

/** What the map keeps in sight: the phone as it drives, the whole way to the stop, or what the crew has moved it to. */
export type MapView = 'drive' | 'whole' | 'free';

/** Where the phone is, as the map shows it. */
export interface OwnMark {
  readonly lon: number;
  readonly lat: number;
  readonly headingDegrees: number | null;
}

export interface CrewMap {
  /** Shows the way and the numbered stops; `stopId` is the job the screen is about, `driving` whether the crew drives to it. */
  show(day: CrewDay, stopId: string | null, driving: boolean): void;
  showOwn(own: OwnMark | null): void;
  look(view: MapView): void;
  setTheme(theme: Theme): void;
  resize(): void;
  remove(): void;
}

const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };
const SOURCES = ['way', 'stops', 'own'] as const;
type SourceName = (typeof SOURCES)[number];
const MOVE_MS = 400;
/** Streets with their names, and the next two or three turns. */
const DRIVE_ZOOM = 14.6;

/** The crew's map: our base map, the way to the stop in hand, what comes after it pale, and the phone itself. */
export function openCrewMap(options: CrewMapOptions): CrewMap {
  const latest = new Map<SourceName, GeoJSON.FeatureCollection>();
  let theme = options.theme;
  let shown: { readonly day: CrewDay; readonly stopId: string | null } | null = null;
  let own: OwnMark | null = null;
  let view: MapView = 'whole';
  let framed = '';
  startMapEngine();
  const map = new MapLibreMap({
    container: options.container,
    style: cityStyle(theme, options.attribution),
    bounds: options.bounds as [number, number, number, number],
    fadeDuration: 0,
    attributionControl: { compact: false },
    dragRotate: false,
    pitchWithRotate: false,
  });
  map.touchZoomRotate.disableRotation();

  const dress = (): void => {
    addIcons(map, theme);
    for (const name of SOURCES) {
      if (map.getSource(name) === undefined) map.addSource(name, { type: 'geojson', data: latest.get(name) ?? EMPTY });
    }
    for (const layer of crewLayers(theme)) if (map.getLayer(layer.id) === undefined) map.addLayer(layer);
  };
  const put = (name: SourceName, features: GeoJSON.FeatureCollection): void => {
    latest.set(name, features);
    void map.getSource<GeoJSONSource>(name)?.setData(features);
  };
  const setView = (next: MapView): void => {
    if (view === next) return;
    view = next;
    options.onView(view);
  };

  /** The way of the stop in hand with the phone on it, or the stop alone when the crew is there. */
  const frame = (atOnce: boolean): void => {
    if (view === 'drive' && own !== null) {
      map.easeTo({ center: [own.lon, own.lat], zoom: DRIVE_ZOOM, duration: atOnce ? 0 : MOVE_MS });
      return;
    }
    const points = [...(latest.get('way')?.features.filter((leg) => leg.properties?.['inHand'] === true) ?? [])];
    points.push(...(latest.get('stops')?.features.filter((stop) => stop.properties?.['inHand'] === true) ?? []));
    if (points.length === 0) points.push(...(latest.get('way')?.features ?? []));
    points.push(...(latest.get('own')?.features ?? []));
    const bounds = boundsOf(points);
    if (bounds === null) return;
    const [west, south, east, north] = bounds;
    map.fitBounds([west, south, east, north], { padding: 44, maxZoom: 16, duration: atOnce ? 0 : MOVE_MS });
  };

  map.on('style.load', dress);
  map.on('dragstart', () => setView('free'));
  map.on('zoomstart', (event) => {
    if (event.originalEvent !== undefined) setView('free');
  });
  map.once('idle', () => options.container.setAttribute('data-map-ready', 'true'));

  const paintDay = (): void => {
    if (shown === null) return;
    const { way, stops } = wayFeatures(shown.day);
    const inHand = shown.day.stops.find((stop) => stop.kind === 'job' && stop.assignmentId === shown!.stopId);
    const jobId = inHand?.kind === 'job' ? inHand.jobId : null;
    const mark = (feature: GeoJSON.Feature): GeoJSON.Feature => ({
      ...feature,
      properties: { ...feature.properties, inHand: feature.properties?.['id'] === jobId },
    });
    put('way', { ...way, features: way.features.map(mark) });
    put('stops', { ...stops, features: stops.features.map(mark) });
  };

  return {
    show(day, stopId, driving) {
      shown = { day, stopId };
      paintDay();
      // A new stop in hand is framed; the same one, read again, moves nothing.
      const key = `${stopId ?? ''} ${day.shiftId} ${String(driving)}`;
      if (framed === key) return;
      const first = framed === '';
      framed = key;
      setView(driving ? 'drive' : 'whole');
      frame(first);
    },
    showOwn(next) {
      const before = own;
      own = next;
      const point: GeoJSON.Feature | null =
        next === null
          ? null
          : {
              type: 'Feature',
              geometry: { type: 'Point', coordinates: [next.lon, next.lat] },
              properties: { heading: next.headingDegrees },
            };
      put('own', { type: 'FeatureCollection', features: point === null ? [] : [point] });
      if (next === null || view === 'free') return;
      // The whole way stays as it is while the mark is in it: a map that slides all the time cannot be read.
      if (view === 'drive' || before === null || !map.getBounds().contains([next.lon, next.lat])) frame(before === null);
    },
    look(next) {
      setView(next);
      frame(false);
    },
    setTheme(next) {
      if (next === theme) return;
      theme = next;
      map.setStyle(cityStyle(theme, options.attribution), { diff: false });
    },
    resize() {
      map.resize();
      if (view !== 'free') frame(true);
    },
    remove: () => map.remove(),
  };
}

/** From bottom to top: ways, stops with their numbers, the phone. */
function crewLayers(theme: Theme): LayerSpecification[] {
  const { halo, accent, quiet, onMark } = MAP_COLOURS[theme];
  const line = (id: string, inHand: boolean, estimate: boolean | null, colour: string, width: number): LayerSpecification => ({
    id,
    type: 'line',
    source: 'way',
    filter: [
      'all',
      ['==', ['boolean', ['get', 'inHand'], false], inHand],
      ...(estimate === null ? [] : [['==', ['boolean', ['get', 'estimate'], false], estimate] as const]),
    ] as never,
    layout: { 'line-cap': estimate === true ? 'butt' : 'round', 'line-join': 'round' },
    paint: {
      'line-color': colour,
      'line-width': width,
      // A straight line that is only an estimate looks like one.
      ...(estimate === true ? { 'line-dasharray': [2, 1.4] } : {}),
    },
  });
  return [
    line('later', false, null, quiet, 3),
    line('way-casing', true, null, halo, 11),
    line('way', true, false, accent, 7),
    line('way-estimate', true, true, accent, 7),
    {
      id: 'stops',
      type: 'symbol',
      source: 'stops',
      layout: {
        'icon-image': 'stop',
        'icon-size': ['case', ['get', 'inHand'], 1.15, 0.85],
        'icon-allow-overlap': true,
        'symbol-sort-key': ['case', ['get', 'inHand'], 1, 0],
        'text-field': ['get', 'number'],
        'text-font': ['Noto Sans Bold'],
        'text-size': ['case', ['get', 'inHand'], 15, 12],
        'text-allow-overlap': true,
      },
      paint: {
        'icon-color': ['case', ['get', 'inHand'], accent, quiet],
        'icon-halo-color': halo,
        'icon-halo-width': 2,
        'text-color': onMark,
      },
    },
    {
      id: 'own-ring',
      type: 'circle',
      source: 'own',
      paint: { 'circle-radius': 18, 'circle-color': accent, 'circle-opacity': 0.22 },
    },
    {
      id: 'own',
      type: 'circle',
      source: 'own',
      paint: { 'circle-radius': 8, 'circle-color': accent, 'circle-stroke-color': halo, 'circle-stroke-width': 3 },
    },
    {
      id: 'own-heading',
      type: 'symbol',
      source: 'own',
      filter: ['!=', ['get', 'heading'], null],
      layout: {
        'icon-image': 'heading',
        'icon-size': 0.6,
        'icon-offset': [0, -30],
        'icon-rotate': ['coalesce', ['get', 'heading'], 0],
        'icon-rotation-alignment': 'map',
        'icon-allow-overlap': true,
      },
      paint: { 'icon-color': accent, 'icon-halo-color': halo, 'icon-halo-width': 2 },
    },
  ];
}
