import { decode } from '@googlemaps/polyline-codec';
import type { AreaView, CityView } from '../../server/stages/city/contract.ts';
import type { CrewDay } from '../../server/stages/crew-day/contract.ts';
import type { CrewSeen } from '../state/crew-load.ts';
import { isOver, type DeskJob } from '../state/desk-job.ts';
import { ageText } from '../state/format.ts';
import type { HeldSpot } from '../state/positions.ts';
import type { Place } from '../state/slide.ts';
import { STACK_PLACES } from './layers.ts';

type Features = GeoJSON.FeatureCollection;
const collection = (features: GeoJSON.Feature[]): Features => ({ type: 'FeatureCollection', features });
const pointAt = (lon: number, lat: number, properties: GeoJSON.GeoJsonProperties): GeoJSON.Feature => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: [lon, lat] },
  properties,
});

/** Beyond so many open jobs those that lie together are shown as one mark with their number until one looks closer. */
const CROWD = 150;

export interface JobsShown {
  /** One by one. */
  readonly jobs: Features;
  /** Grouped by the map where they lie together. */
  readonly crowd: Features;
}

/** Open jobs: strong where nobody has them yet, pale where somebody has; the selected one is never in a group. */
export function jobFeatures(jobs: ReadonlyMap<string, DeskJob>, selectedId: string | null, withCrews = true): JobsShown {
  const single: GeoJSON.Feature[] = [];
  const rest: GeoJSON.Feature[] = [];
  for (const job of jobs.values()) {
    const selected = job.id === selectedId;
    const waiting = job.state === 'ready';
    if (!selected && (isOver(job) || (!withCrews && !waiting))) continue;
    (selected ? single : rest).push(
      pointAt(job.roadPoint.lon, job.roadPoint.lat, {
        id: job.id,
        select: 'job',
        priority: job.priority,
        waiting,
        cases: job.caseCount,
        selected,
      }),
    );
  }
  return rest.length > CROWD
    ? { jobs: collection(single), crowd: collection(rest) }
    : { jobs: collection([...rest, ...single]), crowd: collection([]) };
}

/** Boundaries with a name in their north-west corner; an area that is known by name only cannot be drawn. */
export function areaFeatures(areas: readonly AreaView[], chosenId: string | null): Features {
  return collection(
    areas.flatMap(({ id, name, polygons }) => {
      if (polygons === null) return [];
      const properties = { name, chosen: id === chosenId };
      const bounds = boundsOfPolygons(polygons);
      return [
        ...polygons.map((coordinates) => ({
          type: 'Feature' as const,
          geometry: { type: 'Polygon' as const, coordinates },
          properties,
        })),
        pointAt(bounds[0], bounds[3], properties),
      ];
    }),
  );
}

/** West, south, east, north. */
export function boundsOfPolygons(polygons: NonNullable<AreaView['polygons']>): [number, number, number, number] {
  const ring = polygons.flatMap(([outer]) => outer ?? []);
  const [lons, lats] = [ring.map(([lon]) => lon), ring.map(([, lat]) => lat)];
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
}

interface Spot {
  readonly lon: number;
  readonly lat: number;
  crews: number;
}

/** About 80 m: a depot's yard. */
const SPOT_DEGREES = 0.0008;

/** Crews that stand together (at their depot, mostly) are laid out side by side: the how-many-th of its spot this is. */
function placeIn(spots: Spot[], { lon, lat }: Place): number {
  const shrink = Math.cos((lat * Math.PI) / 180);
  const spot = spots.find((s) => Math.hypot((s.lon - lon) * shrink, s.lat - lat) < SPOT_DEGREES);
  if (spot !== undefined) return Math.min(spot.crews++, STACK_PLACES.length - 1);
  spots.push({ lon, lat, crews: 1 });
  return 0;
}

