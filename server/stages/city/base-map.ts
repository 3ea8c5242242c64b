import { setImmediate as breathe } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { GeoJSONVT, type GeoJSONVTTile } from '@maplibre/geojson-vt';
import { fromGeojsonVt } from '@maplibre/vt-pbf';
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { Bounds, Features } from './features.ts';
import { toLayers, type LayerFeature, type LayerName } from './layers.ts';
import { writePmtiles, type Tile } from './pmtiles.ts';

const zipped = promisify(gzip);

export const BASE_MAP_MAX_ZOOM = 15;
const EXTENT = 4096;
/** In tile units: wide lines and labels near an edge are drawn by both tiles. */
const BUFFER = 64;

export interface BaseMap {
  readonly tiles: number;
  readonly bytes: number;
  readonly layers: readonly LayerName[];
}

/** Writes all layers the features have as one PMTiles file, zoom 0 to 15; no tile is written for an empty place. */
export async function writeBaseMap(
  file: string,
  features: Features,
  about: { title: string; attribution: string },
): Promise<BaseMap> {
  const layers = toLayers(features);
  const indexed = [...layers].map(([name, content]) => ({ name, index: index(content) }));
  const tiles: Tile[] = [];

  for (const [z, x, y] of tilesOf(features.bounds)) {
    const found = indexed.flatMap(({ name, index }) => {
      const tile = index.getTile(z, x, y);
      return tile && tile.features.length > 0 ? [{ name, tile }] : [];
    });
    const shown = found.flatMap(({ name, tile }) => {
      const visible: GeoJSONVTTile['features'] = tile.features.filter(
        (feature: GeoJSONVTTile['features'][number]) => Number(feature.tags?.['min_zoom'] ?? 0) <= z,
      );
      return visible.length > 0 ? [[name, { ...tile, features: visible }] as const] : [];
    });
    if (shown.length > 0) {
      const data = await zipped(fromGeojsonVt(Object.fromEntries(shown), { version: 2, extent: EXTENT }), { level: 9 });
      tiles.push({ z, x, y, data });
    }
    if (tiles.length % 64 === 0) await breathe();
  }

  const written = await writePmtiles(file, tiles, {
    bounds: features.bounds,
    minZoom: 0,
    maxZoom: BASE_MAP_MAX_ZOOM,
    centerZoom: 12,
    metadata: {
      name: about.title,
      attribution: about.attribution,
      type: 'baselayer',
      vector_layers: [...layers].map(([id, content]) => ({
        id,
        minzoom: Math.min(...content.map((feature) => feature.minZoom)),
        maxzoom: BASE_MAP_MAX_ZOOM,
        fields: fieldsOf(content),
      })),
    },
  });
  return { tiles: written.tiles, bytes: written.bytes, layers: [...layers.keys()] };
}

/** All tiles that touch the bounds, zoom by zoom. */
function* tilesOf([west, south, east, north]: Bounds): Generator<[z: number, x: number, y: number]> {
  for (let z = 0; z <= BASE_MAP_MAX_ZOOM; z++) {
    const side = 2 ** z;
    const column = (lon: number) => Math.min(side - 1, Math.max(0, Math.floor(((lon + 180) / 360) * side)));
    const row = (lat: number) => {
      const angle = (Math.max(-85, Math.min(85, lat)) * Math.PI) / 180;
      const y = (1 - Math.log(Math.tan(angle) + 1 / Math.cos(angle)) / Math.PI) / 2;
      return Math.min(side - 1, Math.max(0, Math.floor(y * side)));
    };
    for (let x = column(west); x <= column(east); x++) for (let y = row(north); y <= row(south); y++) yield [z, x, y];
  }
}

function index(content: readonly LayerFeature[]): GeoJSONVT {
  const collection: FeatureCollection = { type: 'FeatureCollection', features: content.map(toGeojson) };
  // A tolerance of 3 units keeps street corners at their zoom; the last zoom keeps every point.
  return new GeoJSONVT(collection, {
    maxZoom: BASE_MAP_MAX_ZOOM,
    indexMaxZoom: 5,
    indexMaxPoints: 0,
    tolerance: 3,
    extent: EXTENT,
    buffer: BUFFER,
  });
}

function toGeojson(feature: LayerFeature): Feature {
  const { type, coordinates } = feature.geometry;
  // GeoJSON's own types want writable arrays; the tiler only reads.
  return { type: 'Feature', properties: { ...feature.properties }, geometry: { type, coordinates } as unknown as Geometry };
}

function fieldsOf(content: readonly LayerFeature[]): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const { properties } of content) {
    for (const [name, value] of Object.entries(properties)) {
      fields[name] ??= typeof value === 'number' ? 'Number' : typeof value === 'boolean' ? 'Boolean' : 'String';
    }
  }
  return fields;
}
