import {
  Map as MapLibreMap,
  NavigationControl,
  type GeoJSONSource,
  type GeoJSONSourceSpecification,
  type LayerSpecification,
  type MapGeoJSONFeature,
} from 'maplibre-gl';
import type { View } from '../../server/stages/live/frames/contract.ts';
import type { Theme } from '../state/theme.ts';
import { cityStyle } from './city-style.ts';
import { FLEET_SOURCE } from './fleet-layers.ts';
import { openFleetView, viewOf, type FleetView } from './fleet-view.ts';
import { addIcons } from './icons.ts';
import { layersOf, sourceNames, type LayerName } from './layers.ts';
import { startMapEngine } from './map-engine.ts';

export interface CityMapOptions {
  readonly container: HTMLElement;
  readonly theme: Theme;
  /** west, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number];
  /** Said on the map, as the roads' licence asks. */
  readonly attribution: string;
  /** What lies over the base map; the desk's own layers when left out. */
  readonly layers?: (theme: Theme) => LayerSpecification[];
  onSelect(what: { kind: 'job' | 'shift' | 'vehicle'; id: string } | null): void;
  /** The pointer rests on a vehicle, so many pixels from the map's left and top; null: it left. */
  readonly onPoint?: (at: { readonly vehicleId: string; readonly x: number; readonly y: number } | null) => void;
  /** The map shows another part of the world now: its bounds with a margin, null where it shows about all of the city. */
  readonly onView?: (view: View | null) => void;
}

export interface CityMap {
  /** The vehicles. */
  readonly fleet: FleetView;
  /** Replaces what one layer shows: made (when it is still to be made) and handed over once per painted frame, the newest wins. */
  show(layer: LayerName, features: GeoJSON.FeatureCollection | (() => GeoJSON.FeatureCollection)): void;
  /** Shows or hides everything of one layer. */
  setVisible(layer: LayerName, visible: boolean): void;
  setTheme(theme: Theme): void;
  lookAt(lon: number, lat: number): void;
  /** Whether a place lies in what the map shows now. */
  shows(lon: number, lat: number): boolean;
  /** Shows all of it: west, south, east, north. */
  fit(bounds: readonly [number, number, number, number], options?: { readonly atOnce?: boolean }): void;
  resize(): void;
  remove(): void;
}

/** A move of the map is quick, and not at all for those who asked for no motion (MapLibre sees to that). */
const PATIENCE_MS = 450;
const STREETS_ZOOM = 11;
/** The performance measure of one push: `detail` names its layers. */
const MAP_PUSH = 'map-push';
/** How jobs that lie together become one mark: the most urgent of them, and whether any waits. */
const GROUPING = {
  cluster: true,
  clusterRadius: 52,
  clusterMaxZoom: 12,
  clusterProperties: {
    priority: ['min', ['get', 'priority']],
    waiting: ['+', ['case', ['get', 'waiting'], 1, 0]],
  },
} as const satisfies Partial<GeoJSONSourceSpecification>;
/** What a pointer may rest on. */
const POINTED = ['jobs', 'crowd', 'crowd-jobs', 'vehicles', 'stops', 'fleet-dots', 'fleet-icons', 'fleet-clusters'];
/** The server is told what the map shows when it has come to rest, with a margin for the next small move. */
const VIEW_AFTER_MS = 300;
const VIEW_MARGIN = 0.5;
const WHOLE_CITY_BELOW_ZOOM = 12;
const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

