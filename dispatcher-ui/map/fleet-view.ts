import type { GeoJSONSource, Map as MapLibreMap } from 'maplibre-gl';
import type { View } from '../../server/stages/live/frames/contract.ts';
import type { HeldSpot } from '../state/positions.ts';
import { between, reckon, reckonSeconds, slideMillis, type Place } from '../state/slide.ts';
import { tagFeatures } from './features.ts';
import { NEAR_ZOOM } from './fleet-layers.ts';
import { changesBetween, featureOf, markOf, signalOf, type FleetAsk, type FleetMark, type MarkChanges } from './fleet-marks.ts';

/** What a fleet's view shows, and how. */
export interface FleetShown extends Omit<FleetAsk, 'nowMs'> {
  readonly spots: ReadonlyMap<string, HeldSpot>;
  /** City time in milliseconds; of a replay, its own. */
  readonly now: () => number;
  /** Nothing is heard: nothing moves either, and nothing is reckoned. */
  readonly frozen: boolean;
  readonly selectedShift: string | null;
}

export interface FleetView {
  show(next: FleetShown): void;
  /** These have a newer fix; all of them may have when left out. */
  moved(vehicleIds?: Iterable<string>): void;
  /** Of a feature of the source `fleet`: which vehicle it is, and whose. */
  markOf(number: number): FleetMark | undefined;
  /** The style is new: its sources hold nothing of what was put there. */
  redress(): void;
  stop(): void;
}

/** Beyond so many vehicles crews have no tags but marks, which group from afar: tags would hide the city. */
export const DENSE = 120;
/** More than so many near ones do not slide: the map would not keep up with itself. */
const MOST_SLIDING = 400;
/** From here on it is cheaper to hand over everything than what changed (measured, see ARCHITECTURE.md). */
const MOST_CHANGED = 1 / 3;
/** Near, what lies this far outside the map is drawn too: a little movement shows it at once. */
const MARGIN = 0.25;
/** Ages and ghosts go on without news. */
const AGES_MS = 1_000;
/** A source that does not answer is asked again. */
const GIVE_UP_MS = 3_000;
const MAP_PUSH = 'map-push';

interface Slide {
  readonly from: Place;
  readonly startMs: number;
  readonly millis: number;
}

/** West, south, east, north of the map with a margin. */
export function viewOf(map: MapLibreMap, margin: number): View {
  const bounds = map.getBounds();
  const [west, south, east, north] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
  const [wide, high] = [(east - west) * margin, (north - south) * margin];
  return {
    west: Math.max(-180, west - wide),
    south: Math.max(-90, south - high),
    east: Math.min(180, east + wide),
    north: Math.min(90, north + high),
  };
}

const holds = (view: View, { lon, lat }: Place): boolean =>
  lon >= view.west && lon <= view.east && lat >= view.south && lat <= view.north;

/**
 * Draws the vehicles: newest fix of each, once per painted frame at most, and never a second time before the map has taken
 * the first. Near, a vehicle slides from the fix before to the newest; what is reckoned beyond that is a ghost of its own.
 */
