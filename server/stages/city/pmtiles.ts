import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const zipped = promisify(gzip);

/** One tile: a gzipped Mapbox Vector Tile. */
export interface Tile {
  readonly z: number;
  readonly x: number;
  readonly y: number;
  readonly data: Uint8Array;
}

export interface TileSetInfo {
  /** West, south, east, north. */
  readonly bounds: readonly [number, number, number, number];
  readonly minZoom: number;
  readonly maxZoom: number;
  /** Zoom a viewer opens at. */
  readonly centerZoom: number;
  /** The JSON metadata, `vector_layers` and `attribution` in it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

interface Entry {
  readonly id: number;
  readonly offset: number;
  readonly length: number;
  /** Tiles in a row with this content; 0 for a leaf directory. */
  run: number;
}

/** From the specification: header, and header plus root directory, which readers fetch first. */
const HEADER_BYTES = 127;
const FIRST_FETCH_BYTES = 16_384;
const LEAF_ENTRIES = 4_096;
const GZIP = 2;
const MVT = 1;

/**
 * Writes a PMTiles version 3 archive: clustered, gzipped, equal tiles stored once, leaf directories when
 * the root would not fit into a reader's first fetch. The file is complete when this resolves.
 */
export async function writePmtiles(file: string, tiles: readonly Tile[], info: TileSetInfo) {
  const ordered = tiles.map((tile) => ({ id: tileId(tile.z, tile.x, tile.y), data: tile.data })).sort((a, b) => a.id - b.id);
  const contents: Uint8Array[] = [];
  const known = new Map<string, { offset: number; length: number }>();
  const entries: Entry[] = [];
  let end = 0;
  for (const { id, data } of ordered) {
    const hash = createHash('sha256').update(data).digest('hex');
    let place = known.get(hash);
    if (!place) {
      place = { offset: end, length: data.length };
      known.set(hash, place);
      contents.push(data);
      end += data.length;
    }
    const last = entries.at(-1);
    if (last && last.offset === place.offset && last.id + last.run === id) last.run++;
    else entries.push({ id, ...place, run: 1 });
  }

  const { root, leaves } = await directories(entries);
  const metadata = await zipped(JSON.stringify(info.metadata));
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles', 0, 'latin1');
  header.writeUInt8(3, 7);
  const sections = [root.length, metadata.length, leaves.length, end];
  let start = HEADER_BYTES;
  sections.forEach((length, i) => {
    header.writeBigUInt64LE(BigInt(start), 8 + i * 16);
    header.writeBigUInt64LE(BigInt(length), 16 + i * 16);
    start += length;
  });
  [ordered.length, entries.length, known.size].forEach((count, i) => header.writeBigUInt64LE(BigInt(count), 72 + i * 8));
  header.writeUInt8(1, 96); // clustered: contents lie in the order of their ids
  header.writeUInt8(GZIP, 97);
  header.writeUInt8(GZIP, 98);
  header.writeUInt8(MVT, 99);
  header.writeUInt8(info.minZoom, 100);
  header.writeUInt8(info.maxZoom, 101);
  const [west, south, east, north] = info.bounds;
  [west, south, east, north].forEach((degrees, i) => header.writeInt32LE(Math.round(degrees * 1e7), 102 + i * 4));
  header.writeUInt8(info.centerZoom, 118);
  header.writeInt32LE(Math.round(((west + east) / 2) * 1e7), 119);
  header.writeInt32LE(Math.round(((south + north) / 2) * 1e7), 123);

  const handle = await open(file, 'w');
  try {
    for (const part of [header, root, metadata, leaves, ...contents]) await handle.writeFile(part);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { tiles: ordered.length, distinct: known.size, bytes: start };
}

/** A tile's number: all lower zooms first, then its place along the Hilbert curve of its zoom. */
export function tileId(z: number, x: number, y: number): number {
  let id = (4 ** z - 1) / 3;
  for (let side = 2 ** (z - 1); side >= 1; side /= 2) {
    const right = Math.floor(x / side) % 2;
    const lower = Math.floor(y / side) % 2;
    id += side * side * ((3 * right) ^ lower);
    // Only what lies below this level matters from here on, turned as the curve turns.
    [x, y] = [x % side, y % side];
    if (lower === 0) {
      if (right === 1) [x, y] = [side - 1 - x, side - 1 - y];
      [x, y] = [y, x];
    }
  }
  return id;
}

async function directories(entries: readonly Entry[]): Promise<{ root: Buffer; leaves: Buffer }> {
  const single = await directory(entries);
  if (single.length <= FIRST_FETCH_BYTES - HEADER_BYTES) return { root: single, leaves: Buffer.alloc(0) };
  for (let size = LEAF_ENTRIES; ; size *= 2) {
    const roots: Entry[] = [];
    const leaves: Buffer[] = [];
    let offset = 0;
    for (let from = 0; from < entries.length; from += size) {
      const leaf = await directory(entries.slice(from, from + size));
      roots.push({ id: entries[from]?.id ?? 0, offset, length: leaf.length, run: 0 });
      leaves.push(leaf);
      offset += leaf.length;
    }
    const root = await directory(roots);
    if (root.length <= FIRST_FETCH_BYTES - HEADER_BYTES) return { root, leaves: Buffer.concat(leaves) };
  }
}

/** Four columns, each as variable-length numbers: ids as differences, runs, lengths, offsets (0 = follows the one before). */
function directory(entries: readonly Entry[]): Promise<Buffer> {
  const bytes: number[] = [];
  const put = (value: number) => {
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
    bytes.push(rest);
  };
  put(entries.length);
  entries.forEach((entry, i) => put(entry.id - (entries[i - 1]?.id ?? 0)));
  entries.forEach((entry) => put(entry.run));
  entries.forEach((entry) => put(entry.length));
  entries.forEach((entry, i) => {
    const before = entries[i - 1];
    put(before && before.offset + before.length === entry.offset ? 0 : entry.offset + 1);
  });
  return zipped(Buffer.from(bytes), { level: 9 });
}
