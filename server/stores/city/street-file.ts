import Flatbush from 'flatbush';

/** Degrees as whole numbers of 1e-7, OpenStreetMap's own precision (1 cm). */
export const FIXED = 1e7;
/** No name. */
export const NAMELESS = 0xffffffff;

const MAGIC = 'THUMASTR';
const VERSION = 1;

/** The streets of a dataset as flat arrays: they load in milliseconds and are never parsed. */
export interface StreetArrays {
  /** Four numbers a segment: from lon, from lat, to lon, to lat (fixed). */
  readonly segments: Int32Array;
  /** Index into `names` a segment, or NAMELESS. */
  readonly segmentNames: Uint32Array;
  /** 1 where a report may plausibly lie: not on motorways, in tunnels or on private ways. */
  readonly segmentOrdinary: Uint8Array;
  /** Two numbers a crossing: lon, lat (fixed). A crossing of three streets is there three times, once a pair. */
  readonly crossings: Int32Array;
  /** Two indices into `names` a crossing. */
  readonly crossingNames: Uint32Array;
}

export interface StreetFile extends StreetArrays {
  readonly names: readonly string[];
  /** Longitudes are multiplied by this in the two indices, so that east and north count alike there. */
  readonly squeeze: number;
  readonly segmentIndex: Flatbush;
  readonly crossingIndex: Flatbush | null;
}

/** The content of `streets.bin`: a short JSON head that says what lies where, then the arrays. */
export function encodeStreets(names: readonly string[], arrays: StreetArrays): Buffer {
  const squeeze = Math.cos(((arrays.segments[1] ?? 0) / FIXED) * (Math.PI / 180));
  const segmentIndex = indexOf(arrays.segments, 4, squeeze);
  const crossingIndex = indexOf(arrays.crossings, 2, squeeze);
  const parts = {
    segments: arrays.segments,
    segmentNames: arrays.segmentNames,
    segmentOrdinary: arrays.segmentOrdinary,
    crossings: arrays.crossings,
    crossingNames: arrays.crossingNames,
    segmentIndex: segmentIndex ? new Uint8Array(segmentIndex.data) : new Uint8Array(),
    crossingIndex: crossingIndex ? new Uint8Array(crossingIndex.data) : new Uint8Array(),
  };
  const lengths = Object.fromEntries(Object.entries(parts).map(([name, array]) => [name, array.byteLength]));
  const head = Buffer.from(JSON.stringify({ names, squeeze, lengths }));
  const start = Buffer.alloc(16);
  start.write(MAGIC, 'latin1');
  start.writeUInt32LE(VERSION, 8);
  start.writeUInt32LE(head.length, 12);
  const chunks: Buffer[] = [start, head, padding(16 + head.length)];
  for (const array of Object.values(parts)) {
    chunks.push(Buffer.from(array.buffer, array.byteOffset, array.byteLength), padding(array.byteLength));
  }
  return Buffer.concat(chunks);
}

/** Reads what `encodeStreets` wrote; throws a plain Error on anything else. */
export function decodeStreets(content: Buffer): StreetFile {
  if (content.length < 16 || content.toString('latin1', 0, 8) !== MAGIC || content.readUInt32LE(8) !== VERSION) {
    throw new Error('This is not a street index of this version.');
  }
  const headLength = content.readUInt32LE(12);
  const head: unknown = JSON.parse(content.toString('utf8', 16, 16 + headLength));
  const { names, squeeze, lengths } = head as { names: string[]; squeeze: number; lengths: Record<string, number> };
  // Typed arrays must begin at a multiple of eight, which a file buffer from the pool need not.
  const bytes = new Uint8Array(content.length);
  bytes.set(content);
  let at = align(16 + headLength);
  const next = (name: string): [ArrayBuffer, number, number] => {
    const length = lengths[name];
    if (length === undefined || at + length > bytes.length) throw new Error('The street index is not complete.');
    const start = at;
    at += align(length);
    return [bytes.buffer, start, length];
  };
  const int32 = (name: string) => ((part) => new Int32Array(part[0], part[1], part[2] / 4))(next(name));
  const uint32 = (name: string) => ((part) => new Uint32Array(part[0], part[1], part[2] / 4))(next(name));
  const uint8 = (name: string) => ((part) => new Uint8Array(part[0], part[1], part[2]))(next(name));
  const tree = (name: string) => ((part) => (part[2] > 0 ? Flatbush.from(part[0], part[1]) : null))(next(name));
  const segments = int32('segments');
  const segmentNames = uint32('segmentNames');
  const segmentOrdinary = uint8('segmentOrdinary');
  const crossings = int32('crossings');
  const crossingNames = uint32('crossingNames');
  const segmentIndex = tree('segmentIndex');
  const crossingIndex = tree('crossingIndex');
  if (!segmentIndex) throw new Error('The street index holds no streets.');
  return { names, squeeze, segments, segmentNames, segmentOrdinary, crossings, crossingNames, segmentIndex, crossingIndex };
}

/** Boxes around each `width` numbers: two are a point, four a segment. */
function indexOf(numbers: Int32Array, width: 2 | 4, squeeze: number): Flatbush | null {
  const count = numbers.length / width;
  if (count === 0) return null;
  const index = new Flatbush(count, 16, Float64Array);
  for (let i = 0; i < numbers.length; i += width) {
    const [ax = 0, ay = 0] = [numbers[i], numbers[i + 1]];
    const [bx = ax, by = ay] = width === 4 ? [numbers[i + 2], numbers[i + 3]] : [];
    index.add(Math.min(ax, bx) * squeeze, Math.min(ay, by), Math.max(ax, bx) * squeeze, Math.max(ay, by));
  }
  index.finish();
  return index;
}

const align = (length: number): number => Math.ceil(length / 8) * 8;
const padding = (length: number): Buffer => Buffer.alloc(align(length) - length);
