import { NavigationControl, type GeoJSONSource, type MapGeoJSONFeature } from 'maplibre-gl';
import type { Theme } from '../state/theme.ts';
import { cityStyle } from './city-style.ts';
import { addIcons } from './icons.ts';
import { layersOf, sourceNames, type LayerName } from './layers.ts';
import { MapLibreMap } from './maplibre.ts';

export interface CityMapOptions {
  readonly container: HTMLElement;
  readonly theme: Theme;
  /** west, south, east, north in degrees. */
  readonly bounds: readonly [number, number, number, number];
  /** Said on the map, as the roads' licence asks. */
  readonly attribution: string;
  onSelect(what: { kind: 'job' | 'shift'; id: string } | null): void;
}

export interface CityMap {
  /** Replaces what one layer shows; painted at most once per frame, the newest wins. */
  show(layer: LayerName, features: GeoJSON.FeatureCollection): void;
  setTheme(theme: Theme): void;
  lookAt(lon: number, lat: number): void;
  /** Shows all of it: west, south, east, north. */
  fit(bounds: readonly [number, number, number, number], options?: { readonly atOnce?: boolean }): void;
  resize(): void;
  remove(): void;
}

/** A move of the map is quick, and not at all for those who asked for no motion (MapLibre sees to that). */
const PATIENCE_MS = 450;
const STREETS_ZOOM = 11;
const EMPTY: GeoJSON.FeatureCollection = { type: 'FeatureCollection', features: [] };

/** The city's map: our base map, and over it jobs, vehicles, depots and the selected crew's way. */
export function openCityMap(options: CityMapOptions): CityMap {
  const latest = new Map<LayerName, GeoJSON.FeatureCollection>();
  const pending = new Set<LayerName>();
  let theme = options.theme;
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

  const dress = (): void => {
    addIcons(map, theme);
    for (const name of sourceNames) {
      if (map.getSource(name) === undefined) {
        map.addSource(name, { type: 'geojson', data: latest.get(name) ?? EMPTY, maxzoom: 14, buffer: 32, tolerance: 0 });
      }
    }
    for (const layer of layersOf(theme)) if (map.getLayer(layer.id) === undefined) map.addLayer(layer);
  };

  const paint = (): void => {
    for (const name of pending) void map.getSource<GeoJSONSource>(name)?.setData(latest.get(name) ?? EMPTY);
    pending.clear();
  };

  const selected = (feature: MapGeoJSONFeature | undefined): void => {
    const kind = feature?.properties['select'];
    const id = feature?.properties['id'];
    options.onSelect((kind === 'job' || kind === 'shift') && typeof id === 'string' ? { kind, id } : null);
  };

  map.on('style.load', dress);
  map.on('click', (event) => {
    const box: [[number, number], [number, number]] = [
      [event.point.x - 6, event.point.y - 6],
      [event.point.x + 6, event.point.y + 6],
    ];
    const layers = layersOf(theme)
      .map((layer) => layer.id)
      .filter((id) => map.getLayer(id) !== undefined);
    selected(map.queryRenderedFeatures(box, { layers }).find((f) => f.properties['select'] !== undefined));
  });
  const hovering = (event: { point: { x: number; y: number } }): void => {
    const layers = ['jobs', 'vehicles', 'stops'].filter((id) => map.getLayer(id) !== undefined);
    const hit = map.queryRenderedFeatures([event.point.x, event.point.y], { layers }).length > 0;
    map.getCanvas().style.cursor = hit ? 'pointer' : '';
  };
  map.on('mousemove', hovering);
  map.once('idle', () => options.container.setAttribute('data-map-ready', 'true'));

  return {
    show(layer, features) {
      latest.set(layer, features);
      if (pending.size === 0) requestAnimationFrame(paint);
      pending.add(layer);
    },
    setTheme(next) {
      if (next === theme) return;
      theme = next;
      map.setStyle(cityStyle(theme, options.attribution), { diff: false });
    },
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
    remove: () => map.remove(),
  };
}