export function openFleetView(map: MapLibreMap): FleetView {
  const numbers = new Map<string, number>();
  const slides = new Map<string, Slide>();
  /** Where each near vehicle was painted last. */
  const painted = new Map<string, Place>();
  let held = new Map<number, FleetMark>();
  let shown: FleetShown | null = null;
  let clusters = false;
  let asked = 0;
  let busySince = 0;
  /** Something is newer than what was painted: it waits until the map is done with the last push. */
  let waits = false;
  let hasGhosts = false;
  let hasTags = false;
  /** Vehicles with a newer fix, and whether all are to be looked at. */
  const dirty = new Set<string>();
  let sweeps = true;
  const still = matchMedia('(prefers-reduced-motion: reduce)');
  const put = (name: string, features: GeoJSON.Feature[]): void =>
    void map.getSource<GeoJSONSource>(name)?.setData({ type: 'FeatureCollection', features });

  const ask = (): void => {
    if (asked === 0) asked = requestAnimationFrame(paint);
  };
  const numberOf = (vehicleId: string): number => {
    const known = numbers.get(vehicleId) ?? numbers.size + 1;
    numbers.set(vehicleId, known);
    return known;
  };

  const placeOf = (spot: HeldSpot, wallMs: number): Place => {
    const slide = slides.get(spot.vehicleId);
    if (slide === undefined) return spot;
    const share = (wallMs - slide.startMs) / slide.millis;
    if (share < 1) return between(slide.from, spot, Math.max(0, share));
    slides.delete(spot.vehicleId);
    return spot;
  };

  function paint(): void {
    asked = 0;
    const source = map.getSource<GeoJSONSource>('fleet');
    if (shown === null || source === undefined) return;
    const wallMs = performance.now();
    if (busySince > 0 && wallMs - busySince < GIVE_UP_MS) return void (waits = true);
    busySince = 0;
    const nowMs = shown.now();
    const isDense = shown.spots.size > DENSE;
    const isNear = map.getZoom() >= NEAR_ZOOM;
    const marking: FleetAsk = { ...shown, nowMs, showsCrews: shown.showsCrews && isDense };
    // From afar only what has moved is looked at; near, and each second for their ages, all are.
    if (isNear || sweeps || isDense !== clusters) paintAll(source, marking, isNear, isDense, wallMs);
    else paintMoved(source, marking);
    sweeps = false;
    dirty.clear();
    if (slides.size > 0) ask();
    if (busySince === 0) return;
    // For whoever observes it: what one push costs the page. Only the newest is kept.
    performance.clearMeasures(MAP_PUSH);
    performance.measure(MAP_PUSH, { start: wallMs, end: performance.now(), detail: ['vehicles'] });
  }

  /** The mark of a vehicle from afar: nobody reads a label there, and an age in it would change each second. */
  const farMark = (spot: HeldSpot, marking: FleetAsk): FleetMark | null => {
    const mark = markOf(spot, numberOf(spot.vehicleId), spot, marking, false);
    return mark === null || isTagged(mark, marking) ? null : mark;
  };
  /** The selected crew of a large fleet has a tag instead. */
  const isTagged = ({ shiftId }: FleetMark, { showsCrews }: FleetAsk): boolean =>
    showsCrews && shiftId !== null && shiftId === shown!.selectedShift;

  function paintMoved(source: GeoJSONSource, marking: FleetAsk): void {
    const before = new Map<number, FleetMark>();
    const now = new Map<number, FleetMark>();
    for (const id of dirty) {
      const spot = shown!.spots.get(id);
      if (spot === undefined) continue;
      const number = numberOf(id);
      const known = held.get(number);
      const mark = farMark(spot, marking);
      if (known !== undefined) before.set(number, known);
      if (mark !== null) now.set(number, mark);
    }
    const changes = changesBetween(before, now);
    for (const number of changes.remove) held.delete(number);
    for (const mark of now.values()) held.set(mark.number, mark);
    push(source, changes);
    putTags(marking, !clusters);
  }

  function paintAll(source: GeoJSONSource, marking: FleetAsk, isNear: boolean, isDense: boolean, wallMs: number): void {
    const { spots, freshSeconds, frozen } = shown!;
    const view = isNear ? viewOf(map, MARGIN) : null;
    const marks = new Map<number, FleetMark>();
    const ghosts: GeoJSON.Feature[] = [];
    painted.clear();
    for (const spot of spots.values()) {
      if (view === null) {
        const mark = farMark(spot, marking);
        if (mark !== null) marks.set(mark.number, mark);
        continue;
      }
      if (!holds(view, spot)) continue;
      const place = placeOf(spot, wallMs);
      painted.set(spot.vehicleId, place);
      const mark = markOf(spot, numberOf(spot.vehicleId), place, marking);
      if (mark !== null && !isTagged(mark, marking)) marks.set(mark.number, mark);
      if (!frozen && place === spot && isShown(spot, mark)) ghost(ghosts, spot, marking.nowMs, freshSeconds);
    }
    const changes = changesBetween(held, marks);
    held = marks;
    if (clusters !== isDense) {
      clusters = isDense;
      busy(Promise.resolve(source.setClusterOptions({ cluster: isDense })));
    }
    push(source, changes);
    if (ghosts.length > 0 || hasGhosts) put('ghosts', ghosts);
    hasGhosts = ghosts.length > 0;
    putTags(marking, !isDense);
  }

  /** Tags are few: they are handed over whole. */
  function putTags({ nowMs }: FleetAsk, all: boolean): void {
    const { spots, crews, freshSeconds, selectedShift, showsCrews } = shown!;
    if (!all && selectedShift === null && !hasTags) return;
    const tags = tagFeatures({
      spots,
      crews,
      nowMs,
      freshSeconds,
      selectedShift,
      onlySelected: !all,
      showsCrews,
      placeOf: (spot) => painted.get(spot.vehicleId) ?? spot,
    });
    hasTags = tags.features.length > 0;
    put('vehicles', tags.features);
  }

  const isShown = (spot: HeldSpot, mark: FleetMark | null): boolean =>
    mark !== null || (shown!.showsCrews && spot.shiftId !== null && shown!.crews.has(spot.shiftId));

  function push(source: GeoJSONSource, changes: MarkChanges): void {
    if (changes.count === 0) return;
    if (changes.count > held.size * MOST_CHANGED) {
      busy(Promise.resolve(source.setData({ type: 'FeatureCollection', features: [...held.values()].map(featureOf) })));
    } else busy(source.updateData({ add: changes.add, remove: changes.remove, update: changes.update }));
  }

  /** Until the map has taken it, nothing more is handed over. */
  function busy(task: Promise<unknown>): void {
    const since = (busySince = performance.now());
    void task
      .catch(() => undefined)
      .then(() => {
        if (busySince !== since) return;
        busySince = 0;
        if (!waits) return;
        waits = false;
        ask();
      });
  }

  const news = (): void => {
    if (busySince > 0 && performance.now() - busySince < GIVE_UP_MS) waits = true;
    else ask();
  };

  const slideFrom = (spot: HeldSpot, wallMs: number): void => {
    const from = painted.get(spot.vehicleId) ?? null;
    const millis = slideMillis(from, spot);
    if (millis > 0) slides.set(spot.vehicleId, { from: from!, startMs: wallMs, millis });
    else slides.delete(spot.vehicleId);
  };

  const newsOfAll = (): void => {
    sweeps = true;
    news();
  };
  const ages = setInterval(newsOfAll, AGES_MS);
  map.on('moveend', newsOfAll);
  map.on('zoomend', () => {
    if (map.getZoom() < NEAR_ZOOM) slides.clear();
    newsOfAll();
  });

  return {
    markOf: (number) => held.get(number),
    show(next) {
      shown = next;
      if (next.frozen) slides.clear();
      newsOfAll();
    },
    moved(vehicleIds) {
      if (shown === null) return;
      if (vehicleIds === undefined) return newsOfAll();
      const ids = [...vehicleIds];
      for (const id of ids) dirty.add(id);
      const maySlide = map.getZoom() >= NEAR_ZOOM && !still.matches && !shown.frozen && painted.size <= MOST_SLIDING;
      if (maySlide) {
        const wallMs = performance.now();
        for (const id of ids) {
          const spot = shown.spots.get(id);
          if (spot !== undefined) slideFrom(spot, wallMs);
        }
      } else slides.clear();
      news();
    },
    redress() {
      held = new Map();
      clusters = false;
      busySince = 0;
      hasGhosts = false;
      hasTags = true;
      sweeps = true;
      ask();
    },
    stop() {
      clearInterval(ages);
      cancelAnimationFrame(asked);
      map.off('moveend', newsOfAll);
    },
  };
}

/** Beyond the newest fix: a thin line ahead, and where it would end. */
function ghost(ghosts: GeoJSON.Feature[], spot: HeldSpot, nowMs: number, freshSeconds: number): void {
  if (signalOf(spot, nowMs, freshSeconds) !== 'fresh') return;
  const ahead = reckon(spot, nowMs, reckonSeconds(freshSeconds));
  if (ahead === null) return;
  const to = [ahead.lon, ahead.lat];
  ghosts.push(
    { type: 'Feature', geometry: { type: 'LineString', coordinates: [[spot.lon, spot.lat], to] }, properties: {} },
    { type: 'Feature', geometry: { type: 'Point', coordinates: to }, properties: {} },
  );
}
