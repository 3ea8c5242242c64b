import type { AreaFeature, Features, LineFeature, PointFeature, Position } from './features.ts';
import type { Tags } from './osm.ts';

/** Layers and properties are named as in the Protomaps basemap, so that any style for it draws ours and the other way round. */
export type LayerName = 'roads' | 'water' | 'landuse' | 'buildings' | 'places';

export interface LayerFeature {
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly geometry:
    | { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
    | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }
    | { readonly type: 'Point'; readonly coordinates: Position };
  /** Not drawn below this zoom. */
  readonly minZoom: number;
}

type RoadClass = readonly [kind: 'highway' | 'major_road' | 'minor_road' | 'path' | 'other', minZoom: number];

/** The highway tag's value, links without their suffix. */
const ROADS: Readonly<Record<string, RoadClass>> = {
  motorway: ['highway', 4],
  trunk: ['major_road', 6],
  primary: ['major_road', 8],
  secondary: ['major_road', 9],
  tertiary: ['major_road', 10],
  residential: ['minor_road', 11],
  unclassified: ['minor_road', 11],
  living_street: ['minor_road', 11],
  road: ['minor_road', 12],
  raceway: ['minor_road', 12],
  service: ['minor_road', 13],
  busway: ['minor_road', 13],
  pedestrian: ['path', 13],
  track: ['path', 13],
  path: ['path', 14],
  cycleway: ['path', 14],
  bridleway: ['path', 14],
  footway: ['path', 14],
  steps: ['path', 14],
  corridor: ['path', 15],
};
/** Neither driven nor walked today, or not a way along the ground. */
const NOT_DRAWN = new Set(['proposed', 'construction', 'platform', 'abandoned', 'razed', 'rest_area', 'services', 'elevator']);

/** All layers the source has something for; a roads-only source gives roads only. */
export function toLayers(features: Features): ReadonlyMap<LayerName, readonly LayerFeature[]> {
  const layers = new Map<LayerName, LayerFeature[]>();
  const put = (layer: LayerName, found: readonly LayerFeature[]) => {
    if (found.length > 0) layers.set(layer, [...(layers.get(layer) ?? []), ...found]);
  };
  put('roads', joinLines(features.roads.flatMap(toRoad)));
  put('water', features.waterways.map(toWaterway));
  for (const area of features.areas) {
    const named = toArea(area);
    if (named) put1(layers, named.layer, named.feature);
  }
  put('places', features.places.map(toPlace));
  return layers;
}

function put1(layers: Map<LayerName, LayerFeature[]>, layer: LayerName, feature: LayerFeature): void {
  const list = layers.get(layer);
  if (list) list.push(feature);
  else layers.set(layer, [feature]);
}

interface Road {
  readonly properties: Readonly<Record<string, string | number | boolean>>;
  readonly minZoom: number;
  readonly oneway: boolean;
  readonly refs: readonly number[];
  readonly line: readonly Position[];
}

function toRoad(road: LineFeature): Road[] {
  const { tags } = road;
  const value = tags['highway'] ?? '';
  if (NOT_DRAWN.has(value)) return [];
  const detail = value.replace(/_link$/, '');
  const [kind, shown] = ROADS[detail] ?? (['other', 14] as const);
  const link = detail !== value;
  const oneway =
    tags['oneway'] === 'yes' || tags['oneway'] === '1' || tags['oneway'] === 'true' || tags['junction'] === 'roundabout';
  const back = tags['oneway'] === '-1' || tags['oneway'] === 'reverse';
  const minZoom = link ? Math.max(shown, 11) : shown;
  const properties = {
    kind,
    kind_detail: detail,
    min_zoom: minZoom,
    ...(tags['name'] && { name: tags['name'] }),
    ...(tags['ref'] && { ref: tags['ref'] }),
    ...(link && { is_link: true }),
    ...(tags['bridge'] && tags['bridge'] !== 'no' && { is_bridge: true }),
    ...(tags['tunnel'] && tags['tunnel'] !== 'no' && { is_tunnel: true }),
    ...((oneway || back) && { oneway: 'yes' }),
    ...(value === 'service' && tags['service'] && { service: tags['service'] }),
  };
  // Arrows are drawn along the line, so a way that is driven against its points is turned round.
  const refs = back ? road.refs.toReversed() : road.refs;
  const line = back ? road.line.toReversed() : road.line;
  return [{ properties, minZoom, oneway: oneway || back, refs, line }];
}