export interface TagsAsk {
  readonly spots: ReadonlyMap<string, HeldSpot>;
  readonly crews: ReadonlyMap<string, Pick<CrewSeen, 'shift' | 'state'>>;
  readonly nowMs: number;
  readonly freshSeconds: number;
  readonly selectedShift: string | null;
  /** Of a large fleet only the selected crew has a tag. */
  readonly onlySelected: boolean;
  readonly showsCrews: boolean;
  /** Where a vehicle is drawn now, on its way from one fix to the next. */
  readonly placeOf: (spot: HeldSpot) => Place;
}

/** Crews' vehicles as tags with heading and what the crew does; one whose place is not known now is hollow and says how old it is. */
export function tagFeatures(ask: TagsAsk): Features {
  const { spots, crews, nowMs, freshSeconds, selectedShift } = ask;
  const features: GeoJSON.Feature[] = [];
  const places: Spot[] = [];
  for (const spot of spots.values()) {
    const crew = spot.shiftId === null ? undefined : crews.get(spot.shiftId);
    if (crew === undefined || crew.state === 'ended' || !ask.showsCrews) continue;
    const selected = crew.shift.id === selectedShift;
    if (ask.onlySelected && !selected) continue;
    const age = Math.max(0, (nowMs - spot.fixAtMs) / 1000);
    const stale = spot.cutOff || age > freshSeconds;
    const tag = `C${crew.shift.crewNumber}`;
    const place = ask.placeOf(spot);
    features.push(
      pointAt(place.lon, place.lat, {
        id: crew.shift.id,
        select: 'shift',
        vehicle: spot.vehicleId,
        label: stale ? `${tag} ${ageText(age)}` : tag,
        heading: spot.headingDegrees,
        moving: (spot.speedMps ?? 0) > 1 && spot.headingDegrees !== null,
        look: crew.state,
        stack: ask.onlySelected ? 0 : placeIn(places, spot),
        stale,
        cutOff: spot.cutOff,
        selected,
      }),
    );
  }
  return collection(features);
}

export const depotFeatures = (city: CityView): Features =>
  collection(city.depots.map(({ name, place }) => pointAt(place.lon, place.lat, { name })));

/** A crew's way of what is still open, leg by leg, and the number of each stop. */
export function wayFeatures(day: CrewDay): { way: Features; stops: Features } {
  const legs: GeoJSON.Feature[] = [];
  const stops: GeoJSON.Feature[] = [];
  let number = 0;
  for (const stop of day.stops) {
    if (stop.kind === 'break') continue;
    if (stop.kind === 'job' && stop.endedAt === null) {
      stops.push(pointAt(stop.roadPoint.lon, stop.roadPoint.lat, { number: String(++number), select: 'job', id: stop.jobId }));
    }
    if (stop.way === null) continue;
    const { line, source } = stop.way;
    const coordinates = decode(line.points, line.precision).map(([lat, lon]) => [lon, lat] as [number, number]);
    if (coordinates.length < 2) continue;
    legs.push({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates },
      properties: {
        estimate: source === 'estimate',
        first: legs.length === 0,
        home: stop.kind === 'depot',
        /** The job it leads to. */
        id: stop.kind === 'job' ? stop.jobId : null,
      },
    });
  }
  return { way: collection(legs), stops: collection(stops) };
}

/** West, south, east, north of some features, or null when there is none. */
export function boundsOf(features: readonly GeoJSON.Feature[]): [number, number, number, number] | null {
  let bounds: [number, number, number, number] | null = null;
  const take = (lon: number, lat: number): void => {
    bounds =
      bounds === null
        ? [lon, lat, lon, lat]
        : [Math.min(bounds[0], lon), Math.min(bounds[1], lat), Math.max(bounds[2], lon), Math.max(bounds[3], lat)];
  };
  for (const { geometry } of features) {
    if (geometry.type === 'Point') take(geometry.coordinates[0]!, geometry.coordinates[1]!);
    if (geometry.type === 'LineString') for (const [lon, lat] of geometry.coordinates) take(lon!, lat!);
  }
  return bounds;
}
