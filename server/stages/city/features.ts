import { BadOsmFile, type OsmElement, type OsmRelation, type OsmSource, type OsmWay, type Tags } from './osm.ts';

/** Degrees: longitude, latitude. */
export type Position = readonly [lon: number, lat: number];

export interface LineFeature {
  readonly id: number;
  readonly tags: Tags;
  /** Node ids of `line`, one each: two lines meet where they share one. */
  readonly refs: readonly number[];
  readonly line: readonly Position[];
}
export interface AreaFeature {
  readonly tags: Tags;
  /** Closed rings of one polygon each list: the outline first, then its holes. */
  readonly polygons: readonly (readonly (readonly Position[])[])[];
}
export interface PointFeature {
  readonly tags: Tags;
  readonly at: Position;
}

export type Bounds = readonly [west: number, south: number, east: number, north: number];

/** What a base map and a street index are made of. */
export interface Features {
  readonly roads: readonly LineFeature[];
  readonly waterways: readonly LineFeature[];
  readonly areas: readonly AreaFeature[];
  readonly places: readonly PointFeature[];
  /** Around all roads. */
  readonly bounds: Bounds;
}

const isArea = (tags: Tags): boolean =>
  'building' in tags ||
  (tags['highway'] === 'pedestrian' && tags['area'] === 'yes') ||
  'landuse' in tags ||
  ['water', 'wood', 'beach', 'wetland', 'scrub', 'grassland'].includes(tags['natural'] ?? '') ||
  ['park', 'garden', 'pitch', 'playground', 'nature_reserve', 'golf_course', 'stadium'].includes(tags['leisure'] ?? '') ||
  ['riverbank', 'dock'].includes(tags['waterway'] ?? '') ||
  ['school', 'hospital', 'university'].includes(tags['amenity'] ?? '');
const isRoad = (tags: Tags): boolean => 'highway' in tags && tags['area'] !== 'yes';
const isWaterway = (tags: Tags): boolean => ['river', 'canal', 'stream', 'ditch', 'drain'].includes(tags['waterway'] ?? '');
const isPlace = (tags: Tags): boolean =>
  ['city', 'town', 'village', 'hamlet', 'suburb', 'quarter', 'neighbourhood'].includes(tags['place'] ?? '') && 'name' in tags;

/**
 * Reads the source three times (relations, ways, nodes), because each kind says which of the next are wanted and
 * files hold them in the opposite order; so memory grows with what is kept, not with the file.
 * Throws BadOsmFile when there is no road in it.
 */
export async function readFeatures(source: OsmSource): Promise<Features> {
  const relations: OsmRelation[] = [];
  const memberWays = new Set<number>();
  await each(source, (element) => {
    if (element.type !== 'relation' || element.tags?.['type'] !== 'multipolygon' || !isArea(element.tags)) return;
    relations.push(element);
    for (const member of element.members) if (member.type === 'way') memberWays.add(member.ref);
  });

  const ways = new Map<number, OsmWay>();
  const wanted = new Set<number>();
  await each(source, (element) => {
    if (element.type !== 'way') return;
    const tags = element.tags ?? {};
    if (!memberWays.has(element.id) && !isRoad(tags) && !isWaterway(tags) && !isArea(tags)) return;
    ways.set(element.id, element);
    for (const ref of element.refs) wanted.add(ref);
  });

  const nodes = new Map<number, Position>();
  const places: PointFeature[] = [];
  await each(source, (element) => {
    if (element.type !== 'node') return;
    if (!(Math.abs(element.lon) <= 180) || !(Math.abs(element.lat) <= 90)) {
      throw new BadOsmFile(source.file, `node ${element.id} lies at ${element.lon}, ${element.lat}, which is not on the earth.`);
    }
    if (wanted.has(element.id)) nodes.set(element.id, [element.lon, element.lat]);
    if (element.tags && isPlace(element.tags)) places.push({ tags: element.tags, at: [element.lon, element.lat] });
  });

  const roads: LineFeature[] = [];
  const waterways: LineFeature[] = [];
  const areas: AreaFeature[] = [];
  for (const way of ways.values()) {
    const tags = way.tags ?? {};
    if (isRoad(tags) || isWaterway(tags)) {
      // An extract may cut a way off: what lies inside is kept.
      const refs = way.refs.filter((ref) => nodes.has(ref));
      if (refs.length < 2) continue;
      const line = { id: way.id, tags, refs, line: refs.map((ref) => nodes.get(ref) as Position) };
      (isRoad(tags) ? roads : waterways).push(line);
    } else if (isArea(tags)) {
      const ring = toRing(way.refs, nodes);
      if (ring) areas.push({ tags, polygons: [[ring]] });
    }
  }
  for (const relation of relations) {
    const polygons = toPolygons(relation, ways, nodes);
    if (polygons.length > 0) areas.push({ tags: relation.tags ?? {}, polygons });
  }
  if (roads.length === 0) {
    throw new BadOsmFile(
      source.file,
      'holds no roads (no way with the tag "highway"). Take an extract that was not filtered down to something else.',
    );
  }
  return { roads, waterways, areas, places, bounds: boundsOf(roads) };
}

async function each(source: OsmSource, visit: (element: OsmElement) => void): Promise<void> {
  for await (const block of source.elements()) for (const element of block) visit(element);
}

function toRing(refs: readonly number[], nodes: ReadonlyMap<number, Position>): Position[] | null {
  if (refs.length < 4 || refs[0] !== refs.at(-1) || !refs.every((ref) => nodes.has(ref))) return null;
  return refs.map((ref) => nodes.get(ref) as Position);
}

/** Joins a relation's ways end to end; rings that an extract cut open are left out. */
function toPolygons(
  relation: OsmRelation,
  ways: ReadonlyMap<number, OsmWay>,
  nodes: ReadonlyMap<number, Position>,
): Position[][][] {
  const rings = (role: string): Position[][] => {
    const open = relation.members.flatMap((m) => {
      const way = m.type === 'way' && (m.role || 'outer') === role ? ways.get(m.ref) : undefined;
      return way ? [[...way.refs]] : [];
    });
    const closed: Position[][] = [];
    for (let ring = open.pop(); ring; ring = open.pop()) {
      let joined = ring;
      while (joined[0] !== joined.at(-1)) {
        const end = joined.at(-1);
        const next = open.findIndex((line) => line[0] === end || line.at(-1) === end);
        const line = next === -1 ? undefined : open.splice(next, 1)[0];
        if (!line) break;
        joined = [...joined, ...(line[0] === end ? line : line.reverse()).slice(1)];
      }
      const points = toRing(joined, nodes);
      if (points) closed.push(points);
    }
    return closed;
  };
  const polygons = rings('outer').map((outline) => [outline]);
  for (const hole of rings('inner')) {
    const first = hole[0];
    const around = first && polygons.find(([outline]) => outline && contains(outline, first));
    if (around) around.push(hole);
  }
  return polygons;
}

function contains(ring: readonly Position[], [x, y]: Position): boolean {
  let inside = false;
  ring.forEach(([ax, ay], i) => {
    const [bx, by] = ring[(i + 1) % ring.length] ?? [ax, ay];
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside;
  });
  return inside;
}

function boundsOf(lines: readonly LineFeature[]): Bounds {
  let [west, south, east, north] = [180, 90, -180, -90];
  for (const { line } of lines) {
    for (const [lon, lat] of line) {
      west = Math.min(west, lon);
      south = Math.min(south, lat);
      east = Math.max(east, lon);
      north = Math.max(north, lat);
    }
  }
  return [west, south, east, north];
}