/**
 * Joins pieces of one street end to end. OpenStreetMap cuts a street at every bridge, speed limit and lane; a
 * label needs the whole length, and the file gets smaller.
 */
function joinLines(roads: readonly Road[]): LayerFeature[] {
  const groups = new Map<string, Road[]>();
  for (const road of roads) {
    const key = JSON.stringify(road.properties);
    const group = groups.get(key);
    if (group) group.push(road);
    else groups.set(key, [road]);
  }
  return [...groups.values()]
    .flatMap((group) => joinGroup(group))
    .map(({ properties, minZoom, line }) => ({
      properties,
      minZoom,
      geometry: { type: 'LineString', coordinates: line },
    }));
}

function joinGroup(group: readonly Road[]): Road[] {
  const left = new Set(group);
  const starts = new Map<number, Road[]>();
  const add = (ref: number | undefined, road: Road) => {
    if (ref === undefined) return;
    const list = starts.get(ref);
    if (list) list.push(road);
    else starts.set(ref, [road]);
  };
  for (const road of group) {
    add(road.refs[0], road);
    if (!road.oneway) add(road.refs.at(-1), road);
  }
  const joined: Road[] = [];
  for (const first of group) {
    if (!left.delete(first)) continue;
    const refs = [...first.refs];
    const line = [...first.line];
    for (;;) {
      const end = refs.at(-1);
      const next: Road | undefined = end === undefined ? undefined : starts.get(end)?.find((road) => left.has(road));
      if (!next) break;
      left.delete(next);
      const ahead = next.refs[0] === end;
      refs.push(...(ahead ? next.refs : next.refs.toReversed()).slice(1));
      line.push(...(ahead ? next.line : next.line.toReversed()).slice(1));
    }
    joined.push({ ...first, refs, line });
  }
  return joined;
}

function toWaterway(way: LineFeature): LayerFeature {
  const kind = way.tags['waterway'] ?? 'stream';
  const minZoom = kind === 'river' ? 9 : kind === 'canal' ? 11 : 13;
  return {
    properties: { kind, min_zoom: minZoom, ...name(way.tags) },
    minZoom,
    geometry: { type: 'LineString', coordinates: way.line },
  };
}

function toArea({ tags, polygons }: AreaFeature): { layer: LayerName; feature: LayerFeature } | null {
  const geometry = { type: 'MultiPolygon' as const, coordinates: polygons };
  const made = (layer: LayerName, kind: string, minZoom: number, more: LayerFeature['properties'] = {}) => ({
    layer,
    feature: { properties: { kind, min_zoom: minZoom, ...name(tags), ...more }, minZoom, geometry },
  });
  if ('building' in tags && tags['building'] !== 'no') {
    const height = Number.parseFloat(tags['height'] ?? '');
    return made('buildings', 'building', 14, Number.isFinite(height) ? { height } : {});
  }
  if (tags['natural'] === 'water' || tags['waterway'] || tags['landuse'] === 'basin' || tags['landuse'] === 'reservoir') {
    return made('water', tags['water'] ?? 'water', 7);
  }
  const kind = tags['highway'] ?? tags['leisure'] ?? tags['landuse'] ?? tags['natural'] ?? tags['amenity'];
  return kind ? made('landuse', kind, 10) : null;
}

const PLACES: Readonly<Record<string, readonly [kind: string, minZoom: number]>> = {
  city: ['locality', 5],
  town: ['locality', 8],
  village: ['locality', 10],
  hamlet: ['locality', 12],
  suburb: ['neighbourhood', 11],
  quarter: ['neighbourhood', 12],
  neighbourhood: ['neighbourhood', 13],
};

function toPlace({ tags, at }: PointFeature): LayerFeature {
  const detail = tags['place'] ?? '';
  const [kind, minZoom] = PLACES[detail] ?? (['locality', 12] as const);
  return {
    properties: { kind, kind_detail: detail, min_zoom: minZoom, ...name(tags) },
    minZoom,
    geometry: { type: 'Point', coordinates: at },
  };
}

const name = (tags: Tags): Record<string, string> => (tags['name'] ? { name: tags['name'] } : {});