/** The city's map: our base map, and over it jobs, vehicles, depots and the selected crew's way. */
export function openCityMap(options: CityMapOptions): CityMap {
  const latest = new Map<LayerName, GeoJSON.FeatureCollection>();
  const pending = new Map<LayerName, GeoJSON.FeatureCollection | (() => GeoJSON.FeatureCollection)>();
  const hidden = new Set<LayerName>();
  const layers = options.layers ?? layersOf;
  let theme = options.theme;
  startMapEngine();
  const map = new MapLibreMap({
    container: options.container,
    style: cityStyle(theme, options.attribution),
    bounds: options.bounds as [number, number, number, number],
    fitBoundsOptions: { padding: 24 },
    fadeDuration: 0,
    attributionControl: { compact: false },
    canvasContextAttributes: { antialias: true },
    dragRotate: false,
    pitchWithRotate: false,
  });
  map.touchZoomRotate.disableRotation();
  map.addControl(new NavigationControl({ showCompass: false }), 'bottom-right');

  const fleet = openFleetView(map);

  const dress = (): void => {
    addIcons(map, theme);
    for (const name of sourceNames) {
      if (map.getSource(name) === undefined) {
        map.addSource(name, {
          type: 'geojson',
          data: latest.get(name) ?? EMPTY,
          maxzoom: 14,
          buffer: 32,
          tolerance: 0,
          ...(name === 'crowd' ? GROUPING : name === 'fleet' ? FLEET_SOURCE : {}),
        });
      }
    }
    for (const layer of layers(theme)) if (map.getLayer(layer.id) === undefined) map.addLayer(layer);
    for (const name of sourceNames) dressVisibility(name);
    fleet.redress();
  };

  const dressVisibility = (name: LayerName): void => {
    for (const layer of layers(theme)) {
      if (!('source' in layer) || layer.source !== name || map.getLayer(layer.id) === undefined) continue;
      map.setLayoutProperty(layer.id, 'visibility', hidden.has(name) ? 'none' : 'visible');
    }
  };

  const paint = (): void => {
    const start = performance.now();
    const layers = [...pending.keys()];
    for (const [name, given] of pending) {
      const features = typeof given === 'function' ? given() : given;
      latest.set(name, features);
      void map.getSource<GeoJSONSource>(name)?.setData(features);
    }
    pending.clear();
    // For whoever observes it: what one push costs the page. Only the newest is kept.
    performance.clearMeasures(MAP_PUSH);
    performance.measure(MAP_PUSH, { start, end: performance.now(), detail: layers });
  };

  const selected = (feature: MapGeoJSONFeature | undefined): void => {
    const mark = feature?.source === 'fleet' ? fleet.markOf(Number(feature.id)) : undefined;
    if (mark !== undefined) {
      const { shiftId, vehicleId } = mark;
      options.onSelect(shiftId === null ? { kind: 'vehicle', id: vehicleId } : { kind: 'shift', id: shiftId });
      return;
    }
    const kind = feature?.properties['select'];
    const id = feature?.properties['id'];
    options.onSelect((kind === 'job' || kind === 'shift') && typeof id === 'string' ? { kind, id } : null);
  };

  /** A group: closer, until it falls apart. */
  const lookInto = async (group: MapGeoJSONFeature): Promise<void> => {
    if (group.geometry.type !== 'Point') return;
    const [lon, lat] = group.geometry.coordinates as [number, number];
    const zoom = await map
      .getSource<GeoJSONSource>(group.source)
      ?.getClusterExpansionZoom(group.properties['cluster_id'] as number);
    map.easeTo({ center: [lon, lat], zoom: (zoom ?? map.getZoom() + 1) + 0.5, duration: PATIENCE_MS });
  };

  map.on('style.load', dress);
  map.on('click', (event) => {
    const box: [[number, number], [number, number]] = [
      [event.point.x - 6, event.point.y - 6],
      [event.point.x + 6, event.point.y + 6],
    ];
    const ids = layers(theme)
      .map((layer) => layer.id)
      .filter((id) => map.getLayer(id) !== undefined);
    const hit = map
      .queryRenderedFeatures(box, { layers: ids })
      .find((f) => f.properties['select'] !== undefined || f.properties['cluster'] === true || f.source === 'fleet');
    if (hit?.properties['cluster'] === true) void lookInto(hit);
    else selected(hit);
  });
  const hovering = (event: { point: { x: number; y: number } }): void => {
    const layers = POINTED.filter((id) => map.getLayer(id) !== undefined);
    const [hit] = map.queryRenderedFeatures([event.point.x, event.point.y], { layers });
    map.getCanvas().style.cursor = hit === undefined ? '' : 'pointer';
    const vehicleId: unknown = hit?.source === 'fleet' ? fleet.markOf(Number(hit.id))?.vehicleId : hit?.properties['vehicle'];
    options.onPoint?.(typeof vehicleId === 'string' ? { vehicleId, x: event.point.x, y: event.point.y } : null);
  };
  map.on('mousemove', hovering);
  map.on('mouseout', () => options.onPoint?.(null));
  let telling: ReturnType<typeof setTimeout> | undefined;
  map.on('moveend', () => {
    clearTimeout(telling);
    telling = setTimeout(
      () => options.onView?.(map.getZoom() < WHOLE_CITY_BELOW_ZOOM ? null : viewOf(map, VIEW_MARGIN)),
      VIEW_AFTER_MS,
    );
  });
  // Not "idle": on a slow machine with many vehicles on the move the map is never idle.
  const lookWhetherDrawn = (): void => {
    if (!map.isStyleLoaded() || !map.areTilesLoaded()) return;
    map.off('render', lookWhetherDrawn);
    options.container.setAttribute('data-map-ready', 'true');
  };
  map.on('render', lookWhetherDrawn);

  return {
    fleet,
    show(layer, features) {
      if (pending.size === 0) requestAnimationFrame(paint);
      pending.set(layer, features);
    },
    setVisible(layer, visible) {
      if (visible) hidden.delete(layer);
      else hidden.add(layer);
      dressVisibility(layer);
    },
    setTheme(next) {
      if (next === theme) return;
      theme = next;
      map.setStyle(cityStyle(theme, options.attribution), { diff: false });
    },
    shows: (lon, lat) => map.getBounds().contains([lon, lat]),
    lookAt(lon, lat) {
      const near = map.getBounds().contains([lon, lat]) && map.getZoom() >= 12.5;
      if (!near) map.easeTo({ center: [lon, lat], zoom: Math.max(map.getZoom(), 13.5), duration: PATIENCE_MS });
    },
    fit([west, south, east, north], { atOnce = false } = {}) {
      const camera = map.cameraForBounds(
        [
          [west, south],
          [east, north],
        ],
        { padding: 48, maxZoom: 15 },
      );
      if (camera?.zoom === undefined || camera.center === undefined) return;
      // A little closer, where it shows the streets: the tiles have them from there.
      const zoom = camera.zoom > STREETS_ZOOM - 0.5 ? Math.max(camera.zoom, STREETS_ZOOM) : camera.zoom;
      map.easeTo({ center: camera.center, zoom, duration: atOnce ? 0 : PATIENCE_MS });
    },
    resize: () => void map.resize(),
    remove() {
      clearTimeout(telling);
      fleet.stop();
      map.remove();
    },
  };
}
