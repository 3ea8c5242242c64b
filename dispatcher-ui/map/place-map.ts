import { AttributionControl, Map as MapLibreMap } from 'maplibre-gl';
import type { LonLat } from '../../routing/units.ts';
import type { Theme } from '../state/theme.ts';
import { cityStyle } from './city-style.ts';
import { startMapEngine } from './map-engine.ts';

export interface PlaceMapOptions {
  readonly container: HTMLElement;
  readonly theme: Theme;
  /** west, south, east, north in degrees: shown while there is no place. */
  readonly bounds: readonly [number, number, number, number];
  readonly attribution: string;
  readonly place: LonLat | null;
  /** What the map is called to who cannot see it. */
  readonly label: string;
  /** Left out: a picture that does not move. The middle of the map is the place, whenever somebody has moved it. */
  readonly onMoved?: (middle: LonLat, isNear: boolean) => void;
}

export interface PlaceMap {
  goTo(place: LonLat): void;
  zoomBy(steps: number): void;
  setTheme(theme: Theme): void;
  resize(): void;
  remove(): void;
}

const PLACE_ZOOM = 17;
/** Further out a finger's width is a street's length: what the cross points at there is nobody's place. */
const NEAR_ZOOM = 15;
const STEP_PIXELS = 16;
const BIG_STEP_PIXELS = 96;
const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** A map of one place, which is its middle; moved by hand, wheel and arrow keys, with a cross drawn over it by the page. */
export function openPlaceMap(options: PlaceMapOptions): PlaceMap {
  const { onMoved } = options;
  let { theme } = options;
  const interactive = onMoved !== undefined;
  startMapEngine();
  const map = new MapLibreMap({
    container: options.container,
    style: cityStyle(theme, options.attribution),
    ...(options.place === null
      ? { bounds: options.bounds as [number, number, number, number] }
      : { center: options.place, zoom: interactive ? PLACE_ZOOM : PLACE_ZOOM - 1 }),
    fadeDuration: 0,
    attributionControl: false,
    interactive,
    keyboard: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    locale: { 'Map.Title': options.label },
  });
  map.addControl(new AttributionControl({ compact: false }), 'bottom-left');
  if (interactive) {
    map.touchZoomRotate.disableRotation();
    const canvas = map.getCanvas();
    // The arrow keys are ours: a reader must pass them on.
    canvas.setAttribute('role', 'application');
    const onKey = (event: KeyboardEvent): void => {
      const arrow = ARROWS[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (arrow !== undefined) {
        const pixels = event.shiftKey ? BIG_STEP_PIXELS : STEP_PIXELS;
        map.panBy([arrow[0] * pixels, arrow[1] * pixels], { duration: 0 }, { byHand: true });
      } else if (event.key === '+' || event.key === '=') map.zoomTo(map.getZoom() + 1, { duration: 0 }, { byHand: true });
      else if (event.key === '-') map.zoomTo(map.getZoom() - 1, { duration: 0 }, { byHand: true });
      else return;
      event.preventDefault();
    };
    canvas.addEventListener('keydown', onKey);
    map.on('moveend', (event) => {
      const byHand = event.originalEvent !== undefined || ('byHand' in event && event['byHand'] === true);
      const { lng, lat } = map.getCenter();
      if (byHand) onMoved({ lon: lng, lat }, map.getZoom() >= NEAR_ZOOM);
    });
  } else {
    map.getCanvas().removeAttribute('tabindex');
    map.getCanvas().setAttribute('role', 'img');
  }
  map.once('idle', () => options.container.setAttribute('data-map-ready', 'true'));

  return {
    goTo: (place) => void map.jumpTo({ center: place, zoom: Math.max(map.getZoom(), PLACE_ZOOM) }),
    zoomBy: (steps) => void map.easeTo({ zoom: map.getZoom() + steps, duration: 200 }, { byHand: true }),
    setTheme(next) {
      if (next === theme) return;
      theme = next;
      map.setStyle(cityStyle(theme, options.attribution), { diff: false });
    },
    resize: () => void map.resize(),
    remove: () => map.remove(),
  };
}
