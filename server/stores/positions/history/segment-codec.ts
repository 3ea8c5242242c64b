import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';

/**
 * Points of a segment as columns of equal length, in the order of corrected time.
 * NaN stands for what the device did not say. Exact: fix time, sequence number, flags. Rounded: corrected time to 0.1 s,
 * places to 0.000001 degrees (0.11 m), speed to 0.1 m/s, heading to 1 degree, accuracy to 1 m.
 */
export interface SegmentColumns {
  /** Milliseconds since 1970 by the device's own clock: with the number the key of a fix. */
  readonly fixTimes: Float64Array;
  /** Milliseconds since 1970, put right. */
  readonly correctedTimes: Float64Array;
  readonly seqs: Float64Array;
  readonly lons: Float64Array;
  readonly lats: Float64Array;
  readonly speedsMps: Float64Array;
  readonly headingsDegrees: Float64Array;
  readonly accuraciesMetres: Float64Array;
  readonly flags: Int32Array;
}

/** Empty columns for so many points. */
export const segmentColumns = (points: number): SegmentColumns => ({
  fixTimes: new Float64Array(points),
  correctedTimes: new Float64Array(points),
  seqs: new Float64Array(points),
  lons: new Float64Array(points),
  lats: new Float64Array(points),
  speedsMps: new Float64Array(points),
  headingsDegrees: new Float64Array(points),
  accuraciesMetres: new Float64Array(points),
  flags: new Int32Array(points),
});

export class BadSegment extends Error {
  override readonly name = 'BadSegment';
}

const VERSION = 1;
const OFFSET_MILLIS = 100;
const PLACES_A_DEGREE = 1_000_000;
const SPEEDS_A_METRE = 10;
/** The largest varint: 2^56, well above any time or number. */
const MOST_BYTES = 8;
const deflate = promisify(deflateRaw);

/**
 * A segment as it is stored: version, then deflated varints, column by column (values of one kind stand together, which is
 * what deflate lives on): number of points, degree of the prediction of places, and nine columns of differences:
 * fix time and number from their last step, places from the last place (degree 1) or from the straight on (degree 2),
 * the others from the value before. What is unknown is 0, everything else one more than it is.
 */
export async function encodeSegment(columns: SegmentColumns): Promise<Buffer> {
  return Buffer.concat([Buffer.of(VERSION), await deflate(encodeColumns(columns), { level: 6 })]);
}

/** The varints, before they are deflated. Whichever degree of prediction is shorter is taken. */
export function encodeColumns(columns: SegmentColumns): Buffer {
  const straight = encodeWith(columns, 2);
  const near = encodeWith(columns, 1);
  return near.length <= straight.length ? near : straight;
}

function encodeWith(columns: SegmentColumns, degree: 1 | 2): Buffer {
  const n = columns.fixTimes.length;
  const out = new Writer(n);
  out.unsigned(n);
  out.unsigned(degree);
  out.differences(n, 2, (i) => columns.fixTimes[i]!);
  out.differences(n, 1, (i) => Math.round((columns.correctedTimes[i]! - columns.fixTimes[i]!) / OFFSET_MILLIS));
  out.differences(n, 2, (i) => columns.seqs[i]!);
  out.differences(n, degree, (i) => Math.round(columns.lons[i]! * PLACES_A_DEGREE));
  out.differences(n, degree, (i) => Math.round(columns.lats[i]! * PLACES_A_DEGREE));
  out.differences(n, 1, (i) => known(columns.speedsMps[i]!, SPEEDS_A_METRE));
  out.differences(n, 1, (i) => known(columns.headingsDegrees[i]!, 1));
  out.differences(n, 1, (i) => known(columns.accuraciesMetres[i]!, 1));
  out.differences(n, 1, (i) => columns.flags[i]!);
  return out.bytes();
}

const known = (value: number, scale: number): number => (Number.isNaN(value) ? 0 : Math.round(value * scale) + 1);

/** @throws BadSegment when it is none of this version. */
export function decodeSegment(body: Buffer): SegmentColumns {
  if (body[0] !== VERSION) throw new BadSegment(`A track segment of version ${body[0]} cannot be read.`);
  let bytes: Buffer;
  try {
    bytes = inflateRawSync(body.subarray(1));
  } catch (cause) {
    throw new BadSegment('A track segment cannot be inflated.', { cause });
  }
  return decodeColumns(bytes);
}

