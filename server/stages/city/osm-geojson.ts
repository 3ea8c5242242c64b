import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { BadOsmFile, type OsmElement, type OsmMember, type OsmNode, type OsmSource, type OsmWay, type Tags } from './osm.ts';

const Geometry = z.object({ type: z.string(), coordinates: z.unknown().optional() });
const Feature = z.object({
  type: z.literal('Feature'),
  id: z.union([z.string(), z.number()]).optional(),
  properties: z.record(z.string(), z.unknown()).nullable(),
  geometry: Geometry.nullable(),
});
const Collection = z.object({ type: z.literal('FeatureCollection'), features: z.array(z.unknown()) });

/** OpenStreetMap's own precision; coordinates that agree to it are the same node. */
const DECIMALS = 7;

/**
 * GeoJSON as exported from OpenStreetMap (one feature a way, tags as properties, with or without "@id"). Two
 * ways meet where they share a coordinate, which rebuilds the road graph exactly. Throws BadOsmFile.
 */
export async function readGeojson(file: string): Promise<OsmSource> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new BadOsmFile(
      file,
      `is not complete JSON (${cause instanceof Error ? cause.message : String(cause)}). Download it again.`,
      { cause },
    );
  }
  const collection = Collection.safeParse(content);
  if (!collection.success) throw new BadOsmFile(file, 'is JSON but not a GeoJSON FeatureCollection.');
  const graph = new Graph(file);
  collection.data.features.forEach((feature, index) => graph.add(feature, index));
  const elements = graph.elements();
  return {
    format: 'geojson',
    file,
    elements: () => once(elements),
  };
}

async function* once(elements: readonly OsmElement[]): AsyncGenerator<readonly OsmElement[]> {
  yield await Promise.resolve(elements);
}

class Graph {
  readonly #file: string;
  readonly #nodes = new Map<string, OsmNode>();
  readonly #points: OsmNode[] = [];
  readonly #ways: OsmWay[] = [];
  readonly #relations: OsmElement[] = [];
  readonly #used = new Set<number>();
  #next = 1;

  constructor(file: string) {
    this.#file = file;
  }

  elements(): OsmElement[] {
    return [...this.#nodes.values(), ...this.#points, ...this.#ways, ...this.#relations];
  }

  add(raw: unknown, index: number): void {
    const parsed = Feature.safeParse(raw);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      throw this.#bad(index, `${issue?.path.join('.') || 'it'}: ${issue?.message ?? 'not a feature'}`);
    }
    const { properties, geometry } = parsed.data;
    if (!geometry) return;
    const tags = toTags(properties ?? {});
    const id = wayId(parsed.data.id ?? properties?.['@id']);
    switch (geometry.type) {
      case 'Point': {
        const { lon, lat } = this.#position(geometry.coordinates, index);
        this.#points.push({ type: 'node', id: this.#next++, lon, lat, tags });
        break;
      }
      case 'LineString':
        this.#way(geometry.coordinates, tags, id, index);
        break;
      case 'MultiLineString':
        for (const line of this.#list(geometry.coordinates, index)) this.#way(line, tags, null, index);
        break;
      case 'Polygon':
        this.#area([geometry.coordinates], tags, id, index);
        break;
      case 'MultiPolygon':
        this.#area(this.#list(geometry.coordinates, index), tags, id, index);
        break;
      default:
        throw this.#bad(index, `a geometry of type "${geometry.type}" is not read here`);
    }
  }

  #area(polygons: readonly unknown[], tags: Tags, id: number | null, index: number): void {
    const rings = polygons.map((polygon) => this.#list(polygon, index));
    const only = rings.length === 1 && rings[0]?.length === 1 ? rings[0][0] : undefined;
    if (only !== undefined) {
      this.#way(only, tags['highway'] ? { ...tags, area: 'yes' } : tags, id, index);
      return;
    }
    const members: OsmMember[] = rings.flatMap((polygon) =>
      polygon.map((ring, i): OsmMember => ({
        type: 'way',
        ref: this.#way(ring, {}, null, index),
        role: i === 0 ? 'outer' : 'inner',
      })),
    );
    this.#relations.push({ type: 'relation', id: this.#next++, members, tags: { ...tags, type: 'multipolygon' } });
  }

  #way(coordinates: unknown, tags: Tags, wanted: number | null, index: number): number {
    const refs = this.#list(coordinates, index).map((position) => this.#node(this.#position(position, index)));
    if (refs.length < 2) throw this.#bad(index, 'a line needs two points');
    // Ids of the source are kept where they are one way's alone; pieces of one way get numbers out of its range.
    const id = wanted !== null && !this.#used.has(wanted) ? wanted : 2 ** 40 + this.#next++;
    this.#used.add(id);
    this.#ways.push({ type: 'way', id, refs, tags });
    return id;
  }

  #node(at: { lon: number; lat: number }): number {
    const key = `${at.lon.toFixed(DECIMALS)},${at.lat.toFixed(DECIMALS)}`;
    const known = this.#nodes.get(key);
    if (known) return known.id;
    const id = this.#next++;
    this.#nodes.set(key, { type: 'node', id, ...at });
    return id;
  }

  #list(value: unknown, index: number): readonly unknown[] {
    if (!Array.isArray(value)) throw this.#bad(index, 'coordinates are not a list');
    return value;
  }

  #position(value: unknown, index: number): { lon: number; lat: number } {
    const [lon, lat]: readonly unknown[] = this.#list(value, index);
    if (typeof lon !== 'number' || typeof lat !== 'number' || !(Math.abs(lon) <= 180) || !(Math.abs(lat) <= 90)) {
      throw this.#bad(index, 'a coordinate is not longitude, latitude in degrees');
    }
    return { lon, lat };
  }

  #bad(index: number, what: string): BadOsmFile {
    return new BadOsmFile(this.#file, `feature ${index}: ${what}.`);
  }
}

function toTags(properties: Readonly<Record<string, unknown>>): Tags {
  const nested = properties['tags'];
  const from = typeof nested === 'object' && nested !== null && !Array.isArray(nested) ? { ...nested } : properties;
  const tags: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (name.startsWith('@')) continue;
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') tags[name] = String(value);
  }
  return tags;
}

function wayId(id: unknown): number | null {
  const digits = /^(?:way\/)?(\d{1,12})$/.exec(String(id ?? ''))?.[1];
  return digits ? Number(digits) : null;
}