/** The other way of `encodeColumns`. @throws BadSegment */
export function decodeColumns(bytes: Buffer): SegmentColumns {
  const input = new Reader(bytes);
  const n = input.unsigned();
  const degree = input.unsigned();
  if (n > bytes.length || (degree !== 1 && degree !== 2)) throw new BadSegment('A track segment is damaged.');
  const columns = segmentColumns(n);
  const { fixTimes, correctedTimes, seqs, lons, lats, speedsMps, headingsDegrees, accuraciesMetres, flags } = columns;
  input.differences(fixTimes, 2);
  input.differences(correctedTimes, 1);
  for (let i = 0; i < n; i++) correctedTimes[i] = fixTimes[i]! + correctedTimes[i]! * OFFSET_MILLIS;
  input.differences(seqs, 2);
  input.differences(lons, degree);
  input.differences(lats, degree);
  input.differences(speedsMps, 1);
  input.differences(headingsDegrees, 1);
  input.differences(accuraciesMetres, 1);
  input.differences(flags, 1);
  for (let i = 0; i < n; i++) {
    lons[i]! /= PLACES_A_DEGREE;
    lats[i]! /= PLACES_A_DEGREE;
    speedsMps[i] = unknownOr(speedsMps[i]!, SPEEDS_A_METRE);
    headingsDegrees[i] = unknownOr(headingsDegrees[i]!, 1);
    accuraciesMetres[i] = unknownOr(accuraciesMetres[i]!, 1);
  }
  if (!input.atEnd()) throw new BadSegment('A track segment is longer than it says.');
  return columns;
}

const unknownOr = (code: number, scale: number): number => (code === 0 ? NaN : (code - 1) / scale);

/** Numbers above 2^31 are among them, so shifts of 32-bit integers will not do for all of them. */
class Writer {
  private buffer: Buffer;
  private at = 0;

  constructor(points: number) {
    this.buffer = Buffer.allocUnsafe(64 + points * 16);
  }

  unsigned(value: number): void {
    if (this.at + MOST_BYTES > this.buffer.length) {
      const larger = Buffer.allocUnsafe(this.buffer.length * 2);
      this.buffer.copy(larger);
      this.buffer = larger;
    }
    let rest = value;
    while (rest >= 0x80) {
      this.buffer[this.at++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.buffer[this.at++] = rest;
  }

  /** Signed differences: 0, -1, 1, -2 ... become 0, 1, 2, 3 ... */
  differences(n: number, degree: 1 | 2, valueAt: (i: number) => number): void {
    let [last, step] = [0, 0];
    for (let i = 0; i < n; i++) {
      const value = valueAt(i);
      const difference = value - last - step;
      this.unsigned(difference >= 0 ? difference * 2 : -difference * 2 - 1);
      // The first value is no step.
      step = degree === 2 && i > 0 ? value - last : 0;
      last = value;
    }
  }

  bytes(): Buffer {
    return this.buffer.subarray(0, this.at);
  }
}

class Reader {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  unsigned(): number {
    const first = this.bytes[this.at++];
    if (first === undefined) throw new BadSegment('A track segment is cut off.');
    if (first < 0x80) return first;
    let [value, scale] = [first - 0x80, 0x80];
    for (let k = 1; ; k++) {
      const byte = this.bytes[this.at++];
      if (byte === undefined || k >= MOST_BYTES) throw new BadSegment('A track segment is damaged.');
      if (byte < 0x80) return value + byte * scale;
      value += (byte - 0x80) * scale;
      scale *= 0x80;
    }
  }

  differences(into: Float64Array | Int32Array, degree: 1 | 2): void {
    let [last, step] = [0, 0];
    for (let i = 0; i < into.length; i++) {
      const code = this.unsigned();
      const difference = code % 2 === 0 ? code / 2 : -(code + 1) / 2;
      const value = last + step + difference;
      into[i] = value;
      step = degree === 2 && i > 0 ? value - last : 0;
      last = value;
    }
  }

  atEnd(): boolean {
    return this.at === this.bytes.length;
  }
}
